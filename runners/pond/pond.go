// Package pond is the pool of github.com/alitto/pond as a runner.
package pond

import (
	"context"

	"github.com/alitto/pond/v2"

	"zstdshop/runners"
)

// New makes the runner: goroutines that start as work comes and share a queue
// without a bound.
//
// It models a pool that grows to its limit and shrinks again. It wins where work
// comes in bursts. It loses on memory where work comes faster than it is done, for
// the queue has no end.
func New() runners.Runner { return runner{} }

type runner struct{}

func (runner) Info() runners.Info {
	return runners.Info{Summary: "the pool of alitto/pond", PerItem: true}
}

func (runner) Run(ctx context.Context, items, workers int, task runners.Task) error {
	pool := pond.NewPool(max(workers, 1))
	return runners.Submitted(ctx, items, workers, task, pool.Go, pool.StopAndWait)
}
