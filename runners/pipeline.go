package runners

import (
	"context"
	"fmt"
	"sync"
)

// Pipeline returns three stages over channels: one goroutine that reads, the
// workers that code, one that writes the results.
//
// It models a stream processor: input, transformation and output, each at its
// own pace, with buffers between them. It wins where reading and writing block,
// because they go on while items are coded. It loses to Pool where they do not:
// every item passes two channels instead of one, and two more goroutines want a
// CPU.
func Pipeline() Runner { return pipeline{} }

type pipeline struct{}

func (pipeline) Info() Info {
	return Info{Summary: "read, code and write stages over channels; workers are the middle one"}
}

func (pipeline) Run(ctx context.Context, items, workers int, task Task) error {
	if workers < 1 {
		return fmt.Errorf("run %d items in a pipeline: workers must be at least 1, is %d", items, workers)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	read, write := make(chan int, min(items, queue)), make(chan int, min(items, queue))
	var coding, ends sync.WaitGroup
	ends.Go(func() {
		defer close(read)
		for item := range items {
			if ctx.Err() != nil {
				return
			}
			read <- item
		}
	})
	for worker := range min(items, workers) {
		coding.Go(func() {
			for item := range read {
				if ctx.Err() != nil {
					continue
				}
				if err := task(worker, item); err != nil {
					stop(err)
					continue
				}
				write <- item
			}
		})
	}
	ends.Go(func() {
		for range write { // where a program would write them out
		}
	})
	coding.Wait()
	close(write)
	ends.Wait()
	return context.Cause(ctx)
}
