package measure

import (
	"context"
	"math"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/worker"
)

// A fork is run in before its first turn: it does slices one right after the other
// until they no longer become faster, which is when its tables, its heap and its
// pages are as they will stay. They do not count. The last of them, which nothing came
// between, is what slices of turns are held against (analyze.TooCold).
const (
	minRunIn   = 2
	maxRunIn   = 8
	runInTime  = 200 * time.Millisecond // after which one that still falls is left at that
	stillFalls = 0.95                   // of the fastest before it
	uncounted  = 1 << 20                // the number of the first slice that does not count; turns begin at 0
)

// runIn runs a fork in with the window of its first turn.
func (e *engine) runIn(ctx context.Context, f *fork, w journal.Window) error {
	if e.timed(f.cell) || modeOf(f.cell) == worker.ModeLatency {
		return nil
	}
	begin := e.now()
	fastest := math.Inf(1)
	for n := 0; n < maxRunIn && e.now().Sub(begin) < runInTime; n++ {
		e.tell("measure", f.cell, f.rec.Fork+1)
		s, _, err := f.conn.Slice(ctx, worker.Slice{ID: uncounted + n, First: w.First, Count: w.Count, Warmup: f.rec.Warmup,
			Place: e.place.cpu, Mode: worker.ModeThroughput})
		if err != nil {
			return err
		}
		f.rec.RunIn = append(f.rec.RunIn, s.WallNS)
		ns := float64(s.WallNS)
		if n+1 >= minRunIn && ns >= stillFalls*fastest {
			break
		}
		fastest = min(fastest, ns)
	}
	f.spent.RunIn = int64(e.now().Sub(begin))
	return nil
}
