package fleet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"zstdshop/harness"
	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/measure"
	"zstdshop/harness/result"
)

// Measure measures a unit whose cells have been admitted. progress may be told how far it
// is, at any time.
type Measure func(ctx context.Context, u *Unit, data *Data, progress func(elapsed, total time.Duration)) (*result.Result, error)

// Engine measures units with package measure, each as a run of its own.
type Engine struct {
	Registry  *harness.Registry
	Languages []journal.Arm // the programs that cells may name as their language
	Dir       string        // for the run's journal and data, which are removed
	Cache     string        // see measure.Request
	Calm      string        // likewise
}

// Measure is a Measure. Of a run that was ended it returns no result.
func (e *Engine) Measure(ctx context.Context, u *Unit, data *Data, progress func(elapsed, total time.Duration)) (r *result.Result, err error) {
	state, err := os.MkdirTemp(e.Dir, "unit-*")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the unit: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(state)) }()
	log, err := measure.Run(ctx, measure.Request{
		Registry: e.Registry, Cells: u.Cells, Languages: e.Languages, Corpora: data.Corpora, Dicts: data.Dicts,
		Budget: time.Duration(u.Budget), Timeout: time.Duration(u.Timeout), Precision: u.Precision, Delta: u.Delta,
		Seed: u.Seed, Seeded: u.Seeded, Reference: u.Reference, Args: []string{}, Begun: time.Now(), Cache: e.Cache, Calm: e.Calm, State: state,
		Progress: func(p measure.Progress) { progress(p.Elapsed, p.Total) },
	})
	if err != nil {
		return nil, err
	}
	return analyze.Derive(log, e.Registry), nil
}
