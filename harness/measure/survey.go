package measure

import (
	"context"
	"fmt"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// surveyKey is what a cell's cost depends on.
type surveyKey struct {
	scenario, endpoint  string
	corpus, codec       string
	level, iters, tasks int
	block               int64
	build               string
}

func keyOf(c result.Cell) surveyKey {
	return surveyKey{c.Scenario, c.Endpoint, c.Corpus, c.Codec, c.Level, c.Iters, c.Tasks, c.Block, c.Arm()}
}

// survey runs one small worker for every kind of work, off the record, to learn
// what it costs, and cuts the run accordingly. A cell whose worker fails here
// is out.
func (e *Engine) survey(ctx context.Context, deadline time.Time) (*journal.Layout, error) {
	log := &e.Journal.Log
	seed := log.Header.Plan.Seed
	samples, small, err := e.fullSamples(seed)
	if err != nil {
		return nil, err
	}
	layout := &journal.Layout{Samples: small} // what start and data look into meanwhile
	seen := map[surveyKey]cost{}
	var cells []surveyed
	for i := range log.Cells {
		c := log.Cells[i].Cell
		if log.Cells[i].Failed != nil {
			continue
		}
		at := sampleIndex(samples, c)
		k, known := seen[keyOf(c)]
		if !known {
			if e.Report != nil {
				e.Report(Progress{Phase: "survey", Cell: c.Name(), Elapsed: e.Now().Sub(e.begun), Total: e.deadline.Sub(e.begun)})
			}
			if k, err = e.probe(ctx, c, layout); err != nil {
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
		s := surveyed{index: i, cell: c, cost: k, sample: at}
		if at >= 0 {
			s.bytes = small[at].Bytes
		}
		cells = append(cells, s)
	}
	if len(cells) == 0 {
		return &journal.Layout{Samples: samples}, nil
	}
	left := deadline.Sub(e.Now())
	rounds := func(groups int) int {
		if log.Header.Verdicts {
			// Pairs of forks are what a verdict is made of: the more the better,
			// as long as a round is mostly slices.
			return max(targetForks, int(left/pairTime)/groups)
		}
		return targetForks
	}
	return fit(cells, samples, left*95/100, rounds, func(s journal.SampleLayout) (journal.SampleLayout, bool, error) {
		smaller, err := e.Data[s.Corpus].Sample(s.Block, s.Bytes/2, seed)
		if err != nil {
			return s, false, err
		}
		return smaller, smaller.Bytes < s.Bytes, nil
	})
}

// fullSamples answers the whole of each corpus and the part to survey, for
// every corpus and block that a cell names.
func (e *Engine) fullSamples(seed uint64) (full, small []journal.SampleLayout, err error) {
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
		s, err := data.Sample(c.Block, surveyBytes, seed)
		if err != nil {
			return nil, nil, err
		}
		full, small = append(full, f), append(small, s)
	}
	return full, small, nil
}

// sampleIndex finds the sample of a cell; -1 where it has none.
func sampleIndex(samples []journal.SampleLayout, c result.Cell) int {
	for i, s := range samples {
		if c.Corpus != "" && s.Corpus == c.Corpus && s.Block == c.Block {
			return i
		}
	}
	return -1
}

// probe prepares one worker and answers the cost of its work.
func (e *Engine) probe(ctx context.Context, c result.Cell, layout *journal.Layout) (cost, error) {
	p := worker.Prepare{Cell: cellSpec(c), Seed: e.Journal.Log.Header.Plan.Seed, RedoPermille: e.Journal.Log.Header.Arm(c.Build).Redo}
	if c.Corpus != "" {
		p.Data = dataOf(layout, c)
	}
	var peer Peer
	begin := e.Now()
	ready, err := e.launch(ctx, c, p, &peer)
	if err != nil {
		return cost{}, err
	}
	took := e.Now().Sub(begin)
	if _, err := peer.Close(ctx); err != nil {
		peer.Kill()
		return cost{}, err
	}
	pass := time.Duration(ready.PassNS)
	return cost{prepare: max(took-startCost-pass, 0), pass: pass, items: ready.Items, lanes: 1, timed: e.timed(c)}, nil
}
