package runners

import (
	"context"
	"fmt"
	"sync"
)

// Spawn returns a runner that starts a goroutine for every item at once; each
// waits for a free worker number.
//
// It models a server that says go handle(request) and keeps expensive things (a
// codec's context, a connection) in a pool of fixed size. It wins where items
// block, because an item waits for nothing but a free worker number, and it is
// the least code. It loses on memory and on short items: a goroutine for each
// costs some hundred nanoseconds and two kilobytes of stack, and all of them
// exist at once.
func Spawn() Runner { return spawn{} }

type spawn struct{}

func (spawn) Info() Info {
	return Info{Summary: "a goroutine for each item, all at once, which wait for a free worker", PerItem: true}
}

func (spawn) Run(ctx context.Context, items, workers int, task Task) error {
	if workers < 1 {
		return fmt.Errorf("run %d items by spawning: workers must be at least 1, is %d", items, workers)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	places := newPlaces(workers)
	var running sync.WaitGroup
	for item := range items {
		if ctx.Err() != nil {
			break
		}
		running.Go(func() {
			worker := <-places
			if ctx.Err() == nil {
				if err := task(worker, item); err != nil {
					stop(err)
				}
			}
			places <- worker
		})
	}
	running.Wait()
	return context.Cause(ctx)
}

// newPlaces returns a channel with the numbers of all workers: those that are
// free.
func newPlaces(workers int) chan int {
	places := make(chan int, workers)
	for worker := range workers {
		places <- worker
	}
	return places
}
