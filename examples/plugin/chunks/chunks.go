// Package chunks is a runner for zstdshop: every worker gets one run of
// neighbouring items, decided before the first of them is started.
package chunks

import (
	"context"
	"sync"

	"zstdshop/runners"
)

// New makes the runner.
//
// It wins where items take equally long, because nothing is handed over while
// it runs. It loses where they do not: the slice ends with the slowest chunk,
// while the other workers have nothing left to do.
func New() runners.Runner { return chunks{} }

type chunks struct{}

func (chunks) Info() runners.Info {
	return runners.Info{Summary: "one run of neighbouring items for each goroutine, cut beforehand"}
}

// Run cuts so that chunks differ by at most one item. One context carries the
// caller's end, the first error and the stop of all workers.
func (chunks) Run(ctx context.Context, items, workers int, task runners.Task) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)

	workers = min(workers, items) // more would have nothing to do
	var running sync.WaitGroup
	for worker := range workers {
		first, end := worker*items/workers, (worker+1)*items/workers
		running.Go(func() {
			for item := first; item < end && ctx.Err() == nil; item++ {
				if err := task(worker, item); err != nil {
					stop(err) // only the first call sets the cause
				}
			}
		})
	}
	running.Wait()
	return context.Cause(ctx)
}
