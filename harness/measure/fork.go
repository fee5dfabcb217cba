package measure

import (
	"context"
	"fmt"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// fork is one worker of a round.
type fork struct {
	index int
	cell  result.Cell
	conn  WorkerConn
	rec   result.Fork
	spent *result.Spent
	facts *worker.Ready
	hello *worker.Hello
	check uint64
	items int // of a pass
	lanes int // tasks that can run at once; 1 where the worker does not tell
}

// start launches and prepares one cell's worker of a round.
func (e *engine) start(ctx context.Context, index, round int) (*fork, error) {
	log := &e.Journal.Log
	c := &log.Cells[index]
	f := &fork{index: index, cell: c.Cell, rec: result.NewFork(round), spent: &result.Spent{}}
	f.rec.Spent = f.spent
	begin := e.now()
	conn, ready, err := e.launch(ctx, c.Cell, log.Schedule, c.Facts == nil)
	if err != nil {
		return nil, err
	}
	f.conn = conn
	f.spent.Start, f.spent.Prepare = int64(conn.Greeted().Sub(begin)), int64(e.now().Sub(conn.Greeted()))
	if c.Facts == nil {
		hello := conn.Hello()
		f.facts, f.hello = &ready, &hello
	} else if err := sameWork(*c.Facts, ready); err != nil {
		conn.Kill()
		return nil, err
	}
	f.items, f.lanes = ready.Items, max(ready.Lanes, 1)
	f.rec.PreparedRSSBytes, f.rec.PassNS = ready.RSSBytes, ready.PassNS
	return f, nil
}

// turn asks for one turn, keeps the sample and returns the sentinel before it.
func (f *fork) turn(ctx context.Context, turn int, w journal.Window, place int, mode string) (sentinel int64, err error) {
	s, idle, err := f.ask(ctx, turn, w, f.rec.Warmup, place, mode)
	if err != nil {
		return 0, err
	}
	if mode == worker.ModeLatency {
		f.rec.AddLatency(s)
	}
	f.rec.Add(turn, w.First, s, idle)
	f.spent.Warm += s.WarmNS
	if n := len(f.rec.Before); n != 0 && n != len(f.rec.WallNS) {
		return 0, fmt.Errorf("%w: sentinel_ns in %d of %d slices: want all or none", worker.ErrNonsense, n, len(f.rec.WallNS))
	}
	if len(s.SentinelNS) == 2 {
		sentinel = s.SentinelNS[0]
	}
	return sentinel, nil
}

// ask has the fork's worker do a slice.
func (f *fork) ask(ctx context.Context, id int, w journal.Window, warm, place int, mode string) (worker.Sample, worker.Idle, error) {
	s, idle, err := f.conn.Slice(ctx, worker.Slice{ID: id, First: w.First, Count: w.Count, Warmup: warm, Place: place, Mode: mode})
	if err == nil {
		f.check = s.Checksum
	}
	return s, idle, err
}

// sameChecksum refuses a worker in another language that computes something else
// than this program does for the same work, or where this program has no cell of
// it than the first that does.
func (f *fork) sameChecksum(forks []*fork) error {
	if f.cell.Language == "" {
		return nil
	}
	var first *fork
	for _, g := range forks {
		a, b := f.cell, g.cell
		if a.Scenario != b.Scenario || a.Codec != "" || b.Codec != "" || a.Iters != b.Iters || a.Tasks != b.Tasks || a.Build != b.Build {
			continue
		}
		if first == nil || g.cell.Language == "" && first.cell.Language != "" {
			first = g
		}
	}
	if first != nil && f.check != first.check {
		return fmt.Errorf("its checksum is %d, that of %s %d: it computes something else", f.check, first.cell.Name(), first.check)
	}
	return nil
}
