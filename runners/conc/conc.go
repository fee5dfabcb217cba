// Package conc is the pool of github.com/sourcegraph/conc as a runner.
package conc

import (
	"context"

	"github.com/sourcegraph/conc/pool"

	"zstdshop/runners"
)

// New makes the runner: goroutines started as long as the limit allows, which then
// take functions from an unbuffered channel.
//
// It models structured concurrency: the pool is a scope, panics come out of Wait.
// It wins on safety of the code around it. It loses on short items by an unbuffered
// hand-over each.
func New() runners.Runner { return runner{} }

type runner struct{}

func (runner) Info() runners.Info {
	return runners.Info{Summary: "the pool of sourcegraph/conc", PerItem: true}
}

func (runner) Run(ctx context.Context, items, workers int, task runners.Task) error {
	p := pool.New().WithMaxGoroutines(max(workers, 1))
	submit := func(f func()) error {
		p.Go(f)
		return nil
	}
	return runners.Submitted(ctx, items, workers, task, submit, p.Wait)
}
