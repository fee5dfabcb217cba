package measure

import (
	"context"
	"slices"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
)

// keyOf is what a cell's cost depends on: how it is run does not count, by whom it
// is does.
func keyOf(c result.Cell) result.Cell {
	c.Build = c.Arm()
	c.Host, c.Runner, c.CPUs, c.Env, c.Language = "", "", "", "", ""
	c.Workers, c.GOMAXPROCS, c.Rate = 0, 0, 0
	return c
}

// pilot runs one small worker for every kind of work, off the record, to learn
// what it costs, and cuts the run accordingly. A cell whose worker fails here
// is out, and so is one that is too slow for the budget.
func (e *engine) pilot(ctx context.Context, deadline time.Time) (*journal.Schedule, error) {
	log := &e.Journal.Log
	subsets := e.draw()
	samples, small, err := subsets.of(log.Header.Cells)
	if err != nil {
		return nil, err
	}
	cells, slow, trials, err := e.tryAll(ctx, samples, small)
	if err != nil {
		return nil, err
	}
	if len(cells)+len(slow) == 0 {
		return &journal.Schedule{Subsets: samples}, nil
	}
	if err := e.wholeCorpora(ctx, cells, samples); err != nil {
		return nil, err
	}
	left := time.Duration(plannedShare * float64(deadline.Sub(e.now())))
	schedule, out, err := fitMost(cells, samples, left, subsets.halved)
	if err != nil {
		return nil, err
	}
	slow = append(slow, out...)
	all := slices.Clone(cells)
	for _, s := range slow[:len(slow)-len(out)] {
		all = append(all, s.costed)
	}
	groups, _, err := shrink(all, samples, left, subsets.halved)
	if err != nil {
		return nil, err
	}
	return schedule, e.leaveOut(slow, firstRounds(groups), trials, len(all)-len(slow))
}

// tryAll tries all kinds of work on a small part of the samples, and returns the cells
// with their costs, those that are too slow, and the trials.
func (e *engine) tryAll(ctx context.Context, samples, small []journal.Subset) (cells []costed, slow []slowCell, trials []trial, err error) {
	log := &e.Journal.Log
	schedule := &journal.Schedule{Subsets: small} // what start and data look into meanwhile
	seen := map[result.Cell]trial{}
	kinds := e.kinds()
	for i := range log.Cells {
		c := log.Cells[i].Cell
		if log.Cells[i].Failed != nil {
			continue
		}
		t, known := seen[keyOf(c)]
		if !known {
			e.tell("pilot run", c, 0)
			t, err = e.try(ctx, c, schedule, kinds-len(seen))
			if err != nil {
				if err := e.failWith(ctx, i, err); err != nil {
					return nil, nil, nil, err
				}
				continue
			}
			seen[keyOf(c)] = t
			trials = append(trials, t)
		}
		spawn, err := spawnOf(c, e.Registry, e.cpus())
		if err != nil {
			return nil, nil, nil, err
		}
		t.lanes = max(1, min(c.Workers, spawn.GOMAXPROCS, e.cpus()))
		t.bound = spawn.GOMAXPROCS < min(c.Workers, e.cpus())
		cell := costed{index: i, cell: c, cost: t.cost, sample: sampleIndex(samples, c), bytes: t.bytes}
		if t.cut > 0 {
			slow = append(slow, slowCell{cell, t.cut})
		} else {
			cells = append(cells, cell)
		}
	}
	// What is compared with one that is too slow alone would be measured for nothing.
	for _, s := range slices.Clone(slow) {
		cells = slices.DeleteFunc(cells, func(c costed) bool {
			drop := sameButBuild(c.cell, s.cell)
			if drop {
				slow = append(slow, slowCell{costed: c})
			}
			return drop
		})
	}
	return cells, slow, trials, nil
}

// kinds is how many kinds of work there are.
func (e *engine) kinds() int {
	kinds := map[result.Cell]bool{}
	for _, c := range e.Journal.Log.Cells {
		if c.Failed == nil {
			kinds[keyOf(c.Cell)] = true
		}
	}
	return len(kinds)
}
