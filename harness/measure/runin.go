package measure

import (
	"context"
	"math"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/worker"
)

// A fork is run in before its first turn: it does slices one right after the other,
// without warm-ups, until they no longer become faster, which is when its tables, its heap and its
// pages are as they will stay. They do not count. The last of them, which nothing came
// between, is what slices of turns are held against (analyze.TooCold). Where slices are
// much longer than that takes, they are cut short for it and are not held against
// anything.
const (
	minRunIn   = 2
	maxRunIn   = 8
	runInSlice = 5 * time.Millisecond   // twice that is long
	runInTime  = 200 * time.Millisecond // after which one that still falls is left at that
	stillFalls = 0.95                   // of the fastest before it
	uncounted  = 1 << 20                // the number of the first slice that does not count; turns begin at 0
)

// runIn runs a fork in with the window of its first turn.
func (e *engine) runIn(ctx context.Context, f *fork, w journal.Window) error {
	if e.timed(f.cell) || modeOf(f.cell) == worker.ModeLatency {
		return nil
	}
	short := w
	if most := int(int64(runInSlice) * int64(f.items) * int64(f.lanes) / max(f.rec.PassNS, 1)); most < w.Count/2 {
		short.Count = max(most, f.cell.Workers)
	}
	begin := e.now()
	fastest := math.Inf(1)
	for n := 0; n < maxRunIn && e.now().Sub(begin) < runInTime; n++ {
		e.tell("measure", f.cell, f.rec.Fork+1)
		s, _, err := f.ask(ctx, uncounted+n, short, 0, e.place.cpu, worker.ModeThroughput)
		if err != nil {
			return err
		}
		if short == w {
			f.rec.RunIn = append(f.rec.RunIn, s.WallNS)
		}
		ns := float64(s.WallNS)
		if n+1 >= minRunIn && ns >= stillFalls*fastest {
			break
		}
		fastest = min(fastest, ns)
	}
	f.spent.RunIn = int64(e.now().Sub(begin))
	return nil
}
