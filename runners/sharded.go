package runners

import (
	"context"
	"fmt"
	"sync"
)

// Sharded returns a runner that gives every worker one range of neighbouring
// items, cut beforehand.
//
// It models data parallelism with static ranges (OpenMP's static schedule, a
// map over shards). It wins on items of equal length, because workers share
// nothing while they run and neighbours stay together in the cache. It loses on
// unequal ones: the call ends with the slowest range, while the other workers have
// nothing left to do.
func Sharded() Runner { return sharded{} }

type sharded struct{}

func (sharded) Info() Info {
	return Info{Summary: "goroutines with one range of neighbouring items each"}
}

func (sharded) Run(ctx context.Context, items, workers int, task Task) error {
	if workers < 1 {
		return fmt.Errorf("run %d items in ranges: workers must be at least 1, is %d", items, workers)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	workers = min(workers, items)
	var running sync.WaitGroup
	for worker := range workers {
		first, end := worker*items/workers, (worker+1)*items/workers
		running.Go(func() {
			for item := first; item < end && ctx.Err() == nil; item++ {
				if err := task(worker, item); err != nil {
					stop(err)
				}
			}
		})
	}
	running.Wait()
	return context.Cause(ctx)
}
