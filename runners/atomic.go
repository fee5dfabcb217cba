package runners

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// Atomic returns a fixed number of goroutines that take the next item by adding
// one to an atomic counter.
//
// It models parallel loops (OpenMP's dynamic scheduling with chunks of one,
// Rust's rayon over indices). It wins on short items of unequal length: taking
// one is an atomic addition, a few nanoseconds, and no goroutine ever waits for
// another. It loses to Sharded on items of equal length that are shorter still,
// because all workers write one cache line, and it needs to know all items
// beforehand, which a server does not.
func Atomic() Runner { return atomicIndex{} }

type atomicIndex struct{}

func (atomicIndex) Info() Info {
	return Info{Summary: "goroutines that take the next index from an atomic counter"}
}

func (atomicIndex) Run(ctx context.Context, items, workers int, task Task) error {
	if workers < 1 {
		return fmt.Errorf("run %d items by a counter: workers must be at least 1, is %d", items, workers)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var next atomic.Int64
	var running sync.WaitGroup
	for worker := range min(items, workers) {
		running.Go(func() {
			for ctx.Err() == nil {
				item := int(next.Add(1)) - 1
				if item >= items {
					return
				}
				if err := task(worker, item); err != nil {
					stop(err) // only the first call sets the cause
				}
			}
		})
	}
	running.Wait()
	return context.Cause(ctx)
}
