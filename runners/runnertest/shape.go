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

// valid reports whether a task may be called with these numbers.
func (s shape) valid(worker, item int) bool {
	return worker >= 0 && worker < s.workers && item >= 0 && item < s.items
}

// shapes returns every combination of the numbers of items with those of
// workers; with few items there are more workers than items.
func shapes(r runners.Runner, items ...int) []shape {
	var all []shape
	for _, workers := range workerCounts(r) {
		for _, n := range items {
			all = append(all, shape{n, workers})
		}
	}
	return all
}

// workerCounts returns 1, 2, 3 and 8, as far as r can have so many, and its
// maximum.
func workerCounts(r runners.Runner) []int {
	counts := []int{1, 2, 3, 8}
	if most := r.Info().MaxWorkers; most > 0 {
		counts = slices.DeleteFunc(append(counts, most), func(n int) bool { return n > most })
		slices.Sort(counts)
		counts = slices.Compact(counts)
	}
	return counts
}

// mingle gives other tasks the chance to run at the same time. Yielding works
// at any GOMAXPROCS; waiting for the others would never end under a model that
// runs one task at a time.
func mingle(yields int) {
	for range yields {
		runtime.Gosched()
	}
}

// A fault keeps the first of the breaches that tasks see. It is a channel with
// a buffer of one and not a lock, because tasks are concurrent and only the
// runner may order them.
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
