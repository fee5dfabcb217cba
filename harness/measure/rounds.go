package measure

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// maxOverrun is how long after the deadline a slice under way may still end.
const maxOverrun = time.Second

// slowRound is how many halves of the time planned for a round may pass before it ends
// with the turn under way: the next one is planned by what this one took.
const slowRound = 3

// errSpent ends the round under way when the budget is spent.
var errSpent = fmt.Errorf("%w: the budget was spent before the first slice: raise --budget, or ask for a smaller --block, a lower --level or fewer cells", result.ErrPlan)

// Run measures until every cell is as precise as asked or the budget is spent.
// deadline is when this sitting must end. Failed cells are recorded, not
// returned; the error is of the run itself: an impossible plan (wraps ErrPlan),
// a journal that cannot be written, or the cause of ctx's end.
func (e *engine) Run(ctx context.Context, deadline time.Time) error {
	e.deadline = deadline
	e.begun, e.before = e.now(), time.Duration(e.Journal.Log.Elapsed)
	hard, cancel := context.WithDeadlineCause(ctx, deadline.Add(maxOverrun), errSpent)
	defer cancel()
	err := e.run(hard, deadline)
	if errors.Is(err, errSpent) && e.Journal.Log.Schedule != nil {
		err = nil // what the round under way had is lost, no more
	}
	complete := err == nil && e.measuredAll()
	if endErr := e.Journal.Append(journal.Record{End: &journal.End{Elapsed: e.elapsed(), Complete: complete}}); err == nil {
		err = endErr
	}
	return err
}

func (e *engine) run(ctx context.Context, deadline time.Time) error {
	if err := e.dropUnavailable(); err != nil {
		return err
	}
	if e.Journal.Log.Schedule == nil {
		schedule, err := e.pilot(ctx, deadline)
		if err != nil {
			return err
		}
		if err := e.Journal.Append(journal.Record{Schedule: schedule}); err != nil {
			return err
		}
	}
	return e.measure(ctx, deadline)
}

// measuredAll reports whether every cell that has not failed has a fork.
func (e *engine) measuredAll() bool {
	return !slices.ContainsFunc(e.Journal.Log.Cells, func(c journal.CellLog) bool { return c.Failed == nil && len(c.Forks) == 0 })
}

// dropUnavailable marks the cells whose codec this build lacks.
func (e *engine) dropUnavailable() error {
	for i := range e.Journal.Log.Cells {
		c := &e.Journal.Log.Cells[i]
		if c.Failed != nil || c.Cell.Codec == "" {
			continue
		}
		codec, err := e.Registry.Codec(c.Cell.Codec)
		if err == nil && codec.Info().Unavailable != "" {
			err = e.fail(i, journal.Failure{Status: result.StatusUnavailable, Error: codec.Info().Unavailable})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// open lists the cells of a group that are still in.
func (e *engine) open(g journal.GroupSchedule) []int {
	return slices.DeleteFunc(slices.Clone(g.Cells), func(i int) bool { return e.Journal.Log.Cells[i].Failed != nil })
}

// measure runs rounds of forks over the groups, in random order, until all are
// settled or the next round would not fit.
func (e *engine) measure(ctx context.Context, deadline time.Time) error {
	schedule := e.Journal.Log.Schedule
	e.look()
	for round := 0; ; round++ {
		var todo []int
		open := 0
		for g := range schedule.Groups {
			if len(e.open(schedule.Groups[g])) == 0 || e.settled(g) {
				continue
			}
			open++
			if e.rounds(g) <= round {
				todo = append(todo, g)
			}
		}
		if open == 0 {
			return nil
		}
		if len(todo) == 0 { // what is left has had this round before the run was resumed
			continue
		}
		rng := rand.New(rand.NewPCG(e.Journal.Log.Header.Plan.Seed, uint64(round)))
		rng.Shuffle(len(todo), func(i, j int) { todo[i], todo[j] = todo[j], todo[i] })
		fitted := false
		for n, g := range todo {
			left := deadline.Sub(e.now())
			plan := nextRound(&e.Journal.Log, g, left/time.Duration(open))
			// The first round is owed whatever it takes; the pilot run has seen
			// to it that it fits.
			if round > 0 && plan.takes+plan.takes/10 > left {
				continue
			}
			fitted = true
			// Nor may a round that is slower than planned eat what is left for the others.
			most := min(left, plan.takes*slowRound/2)
			if round == 0 {
				most = min(most, left/time.Duration(len(todo)-n))
			}
			if err := e.round(ctx, g, round, rng, plan, e.now().Add(most)); err != nil {
				return err
			}
			e.look()
		}
		if !fitted {
			return nil
		}
	}
}

// rounds is how many rounds of a group are in the journal.
func (e *engine) rounds(g int) int {
	n := 0
	for _, i := range e.Journal.Log.Schedule.Groups[g].Cells {
		if forks := e.Journal.Log.Cells[i].Forks; len(forks) > 0 {
			n = max(n, forks[len(forks)-1].Fork+1)
		}
	}
	return n
}

// settled reports whether a group has nothing left to find out: every cell is as
// precise as asked and every comparison of its cells is decided; in a run for
// verdicts the comparisons alone count.
//
// The machine drifts for seconds at a time, and an interval of forks that all
// ran in one second knows nothing of the next. So a run for precision goes on
// for a while even when its forks agree.
func (e *engine) settled(g int) bool {
	log := &e.Journal.Log
	if !log.Header.Verdicts && e.elapsed() < min(log.Header.Plan.Budget/2, int64(settleTime)) {
		return false
	}
	members := e.open(log.Schedule.Groups[g])
	for _, i := range members {
		c := log.Cells[i]
		if len(c.Forks) < analyze.MinPairs {
			return false
		}
		if !log.Header.Verdicts && !(e.times[i].HalfWidth() <= log.Header.Plan.Precision) {
			return false
		}
	}
	return !slices.ContainsFunc(members, func(i int) bool { return e.undecided[log.Cells[i].Cell.Name()] })
}

// look judges all comparisons anew, after a round.
func (e *engine) look() {
	log := &e.Journal.Log
	all := analyze.AllFigures(log)
	e.times = analyze.CleanTimes(log, all)
	e.undecided = map[string]bool{}
	cs, open := analyze.Judgments(log, all)
	for i, c := range cs {
		if open[i] {
			e.undecided[c.Old], e.undecided[c.New] = true, true
		}
	}
	for _, name := range analyze.OpenLimits(log) {
		e.undecided[name] = true
	}
}

// fork is one worker of a round under way.
type fork struct {
	index int
	cell  result.Cell
	conn  WorkerConn
	rec   result.Fork
	spent *result.Spent
	facts *worker.Ready
	hello *worker.Hello
	check uint64
}

// round runs one fork of every open cell of a group: all workers are started,
// prepared and run in, then take turns in random order, window by window. Forks of
// cells that fail on the way are dropped; the others' are journalled together.
func (e *engine) round(ctx context.Context, g, round int, rng *rand.Rand, plan roundPlan, until time.Time) error {
	schedule := e.Journal.Log.Schedule.Groups[g]
	members := e.open(schedule)
	rng.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	var forks []*fork
	defer func() {
		for _, f := range forks {
			f.conn.Kill()
		}
	}()
	for _, i := range members {
		f, err := e.start(ctx, i, round)
		if err != nil {
			if err := e.failWith(ctx, i, err); err != nil {
				return err
			}
			continue
		}
		f.rec.Warmup = plan.warm[slices.Index(schedule.Cells, i)]
		forks = append(forks, f)
	}
	// lose drops a fork that failed; nil is no failure.
	lose := func(f *fork, err error) error {
		if err == nil {
			return nil
		}
		forks = slices.DeleteFunc(forks, func(x *fork) bool { return x == f })
		f.conn.Kill()
		return e.failWith(ctx, f.index, err)
	}
	// Windows go on where the last round's ended, so that all have their share.
	first := 0
	for _, n := range turnsSoFar(&e.Journal.Log, schedule) {
		first += n
	}
	window := func(turn int) journal.Window { return schedule.Windows[(first+turn)%len(schedule.Windows)] }
	for _, f := range slices.Clone(forks) {
		if err := lose(f, e.runIn(ctx, f, window(0))); err != nil {
			return err
		}
	}
	for turn := range plan.turns {
		order := slices.Clone(forks)
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		slowest := int64(0)
		for _, f := range order {
			e.tell("measure", f.cell, round+1)
			begin := e.now()
			sentinel, err := f.slice(ctx, turn, window(turn), e.place.cpu, modeOf(f.cell))
			if err := lose(f, err); err != nil {
				return err
			}
			f.spent.Turns += int64(e.now().Sub(begin))
			slowest = max(slowest, sentinel)
		}
		e.place.seen(slowest)
		if e.now().After(until) {
			break
		}
	}
	for _, f := range slices.Clone(forks) {
		if e.timed(f.cell) || modeOf(f.cell) == worker.ModeLatency {
			continue
		}
		begin := e.now()
		_, err := f.slice(ctx, plan.turns, window(0), e.place.cpu, worker.ModeLatency)
		if err := lose(f, err); err != nil {
			return err
		}
		f.spent.Latency = int64(e.now().Sub(begin))
	}
	done := journal.Round{}
	for _, f := range slices.Clone(forks) {
		err := f.sameChecksum(forks)
		var bye worker.Bye
		begin := e.now()
		if err == nil {
			bye, err = f.conn.Close(ctx)
		}
		f.spent.End = int64(e.now().Sub(begin))
		if err != nil {
			if err := lose(f, err); err != nil {
				return err
			}
			continue
		}
		f.rec.PeakRSSBytes, f.rec.Threads = bye.PeakRSSBytes, bye.Threads
		done.Forks = append(done.Forks, journal.CellForks{Cell: f.index, Fork: f.rec, Facts: f.facts, Hello: f.hello, Checksum: f.check})
	}
	forks = nil
	if len(done.Forks) == 0 {
		return nil
	}
	slices.SortFunc(done.Forks, func(a, b journal.CellForks) int { return a.Cell - b.Cell })
	done.Elapsed = e.elapsed()
	return e.Journal.Append(journal.Record{Round: &done})
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
	f.rec.PreparedRSSBytes, f.rec.PassNS = ready.RSSBytes, ready.PassNS
	return f, nil
}

// slice asks for one turn, keeps the sample and returns the sentinel before it.
func (f *fork) slice(ctx context.Context, turn int, w journal.Window, place int, mode string) (sentinel int64, err error) {
	s, idle, err := f.conn.Slice(ctx, worker.Slice{ID: turn, First: w.First, Count: w.Count, Warmup: f.rec.Warmup, Place: place, Mode: mode})
	if err != nil {
		return 0, err
	}
	f.check = s.Checksum
	if mode == worker.ModeLatency {
		f.rec.AddLatency(s)
	}
	if mode != modeOf(f.cell) {
		return 0, nil // a slice beside those that are counted
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
