package scenarios

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// Blocking returns the scenario whose tasks compute and then wait, as one that
// asks a database does. Here concurrency models differ most. A task does
// --iters iterations of CPUBurn's loop and is then blocked for a millisecond.
// At the default of 1,000,000 iterations it waits about half of the time, with
// more iterations less; CPUBurn itself does not wait.
func Blocking() Scenario { return blocking{} }

const (
	blockingTasks = 64 // of one pass
	blockingIters = 1_000_000
	blockingTime  = time.Millisecond
)

type blocking struct{}

func (blocking) Info() Info {
	return Info{
		Summary: "cpuburn's loop, then blocked for 1 ms; --iters says how much of a task computes",
		Iters:   blockingIters,
	}
}

func (blocking) Prepare(ctx context.Context, in Input) (Job, error) {
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("prepare blocking: %w", context.Cause(ctx))
	case in.Iters < 1:
		return nil, fmt.Errorf("prepare blocking: iters must be at least 1, is %d", in.Iters)
	}
	return &burnJob{iters: func(int) int { return in.Iters }, after: func() { time.Sleep(blockingTime) }, results: make([]atomic.Uint32, blockingTasks)}, nil
}

// Skewed returns the scenario with tasks of very unequal length: one of 64 is
// 64 times as long as the shortest, one of 32 half of that, and so on, in an
// order drawn from the seed. It shows which models keep all workers busy to the
// end.
func Skewed() Scenario { return skewed{} }

const (
	skewedTasks = 64
	skewedIters = 20_000 // of the shortest
)

type skewed struct{}

func (skewed) Info() Info {
	return Info{
		Summary: "cpuburn's loop in tasks of unequal length, 1 to 64 times --iters",
		Iters:   skewedIters,
	}
}

func (skewed) Prepare(ctx context.Context, in Input) (Job, error) {
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("prepare skewed: %w", context.Cause(ctx))
	case in.Iters < 1:
		return nil, fmt.Errorf("prepare skewed: iters must be at least 1, is %d", in.Iters)
	}
	factors := skewedFactors(in.Seed)
	return &burnJob{iters: func(item int) int { return in.Iters * factors[item] }, after: func() {}, results: make([]atomic.Uint32, skewedTasks)}, nil
}

// skewedFactors returns how many times as long as the shortest each task is: 64
// once, 32 twice, 16 four times ... down to 1, shuffled by the seed
// (splitmix64, Fisher and Yates).
func skewedFactors(seed uint64) []int {
	var factors []int
	for f, n := 64, 1; f > 1; f, n = f/2, n*2 {
		for range n {
			factors = append(factors, f)
		}
	}
	factors = append(factors, 1)
	for i := len(factors) - 1; i > 0; i-- {
		seed += 0x9e3779b97f4a7c15
		z := (seed ^ seed>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		j := int((z ^ z>>31) % uint64(i+1))
		factors[i], factors[j] = factors[j], factors[i]
	}
	return factors
}

// burnJob has tasks that do CPUBurn's loop, each with its own number of
// iterations, and something after it.
type burnJob struct {
	iters   func(item int) int
	after   func()
	results []atomic.Uint32 // by task
}

func (j *burnJob) Facts() Facts { return Facts{Items: len(j.results)} }
func (j *burnJob) Begin()       {}
func (j *burnJob) Close() error { return nil }

func (j *burnJob) Do(_, item int) error {
	j.results[item].Store(burn(j.iters(item)))
	j.after()
	return nil
}

// Checksum returns the sum of all tasks' results modulo 2^32.
func (j *burnJob) Checksum() uint64 {
	var sum uint32
	for task := range j.results {
		sum += j.results[task].Load()
	}
	return uint64(sum)
}
