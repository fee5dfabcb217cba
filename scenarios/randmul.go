package scenarios

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// RandMul returns the scenario that keeps cores busy for a fixed time: every
// task multiplies random integers of five digits until the slice is over. It
// shows how many cores a concurrency model uses, never how fast it is, because
// the amount of work depends on the clock.
func RandMul() Scenario { return randMul{now: time.Now} }

const (
	// randMulSlice is how long tasks run after Begin, all to the same deadline.
	randMulSlice = 100 * time.Millisecond

	// randMulBatch is the number of products between two looks at the clock. A
	// look costs 73 ns and a product about 3, so looking takes 0.3 % of the
	// time, and a task ends some tens of microseconds late.
	randMulBatch = 8192
)

type randMul struct{ now func() time.Time }

func (randMul) Info() Info {
	return Info{
		Summary:       "products of random integers for 100 ms; shows cores kept busy, not speed",
		TaskPerWorker: true,
		TimedSlice:    true,
	}
}

func (s randMul) Prepare(ctx context.Context, in Input) (Job, error) {
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("prepare randmul: %w", context.Cause(ctx))
	case in.Tasks < 1:
		return nil, fmt.Errorf("prepare randmul: tasks must be at least 1, is %d", in.Tasks)
	}
	return &randMulJob{now: s.now, seed: in.Seed, sums: make([]atomic.Uint64, in.Tasks)}, nil
}

type randMulJob struct {
	now      func() time.Time
	seed     uint64
	deadline time.Time       // written by Begin, before the tasks start
	sums     []atomic.Uint64 // by task; they exist so that the compiler keeps the products
}

func (j *randMulJob) Facts() Facts { return Facts{Items: len(j.sums)} }

func (j *randMulJob) Begin() { j.deadline = j.now().Add(randMulSlice) }

// Do runs until the deadline. A task that starts after it, because the model
// has fewer workers than there are tasks, returns at once.
func (j *randMulJob) Do(_, item int) error {
	var sum uint64
	random := newProducts(j.seed, item)
	for j.now().Before(j.deadline) {
		sum += random.sum(randMulBatch)
	}
	j.sums[item].Store(sum)
	return nil
}

// Checksum returns 0: how far a task comes differs every time.
func (j *randMulJob) Checksum() uint64 { return 0 }

func (j *randMulJob) Close() error { return nil }

// products draws from a generator of its own on the task's stack: nothing is
// shared or allocated. PCG takes two words of seed, so each task has its own
// sequence by its number, and it is in the standard library, so we need no
// generator of our own. rand.Rand would put both on the heap.
type products struct{ pcg rand.PCG }

func newProducts(seed uint64, task int) products {
	var p products
	p.pcg.Seed(seed, uint64(task))
	return p
}

// sum returns the sum of n products of two integers.
func (p *products) sum(n int) uint64 {
	var sum uint64
	for range n {
		word := p.pcg.Uint64()
		sum += uint64(fiveDigits(uint32(word))) * uint64(fiveDigits(uint32(word>>32)))
	}
	return sum
}

// fiveDigits maps the 2^32 values of r to 10000..99999, evenly to one in 47,000
// (Lemire, Fast Random Integer Generation in an Interval, 2019, without its
// rejection step).
func fiveDigits(r uint32) uint32 {
	const least, most = 10000, 99999
	return least + uint32(uint64(r)*(most-least+1)>>32)
}
