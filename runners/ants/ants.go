// Package ants makes the pool of github.com/panjf2000/ants a runner.
package ants

import (
	"context"
	"fmt"
	"time"

	"github.com/panjf2000/ants/v2"

	"zstdshop/runners"
)

// New returns the runner: goroutines that are kept, each woken by a function.
//
// It models the recycled goroutine pool of servers with very many short requests.
// It wins over a goroutine for each on memory. It loses to a channel pool on short
// items, because each is handed to one idle worker under a lock.
func New() runners.Runner { return runner{} }

type runner struct{}

func (runner) Info() runners.Info {
	return runners.Info{Summary: "the pool of panjf2000/ants", PerItem: true}
}

// leaveTimeout is how long its goroutines may take to end.
const leaveTimeout = 10 * time.Second

func (runner) Run(ctx context.Context, items, workers int, task runners.Task) error {
	// The library recovers from panics of tasks; Run returns them as errors.
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	panicked := func(p any) { stop(fmt.Errorf("ants: a task panicked: %v", p)) }
	pool, err := ants.NewPool(max(workers, 1), ants.WithDisablePurge(true), ants.WithPanicHandler(panicked))
	if err != nil {
		return fmt.Errorf("ants: %w", err)
	}
	var releaseErr error
	err = runners.Submitted(ctx, items, workers, task, pool.Submit, func() { releaseErr = pool.ReleaseTimeout(leaveTimeout) })
	if err == nil && releaseErr != nil {
		err = fmt.Errorf("ants: %w", releaseErr)
	}
	return err
}
