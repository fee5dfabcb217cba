package runners

import (
	"context"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
)

// Stealing returns a runner that gives every worker a range of its own. A
// worker whose range is empty takes half of what another has left.
//
// It models work stealing (Cilk, Java's ForkJoinPool, the Go scheduler itself).
// It wins where Sharded does not know the lengths of items beforehand: as long
// as ranges last a worker touches only its own, and nobody is idle while
// another has more than one item left. It loses to Atomic on few long items,
// where the workers mostly look for a victim, and needs a word of state for
// each worker.
func Stealing() Runner { return stealing{} }

type stealing struct{}

func (stealing) Info() Info {
	return Info{Summary: "goroutines with a range each; idle ones take half of another's"}
}

// A deque holds the items that a worker has left: first in the low 32 bits, end
// in the high ones. The owner takes from the front, thieves from the back, each
// by one compare-and-swap of the whole, so no item is taken twice. A value
// never comes back (an item is never put into a range again once it was
// started), so there is no ABA.
type deque struct {
	span atomic.Uint64
	_    [56]byte // a cache line of its own
}

func span(first, end int) uint64 { return uint64(uint32(first)) | uint64(uint32(end))<<32 }

func unspan(v uint64) (first, end int) { return int(uint32(v)), int(v >> 32) }

// pop takes the first item.
func (d *deque) pop() (item int, ok bool) {
	for {
		v := d.span.Load()
		first, end := unspan(v)
		if first >= end {
			return 0, false
		}
		if d.span.CompareAndSwap(v, span(first+1, end)) {
			return first, true
		}
	}
}

// steal takes the later half of what is left, at least one item.
func (d *deque) steal() (first, end int, ok bool) {
	for {
		v := d.span.Load()
		from, to := unspan(v)
		if from >= to {
			return 0, 0, false
		}
		middle := from + (to-from)/2
		if d.span.CompareAndSwap(v, span(from, middle)) {
			return middle, to, true
		}
	}
}

func (stealing) Run(ctx context.Context, items, workers int, task Task) error {
	if workers < 1 || items > math.MaxInt32 {
		return fmt.Errorf("run %d items by stealing: workers must be at least 1, is %d, and items at most %d", items, workers, math.MaxInt32)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	workers = min(workers, items)
	deques := make([]deque, workers)
	for worker := range workers {
		deques[worker].span.Store(span(worker*items/workers, (worker+1)*items/workers))
	}
	var running sync.WaitGroup
	for worker := range workers {
		running.Go(func() {
			for ctx.Err() == nil {
				item, ok := deques[worker].pop()
				if !ok && !rob(deques, worker) {
					return // all items have been started
				}
				if ok {
					if err := task(worker, item); err != nil {
						stop(err)
					}
				}
			}
		})
	}
	running.Wait()
	return context.Cause(ctx)
}

// rob moves half of the items of the next worker that has any to worker's own
// deque, which is empty. Only its owner fills a deque.
func rob(deques []deque, worker int) bool {
	for i := 1; i < len(deques); i++ {
		if first, end, ok := deques[(worker+i)%len(deques)].steal(); ok {
			deques[worker].span.Store(span(first, end))
			return true
		}
	}
	return false
}
