// Package conc makes the pool of github.com/sourcegraph/conc a runner.
package conc

import (
	"context"

	"github.com/sourcegraph/conc/pool"

	"zstdshop/runners"
)

// New returns the runner: goroutines, started until the limit is reached, that
// take functions from an unbuffered channel.
//
// It models structured concurrency: the pool is a scope, and Wait passes panics
// on. It wins on the safety of the code around it. It loses on short items,
// because each passes an unbuffered channel.
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
