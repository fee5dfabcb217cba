package measure

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
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

// measure runs rounds of forks until all groups are settled or no next round would fit.
// The group that had least time so far, for each of its cells, has the next one.
func (e *engine) measure(ctx context.Context, deadline time.Time) error {
	log := &e.Journal.Log
	for {
		e.seen = viewOf(log, e.Registry)
		left := deadline.Sub(e.now())
		g, plan := e.next(left)
		if g < 0 {
			return nil
		}
		number := e.rounds(g)
		rng := rand.New(rand.NewPCG(log.Header.Plan.Seed, uint64(number)<<32|uint64(g)))
		// A round that is slower than planned must not eat what is left for the others.
		most := min(left, plan.takes*slowRound/2)
		if number == 0 {
			most = min(most, left/time.Duration(e.unmeasured()))
		}
		if err := e.round(ctx, g, number, rng, plan, e.now().Add(most)); err != nil {
			return err
		}
	}
}

// next is the group whose turn it is and its next round, -1 for none: of those that are
// not settled and whose next round fits into what is left, the one that had least time
// for each of its cells. One of which it is open who leads may have aloneMost times that
// of the others.
// The first round of each is owed whatever it takes; the pilot run has seen to it that
// it fits.
func (e *engine) next(left time.Duration) (group int, plan roundPlan) {
	log := &e.Journal.Log
	group = -1
	var least time.Duration
	open := 0 // cells of groups that go on
	for g, schedule := range log.Schedule.Groups {
		if !e.settled(g) {
			open += len(e.seen.in(schedule))
		}
	}
	for g, schedule := range log.Schedule.Groups {
		if e.settled(g) {
			continue
		}
		cells := time.Duration(len(e.seen.in(schedule)))
		had := timeSpent(log, schedule) / cells
		if e.seen.asks(schedule) {
			had /= aloneMost
		}
		if group >= 0 && had >= least {
			continue
		}
		p := nextRound(log, g, e.seen.contenders(schedule), left*cells/time.Duration(open))
		if e.rounds(g) == 0 || p.takes+p.takes/10 <= left {
			group, plan, least = g, p, had
		}
	}
	return group, plan
}

// unmeasured is how many groups have no round yet.
func (e *engine) unmeasured() (n int) {
	for g := range e.Journal.Log.Schedule.Groups {
		if e.rounds(g) == 0 && len(e.seen.in(e.Journal.Log.Schedule.Groups[g])) > 0 {
			n++
		}
	}
	return max(n, 1)
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

// settled reports whether a group has nothing left to find out.
//
// The machine drifts for seconds at a time, and an interval of forks that all
// ran in one second knows nothing of the next. So a run for precision goes on
// for a while even when its forks agree.
func (e *engine) settled(g int) bool {
	log := &e.Journal.Log
	schedule := log.Schedule.Groups[g]
	if len(e.seen.in(schedule)) == 0 {
		return true
	}
	if !log.Header.Verdicts && e.elapsed() < min(log.Header.Plan.Budget/2, int64(settleTime)) {
		return false
	}
	return !slices.ContainsFunc(e.seen.in(schedule), func(i int) bool { return !e.seen.told(i) })
}
