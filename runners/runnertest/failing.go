package runnertest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"zstdshop/runners"
)

// failure is an error that says which item failed. It is compared by identity.
type failure struct{ item int }

func (f *failure) Error() string { return fmt.Sprintf("item %d failed on purpose", f.item) }

func waitsForTasks(r runners.Runner) error {
	for _, s := range shapes(r, many) {
		for _, fails := range []bool{false, true} {
			var started, running atomic.Int64
			err := r.Run(context.Background(), s.items, s.workers, func(_, item int) error {
				running.Add(1)
				defer running.Add(-1)
				if started.Add(1) == many/2 && fails {
					return &failure{item}
				}
				mingle(20) // so that others are busy when one fails
				return nil
			})
			if n := running.Load(); n != 0 {
				return fmt.Errorf("%v: Run returned (error: %v) while %d tasks ran", s, err, n)
			}
		}
	}
	return nil
}

// failFrom is the number of the first started task that fails, where many do.
const failFrom = 100

// firstError lets every task fail from one on. With several workers the suite
// cannot see which failed first; with one worker it can.
func firstError(r runners.Runner) error {
	for _, s := range shapes(r, many) {
		var started atomic.Int64
		var lock sync.Mutex
		var failed []error // in the order of failing
		err := r.Run(context.Background(), s.items, s.workers, func(_, item int) error {
			if started.Add(1) < failFrom {
				return nil
			}
			lock.Lock()
			defer lock.Unlock()
			failed = append(failed, &failure{item})
			return failed[len(failed)-1]
		})
		switch {
		case err == nil:
			return fmt.Errorf("%v: Run returned nil although %d tasks failed", s, len(failed))
		case !slices.Contains(failed, err): // itself, not wrapped
			return fmt.Errorf("%v: Run returned %T (%w), which no task returned", s, err, err)
		case s.workers == 1 && err != failed[0]:
			return fmt.Errorf("%v: Run returned %w, but first %w", s, err, failed[0])
		}
	}
	return nil
}

// stopsAfterError has two parts. In the first every task started after the
// first failure fails as well, which bounds the late ones without any timing.
// In the second one task fails alone, to catch a runner in which only the
// worker concerned stops. The tasks after it yield so often that a quarter of
// them takes some tenths of a second, which is more than enough for a runner
// that does stop, whatever else the machine does.
func stopsAfterError(r runners.Runner) error {
	for _, s := range shapes(r, many) {
		var started, failed atomic.Int64
		_ = r.Run(context.Background(), s.items, s.workers, func(_, item int) error {
			if started.Add(1) < failFrom {
				return nil
			}
			failed.Add(1)
			return &failure{item}
		})
		if n := failed.Load(); n > int64(s.workers) {
			return fmt.Errorf("%v: %d tasks failed one after the other, at most one per worker can", s, n)
		}
	}
	for _, s := range shapes(r, 20*many) {
		var started atomic.Int64
		calls := newCalls(s.items)
		_ = r.Run(context.Background(), s.items, s.workers, func(_, item int) error {
			calls.add(item)
			switch n := started.Add(1); {
			case n == failFrom:
				return &failure{item}
			case n > failFrom:
				mingle(500)
			}
			return nil
		})
		if n := calls.total(); n > s.items/4 {
			return fmt.Errorf("%v: number %d failed, yet %d were called", s, failFrom, n)
		}
		if err := calls.check(0, 1); err != nil {
			return fmt.Errorf("%v, one of them failing: %w", s, err)
		}
	}
	return nil
}
