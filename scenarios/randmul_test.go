package scenarios

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// fakeClock advances by step at every look.
type fakeClock struct {
	step  time.Duration
	looks atomic.Int64
}

func (c *fakeClock) now() time.Time {
	return time.Unix(0, 0).Add(time.Duration(c.looks.Add(1)) * c.step)
}

func prepareRandMul(t *testing.T, clock *fakeClock, tasks int, seed uint64) *randMulJob {
	t.Helper()
	job, err := randMul{now: clock.now}.Prepare(t.Context(), Input{Workers: 1, Tasks: tasks, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	return job.(*randMulJob)
}

// TestRandMulLooks counts looks at the clock and products: one batch between
// any two looks, until the deadline.
func TestRandMulLooks(t *testing.T) {
	for _, test := range []struct {
		step    time.Duration
		batches int
		looks   int64 // including the one of Begin
	}{
		{time.Millisecond, 99, 101},
		{10 * time.Millisecond, 9, 11},
		{99 * time.Millisecond, 1, 3},
		{100 * time.Millisecond, 0, 2}, // at the deadline is after it
		{time.Second, 0, 2},
	} {
		clock := &fakeClock{step: test.step}
		job := prepareRandMul(t, clock, 2, 7)
		for slice := range 2 {
			clock.looks.Store(0)
			job.Begin()
			if err := job.Do(0, 1); err != nil {
				t.Error(err)
			}
			want := newProducts(7, 1)
			if got, want := job.sums[1].Load(), want.sum(test.batches*randMulBatch); got != want {
				t.Errorf("clock by %v, slice %d: sum %d, that of %d batches is %d", test.step, slice, got, test.batches, want)
			}
			if got := clock.looks.Load(); got != test.looks {
				t.Errorf("clock by %v, slice %d: %d looks at the clock, want %d", test.step, slice, got, test.looks)
			}
		}
		if got := job.Checksum(); got != 0 {
			t.Errorf("checksum %d, want 0: the amount of work follows the clock", got)
		}
	}
}

// TestRandMulSharedDeadline lets one worker do three tasks: the first uses up
// the slice.
func TestRandMulSharedDeadline(t *testing.T) {
	clock := &fakeClock{step: 10 * time.Millisecond}
	job := prepareRandMul(t, clock, 3, 7)
	if got := job.Facts().Items; got != 3 {
		t.Errorf("%d items, want 3", got)
	}
	job.Begin()
	for task, want := range []int64{10, 1, 1} {
		before := clock.looks.Load()
		if err := job.Do(0, task); err != nil {
			t.Error(err)
		}
		if got := clock.looks.Load() - before; got != want {
			t.Errorf("task %d: %d looks at the clock, want %d", task, got, want)
		}
	}
}

// TestRandMulWithoutBegin must not run for ever.
func TestRandMulWithoutBegin(t *testing.T) {
	job := prepareRandMul(t, &fakeClock{step: time.Millisecond}, 1, 7)
	if err := job.Do(0, 0); err != nil || job.sums[0].Load() != 0 {
		t.Errorf("error %v, sum %d, want none and 0", err, job.sums[0].Load())
	}
}

func TestRandMulSequences(t *testing.T) {
	seen := map[uint64]string{}
	for _, test := range []struct {
		name string
		seed uint64
		task int
	}{
		{"seed 1 task 0", 1, 0},
		{"seed 1 task 1", 1, 1},
		{"seed 2 task 0", 2, 0},
		{"seed 0 task 0", 0, 0},
	} {
		p, again := newProducts(test.seed, test.task), newProducts(test.seed, test.task)
		sum := p.sum(100)
		if sum != again.sum(100) {
			t.Errorf("%s: not the same twice", test.name)
		}
		if other, ok := seen[sum]; ok {
			t.Errorf("%s has the products of %s", test.name, other)
		}
		seen[sum] = test.name
	}
}

func TestFiveDigits(t *testing.T) {
	for _, test := range []struct{ r, want uint32 }{
		{0, 10000},
		{1 << 31, 55000},
		{1<<32 - 1, 99999},
	} {
		if got := fiveDigits(test.r); got != test.want {
			t.Errorf("fiveDigits(%d) = %d, want %d", test.r, got, test.want)
		}
	}
}

// TestRandMulTasksAtOnce is for the race detector: all tasks, and one twice.
func TestRandMulTasksAtOnce(t *testing.T) {
	job := prepareRandMul(t, &fakeClock{step: 10 * time.Millisecond}, 2, 7)
	job.Begin()
	var group sync.WaitGroup
	for worker, task := range []int{0, 1, 0} {
		group.Go(func() { _ = job.Do(worker, task) })
	}
	group.Wait()
}

func TestRandMulAllocatesNothing(t *testing.T) {
	clock := &fakeClock{step: 50 * time.Millisecond}
	job := prepareRandMul(t, clock, 1, 7)
	allocs := testing.AllocsPerRun(10, func() {
		job.Begin()
		_ = job.Do(0, 0)
	})
	if allocs != 0 {
		t.Errorf("%v allocations a task", allocs)
	}
}
