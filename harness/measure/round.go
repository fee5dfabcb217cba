package measure

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// clockedTask is the length of tasks from which on a clock around each of them costs
// nothing that counts. Where those of all cells are that long the last turn of a round
// times its tasks, too; else a slice of its own does, which counts for no speed.
const clockedTask = 100 * time.Microsecond

// round is one fork of every cell of a group that goes on, under way.
type round struct {
	*engine
	number   int
	plan     roundPlan
	schedule journal.GroupSchedule
	first    int // turns of the rounds before it
	rng      *rand.Rand
	forks    []*fork
}

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

// round runs one fork of every cell of the plan: all workers are started,
// prepared and run in, then take turns in random order, window by window. Forks of
// cells that fail on the way are dropped; the others' are journalled together.
func (e *engine) round(ctx context.Context, g, number int, rng *rand.Rand, plan roundPlan, until time.Time) error {
	r := &round{engine: e, number: number, plan: plan, schedule: e.Journal.Log.Schedule.Groups[g], rng: rng}
	for _, n := range turnsSoFar(&e.Journal.Log, r.schedule.Cells) {
		r.first += n
	}
	defer func() {
		for _, f := range r.forks {
			f.conn.Kill()
		}
	}()
	if err := r.startAll(ctx); err != nil {
		return err
	}
	err := r.each(ctx, func(f *fork) error { return e.runIn(ctx, f, r.window(0)) })
	if err == nil {
		err = r.turns(ctx, until)
	}
	if err != nil {
		return err
	}
	return r.end(ctx)
}

// startAll launches and prepares a worker for each cell of the round, in random order.
func (r *round) startAll(ctx context.Context) error {
	members := slices.Clone(r.plan.cells)
	r.rng.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	for _, i := range members {
		f, err := r.start(ctx, i, r.number)
		if err != nil {
			if err := r.failWith(ctx, i, err); err != nil {
				return err
			}
			continue
		}
		f.rec.Warmup = r.plan.warm[slices.Index(r.schedule.Cells, i)]
		r.forks = append(r.forks, f)
	}
	return nil
}

// each does f for all forks, one after another, and drops those that fail.
func (r *round) each(ctx context.Context, do func(*fork) error) error {
	for _, f := range slices.Clone(r.forks) {
		if err := r.lose(ctx, f, do(f)); err != nil {
			return err
		}
	}
	return nil
}

// lose drops a fork that failed; nil is no failure.
func (r *round) lose(ctx context.Context, f *fork, err error) error {
	if err == nil {
		return nil
	}
	r.forks = slices.DeleteFunc(r.forks, func(x *fork) bool { return x == f })
	f.conn.Kill()
	return r.failWith(ctx, f.index, err)
}

// window is that of a turn. Windows go on where the last round's ended, so that all
// have their share.
func (r *round) window(turn int) journal.Window {
	return r.schedule.Windows[(r.first+turn)%len(r.schedule.Windows)]
}

// turns has all forks take turns until there are as many as planned, or it is late.
func (r *round) turns(ctx context.Context, until time.Time) error {
	clocked := r.longTasks()
	done := false
	for turn := 0; !done; turn++ {
		done = turn+1 == r.plan.turns || r.now().After(until)
		order := slices.Clone(r.forks)
		r.rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		slowest := int64(0)
		for _, f := range order {
			r.tell("measure", f.cell, r.number+1)
			mode := modeOf(f.cell)
			if done && clocked && !r.timed(f.cell) {
				mode = worker.ModeLatency
			}
			begin := r.now()
			sentinel, err := f.turn(ctx, turn, r.window(turn), r.place.cpu, mode)
			if err := r.lose(ctx, f, err); err != nil {
				return err
			}
			f.spent.Turns += int64(r.now().Sub(begin))
			slowest = max(slowest, sentinel)
		}
		r.place.seen(slowest)
	}
	if clocked {
		return nil
	}
	return r.each(ctx, func(f *fork) error { return r.timeTasks(ctx, f) })
}

// longTasks reports whether a clock around each task costs none of the cells anything.
func (r *round) longTasks() bool {
	return !slices.ContainsFunc(r.forks, func(f *fork) bool {
		return f.rec.PassNS < int64(clockedTask)*int64(f.items)
	})
}

// timeTasks has a fork do a slice that counts for no speed, in which its tasks are timed
// one by one.
func (r *round) timeTasks(ctx context.Context, f *fork) error {
	if r.timed(f.cell) || modeOf(f.cell) == worker.ModeLatency {
		return nil
	}
	begin := r.now()
	s, _, err := f.ask(ctx, r.plan.turns, r.window(0), f.rec.Warmup, r.place.cpu, worker.ModeLatency)
	if err != nil {
		return err
	}
	f.rec.AddLatency(s)
	f.spent.Latency = int64(r.now().Sub(begin))
	return nil
}

// end closes all workers and writes down what they did.
func (r *round) end(ctx context.Context) error {
	done := journal.Round{}
	all := slices.Clone(r.forks)
	err := r.each(ctx, func(f *fork) error {
		if err := f.sameChecksum(all); err != nil {
			return err
		}
		begin := r.now()
		bye, err := f.conn.Close(ctx)
		if err != nil {
			return err
		}
		f.spent.End = int64(r.now().Sub(begin))
		f.rec.PeakRSSBytes, f.rec.MemoryBytes, f.rec.Threads = bye.PeakRSSBytes, bye.MemoryBytes, bye.Threads
		done.Forks = append(done.Forks, journal.CellForks{Cell: f.index, Fork: f.rec, Facts: f.facts, Hello: f.hello, Checksum: f.check})
		return nil
	})
	if err != nil {
		return err
	}
	r.forks = nil
	if len(done.Forks) == 0 {
		return nil
	}
	slices.SortFunc(done.Forks, func(a, b journal.CellForks) int { return a.Cell - b.Cell })
	done.Elapsed = r.elapsed()
	return r.Journal.Append(journal.Record{Round: &done})
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
