// Package errgroup is golang.org/x/sync/errgroup as a runner.
package errgroup

import (
	"context"

	"golang.org/x/sync/errgroup"

	"zstdshop/runners"
)

// New makes the runner: a goroutine for every item, at most as many at once as
// there are workers, by errgroup's SetLimit.
//
// It models the Go code that most people write for a list of work that may fail.
// It wins on code and on errors. It loses on short items: a goroutine for each, and
// two channel operations of its semaphore.
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
