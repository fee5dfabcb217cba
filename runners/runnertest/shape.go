package runnertest

import (
	"fmt"
	"runtime"
	"slices"

	"zstdshop/runners"
)

// many is enough items for every worker to get some and for overlaps to happen.
const many = 1000

// shape is the size of one call of Run.
type shape struct{ items, workers int }

func (s shape) String() string { return fmt.Sprintf("%d items, %d workers", s.items, s.workers) }

// valid says whether a task may be called with these numbers.
func (s shape) valid(worker, item int) bool {
	return worker >= 0 && worker < s.workers && item >= 0 && item < s.items
}

// shapes crosses the numbers of items with those of workers; with few items
// there are more workers than items.
func shapes(r runners.Runner, items ...int) []shape {
	var all []shape
	for _, workers := range workerCounts(r) {
		for _, n := range items {
			all = append(all, shape{n, workers})
		}
	}
	return all
}

// workerCounts is 1, 2, 3 and 8, or as many of them as r can have, and its most.
func workerCounts(r runners.Runner) []int {
	counts := []int{1, 2, 3, 8}
	if most := r.Info().MaxWorkers; most > 0 {
		counts = slices.DeleteFunc(append(counts, most), func(n int) bool { return n > most })
		slices.Sort(counts)
		counts = slices.Compact(counts)
	}
	return counts
}

// mingle gives every task that may run at the same time the chance to. Yielding
// works at any GOMAXPROCS; waiting for the others would never end under a model
// that runs one task at a time.
func mingle(yields int) {
	for range yields {
		runtime.Gosched()
	}
}

// fault keeps the first of the breaches that tasks see. Tasks are concurrent,
// the atomics around it must stay the only order between them, so it is a
// buffer of one and not a lock.
type fault chan error

func newFault() fault { return make(fault, 1) }

func (f fault) set(format string, args ...any) {
	select {
	case f <- fmt.Errorf(format, args...):
	default:
	}
}

func (f fault) err() error {
	select {
	case err := <-f:
		return err
	default:
		return nil
	}
}
