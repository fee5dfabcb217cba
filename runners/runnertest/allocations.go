package runnertest

import (
	"context"
	"fmt"
	"runtime"

	"zstdshop/runners"
)

// noAllocationPerItem compares short and long calls. Other goroutines and the
// runtime itself allocate now and then, so the least of several tries counts,
// and one allocation in 100 items is allowed.
func noAllocationPerItem(r runners.Runner) error {
	if r.Info().PerItem {
		return nil
	}
	for _, workers := range workerCounts(r) {
		measure := func(items int) uint64 {
			return leastMallocs(func() {
				_ = r.Run(context.Background(), items, workers, func(_, _ int) error { return nil })
			})
		}
		short, long := measure(many), measure(10*many)
		if long > short+9*many/100 {
			return fmt.Errorf("%d workers: %d allocations for %d items, %d for %d",
				workers, short, many, long, 10*many)
		}
	}
	return nil
}

func leastMallocs(f func()) uint64 {
	least := ^uint64(0)
	var before, after runtime.MemStats
	for range 5 {
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		least = min(least, after.Mallocs-before.Mallocs)
	}
	return least
}
