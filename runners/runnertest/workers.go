package runnertest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"zstdshop/runners"
)

func workerNumbers(r runners.Runner) error {
	for _, s := range shapes(r, 2, many) {
		wrong := newFault()
		err := r.Run(context.Background(), s.items, s.workers, func(worker, item int) error {
			if worker < 0 || worker >= s.workers {
				wrong.set("%v: item %d was called with worker number %d", s, item, worker)
			}
			mingle(5) // or the first worker may be done before the last has begun
			return nil
		})
		if err := errors.Join(wrong.err(), err); err != nil {
			return err
		}
	}
	return nil
}

func oneTaskPerWorker(r runners.Runner) error {
	for _, s := range shapes(r, many) {
		wrong := newFault()
		busy := make([]atomic.Bool, s.workers)
		err := r.Run(context.Background(), s.items, s.workers, func(worker, item int) error {
			if !s.valid(worker, item) {
				return nil // another rule checks that
			}
			if !busy[worker].CompareAndSwap(false, true) {
				wrong.set("%v: item %d was called with worker number %d while another task ran with it", s, item, worker)
				return nil
			}
			mingle(20)
			busy[worker].Store(false)
			return nil
		})
		if err := errors.Join(wrong.err(), err); err != nil {
			return err
		}
	}
	return nil
}

func workersAtOnce(r runners.Runner) error {
	for _, s := range shapes(r, many) {
		wrong := newFault()
		var running atomic.Int64
		err := r.Run(context.Background(), s.items, s.workers, func(worker, item int) error {
			if n := running.Add(1); n > int64(s.workers) {
				wrong.set("%v: %d tasks ran at once, item %d the last of them", s, n, item)
			}
			mingle(20)
			running.Add(-1)
			return nil
		})
		if err := errors.Join(wrong.err(), err); err != nil {
			return err
		}
	}
	return nil
}

// workerMemory uses plain memory on purpose: an atomic would order the tasks by
// itself, and hide from the race detector that the runner does not.
func workerMemory(r runners.Runner) error {
	for _, s := range shapes(r, 2, many) {
		counts := make([]int, s.workers) // by worker
		seen := make([]int, s.items)     // by item
		err := r.Run(context.Background(), s.items, s.workers, func(worker, item int) error {
			if !s.valid(worker, item) {
				return nil // then a sum is too small
			}
			before := counts[worker]
			mingle(5)
			counts[worker] = before + 1
			seen[item] = 1
			return nil
		})
		if err != nil {
			return fmt.Errorf("%v: Run returned %w although no task failed", s, err)
		}
		if n := sum(counts); n != s.items {
			return fmt.Errorf("%v: the workers' own counts add up to %d", s, n)
		}
		if n := sum(seen); n != s.items {
			return fmt.Errorf("%v: the caller sees what %d items wrote", s, n)
		}
	}
	return nil
}

func sum(counts []int) int {
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}
