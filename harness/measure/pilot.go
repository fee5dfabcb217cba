package measure

import (
	"context"
	"fmt"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
)

// keyOf is what a cell's cost depends on: how it is run does not count, by whom it
// is does.
func keyOf(c result.Cell) result.Cell {
	return result.Cell{Scenario: c.Scenario, Endpoint: c.Endpoint, Corpus: c.Corpus, Codec: c.Codec, Level: c.Level,
		Iters: c.Iters, Tasks: c.Tasks, Block: c.Block, Build: c.Arm()}
}

// pilot runs one small worker for every kind of work, off the record, to learn
// what it costs, and cuts the run accordingly. A cell whose worker fails here
// is out.
func (e *engine) pilot(ctx context.Context, deadline time.Time) (*journal.Schedule, error) {
	log := &e.Journal.Log
	seed := log.Header.Plan.Seed
	samples, small, err := e.fullSamples(seed)
	if err != nil {
		return nil, err
	}
	schedule := &journal.Schedule{Subsets: small} // what start and data look into meanwhile
	seen := map[result.Cell]cost{}
	var cells []costed
	for i := range log.Cells {
		c := log.Cells[i].Cell
		if log.Cells[i].Failed != nil {
			continue
		}
		at := sampleIndex(samples, c)
		k, known := seen[keyOf(c)]
		if !known {
			e.tell("pilot run", c, 0)
			if k, err = e.probe(ctx, c, schedule); err != nil {
				if err := e.failWith(ctx, i, err); err != nil {
					return nil, err
				}
				continue
			}
			seen[keyOf(c)] = k
		}
		spawn, err := spawnOf(c, e.Registry, e.cpus())
		if err != nil {
			return nil, err
		}
		k.lanes = max(1, min(c.Workers, spawn.GOMAXPROCS, e.cpus()))
		k.bound = spawn.GOMAXPROCS < min(c.Workers, e.cpus())
		s := costed{index: i, cell: c, cost: k, sample: at}
		if at >= 0 {
			s.bytes = small[at].Bytes
		}
		cells = append(cells, s)
	}
	if len(cells) == 0 {
		return &journal.Schedule{Subsets: samples}, nil
	}
	left := deadline.Sub(e.now())
	rounds := func(groups int) int {
		if log.Header.Verdicts {
			// Pairs of forks are what a verdict is made of: the more the better,
			// as long as a round is mostly slices.
			return max(targetForks, int(left/pairTime)/groups)
		}
		return targetForks
	}
	return fit(cells, samples, left*95/100, rounds, func(s journal.Subset) (journal.Subset, bool, error) {
		smaller, err := e.Data[s.Corpus].Sample(s.Block, s.Bytes/2, seed)
		if err != nil {
			return s, false, err
		}
		return smaller, smaller.Bytes < s.Bytes, nil
	})
}

// fullSamples returns the whole of each corpus and the part for the pilot run, for
// every corpus and block that a cell names.
func (e *engine) fullSamples(seed uint64) (full, small []journal.Subset, err error) {
	for _, c := range e.Journal.Log.Header.Cells {
		if c.Corpus == "" || sampleIndex(full, c) >= 0 {
			continue
		}
		data := e.Data[c.Corpus]
		if data == nil {
			return nil, nil, fmt.Errorf("corpus %q is not loaded", c.Corpus)
		}
		f, err := data.Sample(c.Block, data.Info().Bytes, seed)
		if err != nil {
			return nil, nil, err
		}
		s, err := data.Sample(c.Block, pilotBytes, seed)
		if err != nil {
			return nil, nil, err
		}
		full, small = append(full, f), append(small, s)
	}
	return full, small, nil
}

// probe prepares one worker and returns the cost of its work.
func (e *engine) probe(ctx context.Context, c result.Cell, schedule *journal.Schedule) (cost, error) {
	begin := e.now()
	conn, ready, err := e.launch(ctx, c, schedule, false)
	if err != nil {
		return cost{}, err
	}
	took := e.now().Sub(begin)
	if _, err := conn.Close(ctx); err != nil {
		conn.Kill()
		return cost{}, err
	}
	pass := time.Duration(ready.PassNS)
	return cost{prepare: max(took-startCost-pass, 0), pass: pass, items: ready.Items, lanes: 1, timed: e.timed(c)}, nil
}
