// Package pond makes the pool of github.com/alitto/pond a runner.
package pond

import (
	"context"

	"github.com/alitto/pond/v2"

	"zstdshop/runners"
)

// New returns the runner: goroutines that are started as work comes and share
// an unbounded queue.
//
// It models a pool that grows to its limit and shrinks again. It wins where
// work comes in bursts. It loses on memory where work comes faster than it is
// done, because the queue has no bound.
func New() runners.Runner { return runner{} }

type runner struct{}

func (runner) Info() runners.Info {
	return runners.Info{Summary: "the pool of alitto/pond", PerItem: true}
}

func (runner) Run(ctx context.Context, items, workers int, task runners.Task) error {
	pool := pond.NewPool(max(workers, 1))
	return runners.Submitted(ctx, items, workers, task, pool.Go, pool.StopAndWait)
}
