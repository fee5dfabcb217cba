// Package workerpool makes the pool of github.com/gammazero/workerpool a
// runner.
package workerpool

import (
	"context"

	"github.com/gammazero/workerpool"

	"zstdshop/runners"
)

// New returns the runner: a dispatcher that hands functions to goroutines and
// keeps the rest in an unbounded queue.
//
// It models the pool whose Submit never blocks. It wins where the submitter must
// go on. It loses on short items, since each passes the dispatcher and a channel
// twice, and on memory where work comes faster than it is done.
func New() runners.Runner { return runner{} }

type runner struct{}

func (runner) Info() runners.Info {
	return runners.Info{Summary: "the pool of gammazero/workerpool", PerItem: true}
}

func (runner) Run(ctx context.Context, items, workers int, task runners.Task) error {
	pool := workerpool.New(max(workers, 1))
	submit := func(f func()) error {
		pool.Submit(f)
		return nil
	}
	return runners.Submitted(ctx, items, workers, task, submit, pool.StopWait)
}
