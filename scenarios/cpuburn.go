package scenarios

import (
	"context"
	"fmt"
	"math/bits"
	"sync/atomic"
)

// CPUBurn returns the scenario that needs nothing but a CPU: no memory, no
// library, no allocation. It shows whether a concurrency model lets tasks run
// at the same time at all. The loop is a chain of dependent integer operations
// that other languages can repeat exactly; its checksum shows that they did.
func CPUBurn() Scenario { return cpuBurn{} }

// burnIters makes a task of one to two milliseconds: each of the 10^6
// iterations takes the latency of two dependent operations, so 2*10^6 CPU
// cycles in all.
const burnIters = 2_500_000

type cpuBurn struct{}

func (cpuBurn) Info() Info {
	return Info{
		Summary:       "integer arithmetic, the same in every task, no data",
		TaskPerWorker: true,
		Iters:         burnIters,
	}
}

func (cpuBurn) Prepare(ctx context.Context, in Input) (Job, error) {
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("prepare cpuburn: %w", context.Cause(ctx))
	case in.Tasks < 1:
		return nil, fmt.Errorf("prepare cpuburn: tasks must be at least 1, is %d", in.Tasks)
	case in.Iters < 1:
		return nil, fmt.Errorf("prepare cpuburn: iters must be at least 1, is %d", in.Iters)
	}
	return &cpuBurnJob{iters: in.Iters, results: make([]atomic.Uint32, in.Tasks)}, nil
}

// cpuBurnJob keeps every task's result: Checksum adds them, and the compiler
// cannot drop a loop whose result is stored. They are atomic because a slice
// of several passes may have two workers do the same task at the same time.
type cpuBurnJob struct {
	iters   int
	results []atomic.Uint32 // by task
}

func (j *cpuBurnJob) Facts() Facts { return Facts{Items: len(j.results)} }

func (j *cpuBurnJob) Begin() {}

func (j *cpuBurnJob) Do(_, item int) error {
	j.results[item].Store(burn(j.iters))
	return nil
}

// Checksum returns the sum of all tasks' results modulo 2^32.
func (j *cpuBurnJob) Checksum() uint64 {
	var sum uint32
	for task := range j.results {
		sum += j.results[task].Load()
	}
	return uint64(sum)
}

func (j *cpuBurnJob) Close() error { return nil }

// burn is the loop, in 32 bits: from x = 0, for i in 0..iters-1, x ^= i *
// 2654435761, then x is rotated left by 13. The factor is 2^32 divided by the
// golden ratio (Knuth, The Art of Computer Programming, vol. 3, 6.4).
func burn(iters int) uint32 {
	var x uint32
	for i := range iters {
		x = bits.RotateLeft32(x^uint32(i)*2654435761, 13)
	}
	return x
}
