package runners

import (
	"context"
	"fmt"
	"sync"
)

// Semaphore returns a runner that starts a goroutine for every item, but not
// before a worker number is free.
//
// It models the bounded spawning that most Go programs turn to after Spawn: a
// buffered channel as a semaphore around go. It wins over Spawn on memory,
// since there are never more goroutines than workers, and over a pool on the
// amount of code. It loses to a pool on short items, because a goroutine is
// still made for each.
func Semaphore() Runner { return semaphore{} }

type semaphore struct{}

func (semaphore) Info() Info {
	return Info{Summary: "a goroutine for each item, started when a worker is free", PerItem: true}
}

func (semaphore) Run(ctx context.Context, items, workers int, task Task) error {
	if workers < 1 {
		return fmt.Errorf("run %d items by a semaphore: workers must be at least 1, is %d", items, workers)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	places := newPlaces(workers)
	var running sync.WaitGroup
	for item := range items {
		worker := <-places
		if ctx.Err() != nil {
			break
		}
		running.Go(func() {
			if err := task(worker, item); err != nil {
				stop(err)
			}
			places <- worker
		})
	}
	running.Wait()
	return context.Cause(ctx)
}
