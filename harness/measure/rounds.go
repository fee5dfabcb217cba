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
