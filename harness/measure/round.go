package measure

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/worker"
)

// clockedTask is the length of tasks from which on a clock around each of them costs
// nothing that counts. Where those of all cells are that long the last turn of a round
// times its tasks, too; else a slice of its own does, which counts for no speed.
const clockedTask = 100 * time.Microsecond

// turnsPerLatency is how many turns there are at least for each slice of that kind.
const turnsPerLatency = 16

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
	if clocked || !r.timesTasks() {
		return nil
	}
	return r.each(ctx, func(f *fork) error { return r.timeTasks(ctx, f) })
}

// timesTasks reports whether the round has a latency slice: the first has one, and no
// more than one comes on turnsPerLatency turns.
func (r *round) timesTasks() bool {
	had := 0
	for _, i := range r.schedule.Cells {
		n := 0
		for _, f := range r.Journal.Log.Cells[i].Forks {
			if f.TimedTasks > 0 {
				n++
			}
		}
		had = max(had, n)
	}
	return r.first+r.plan.turns >= turnsPerLatency*had
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
