package runnertest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"zstdshop/runners"
)

func cancelledBefore(r runners.Runner) error {
	for _, s := range shapes(r, 1, 2, many) {
		cause := errors.New("ended before Run")
		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(cause)
		var started atomic.Int64
		err := r.Run(ctx, s.items, s.workers, func(_, _ int) error {
			started.Add(1)
			return nil
		})
		if n := started.Load(); n != 0 {
			return fmt.Errorf("%v: ctx had ended, %d tasks were started", s, n)
		}
		if err != cause { // itself, not wrapped
			return fmt.Errorf("%v: ctx had ended, Run returned %v, not its cause", s, err)
		}
	}
	return nil
}

func cancelledDuring(r runners.Runner) error {
	for _, s := range shapes(r, many) {
		cause := errors.New("ended during Run")
		ctx, cancel := context.WithCancelCause(context.Background())
		var started, late atomic.Int64
		var ended atomic.Bool
		calls := newCalls(s.items)
		err := r.Run(ctx, s.items, s.workers, func(_, item int) error {
			if ended.Load() {
				late.Add(1)
			}
			calls.add(item)
			if started.Add(1) == failFrom {
				cancel(cause)
				ended.Store(true)
			}
			return nil
		})
		cancel(nil)
		if n := late.Load(); n > int64(s.workers) {
			return fmt.Errorf("%v: %d tasks were started after ctx had ended", s, n)
		}
		if err != cause { // itself, not wrapped
			return fmt.Errorf("%v: ctx ended during Run, which returned %v, not its cause", s, err)
		}
		if err := calls.check(0, 1); err != nil {
			return fmt.Errorf("%v, ctx ended during Run: %w", s, err)
		}
	}
	return nil
}
