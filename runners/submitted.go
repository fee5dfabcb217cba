package runners

import (
	"context"
	"fmt"
)

// Submitted implements Runner.Run with the pool of another library, which takes
// functions: it submits one for every item. submit must call the function
// exactly once, at some time before wait returns, or return an error; at most
// workers functions may run at once. It may block. Each call allocates, since
// such pools take closures.
//
// Submitted hands out the worker numbers itself, because such pools do not say
// which of their goroutines calls.
func Submitted(ctx context.Context, items, workers int, task Task, submit func(func()) error, wait func()) error {
	if workers < 1 {
		return fmt.Errorf("submit %d items: workers must be at least 1, is %d", items, workers)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	places := newPlaces(workers)
	for item := range items {
		if ctx.Err() != nil {
			break
		}
		err := submit(func() {
			worker := <-places
			defer func() { places <- worker }() // also where the task panics
			if ctx.Err() == nil {
				if err := task(worker, item); err != nil {
					stop(err)
				}
			}
		})
		if err != nil {
			stop(fmt.Errorf("submit item %d: %w", item, err))
		}
	}
	wait()
	return context.Cause(ctx)
}
