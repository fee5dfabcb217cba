// Package errgroup makes golang.org/x/sync/errgroup a runner.
package errgroup

import (
	"context"

	"golang.org/x/sync/errgroup"

	"zstdshop/runners"
)

// New returns the runner: a goroutine for every item, at most as many at once
// as there are workers, by errgroup's SetLimit.
//
// It models the Go code that most people write for a list of work that may
// fail. It wins on the amount of code and on error handling. It loses on short
// items: each costs a goroutine and two operations on the channel of its
// semaphore.
func New() runners.Runner { return runner{} }

type runner struct{}

func (runner) Info() runners.Info {
	return runners.Info{Summary: "x/sync/errgroup with a limit: a goroutine for each item", PerItem: true}
}

func (runner) Run(ctx context.Context, items, workers int, task runners.Task) error {
	var group errgroup.Group
	group.SetLimit(max(workers, 1))
	submit := func(f func()) error {
		group.Go(func() error { f(); return nil })
		return nil
	}
	return runners.Submitted(ctx, items, workers, task, submit, func() { _ = group.Wait() })
}
