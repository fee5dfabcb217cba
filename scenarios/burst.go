package scenarios

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// Burst returns Blocking with tasks that come burstTasks at once, --rate of
// them a second over time. What counts is how long a task takes from the moment
// it came, including its wait for a free worker. The average rate that a model
// sustains does not show that.
func Burst() Scenario { return burst{} }

const (
	burstTasks = 16
	burstIters = 250_000
	burstRate  = 400
)

type burst struct{}

func (burst) Info() Info {
	return Info{
		Summary: "cpuburn's loop, then blocked for 1 ms; tasks come 16 at once, latency from when they came",
		Iters:   burstIters, Rate: burstRate, Burst: burstTasks,
	}
}

func (burst) Prepare(ctx context.Context, in Input) (Job, error) {
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("prepare burst: %w", context.Cause(ctx))
	case in.Iters < 1:
		return nil, fmt.Errorf("prepare burst: iters must be at least 1, is %d", in.Iters)
	}
	return &burnJob{iters: func(int) int { return in.Iters }, after: func() { time.Sleep(blockingTime) }, results: make([]atomic.Uint32, blockingTasks)}, nil
}
