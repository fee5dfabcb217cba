package runners_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"zstdshop/runners"
)

func TestPoolRefusesNoWorkers(t *testing.T) {
	if err := runners.Pool().Run(t.Context(), 1, 0, noop); err == nil {
		t.Error("Run with 0 workers returned nil; its item was not called")
	}
}

func BenchmarkPool(b *testing.B) {
	forWorkers(b, func(b *testing.B, workers int) { runNoop(b, runners.Pool(), workers) })
}

// BenchmarkHandWrittenPool is the pool that BenchmarkPool is compared with; it
// may be at most 1.3 times faster.
func BenchmarkHandWrittenPool(b *testing.B) {
	forWorkers(b, func(b *testing.B, workers int) {
		for b.Loop() {
			handWrittenPool(noopItems, workers, noop)
		}
	})
}

func BenchmarkGOMAXPROCS1(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	forWorkers(b, func(b *testing.B, workers int) { runNoop(b, runners.GOMAXPROCS1(), workers) })
}

func forWorkers(b *testing.B, bench func(b *testing.B, workers int)) {
	for _, workers := range []int{1, 2, 4} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			b.ReportAllocs()
			bench(b, workers)
			perTask(b)
		})
	}
}

func runNoop(b *testing.B, r runners.Runner, workers int) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	for b.Loop() {
		if err := r.Run(ctx, noopItems, workers, noop); err != nil {
			b.Fatal(err)
		}
	}
}

// handWrittenPool is the pool one writes in a minute: the same channel, no
// errors, no cancellation. Kept out of line for the same reason as bareLoop.
//
//go:noinline
func handWrittenPool(items, workers int, task runners.Task) {
	feed := make(chan int, 128)
	var running sync.WaitGroup
	for worker := range workers {
		running.Go(func() {
			for item := range feed {
				_ = task(worker, item)
			}
		})
	}
	for item := range items {
		feed <- item
	}
	close(feed)
	running.Wait()
}
