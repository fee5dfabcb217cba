package runners

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

// OSThread returns Pool whose goroutines are each locked to an operating system
// thread.
//
// It models threads as other languages have them, and Go code that calls a
// library with state in its thread. It wins nothing by itself. It loses on
// every hand-over: waking a locked goroutine means waking its thread, which
// takes microseconds where a goroutine takes tenths of one.
func OSThread() Runner { return osthread{} }

type osthread struct{}

func (osthread) Info() Info {
	return Info{Summary: "the pool, each goroutine locked to a thread of its own", Threads: true}
}

func (osthread) Run(ctx context.Context, items, workers int, task Task) error {
	if workers < 1 {
		return fmt.Errorf("run %d items on threads: workers must be at least 1, is %d", items, workers)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	feed := make(chan int, min(items, queue))
	var running sync.WaitGroup
	for worker := range min(items, workers) {
		running.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread() // otherwise the thread would end
			for item := range feed {
				if ctx.Err() != nil {
					continue
				}
				if err := task(worker, item); err != nil {
					stop(err)
				}
			}
		})
	}
	for item := range items {
		if ctx.Err() != nil {
			break
		}
		feed <- item
	}
	close(feed)
	running.Wait()
	return context.Cause(ctx)
}
