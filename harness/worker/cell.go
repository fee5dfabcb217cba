package worker

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"zstdshop/runners"
	"zstdshop/scenarios"
)

// cell is a prepared cell and the state its turns share. One goroutine uses it;
// the tasks of a slice run on the runner's.
type cell struct {
	job     scenarios.Job
	runner  runners.Runner
	workers int
	items   int
	redo    redo
	lanes   int  // workers that can run at once
	foreign bool // each task is a call into foreign code
	waits   waits
	ended   int // collections up to the end of the last slice
	pace    pace
	alarms  alarms         // of the pace
	counter *sharedCounter // shared with the other processes of a multi-process worker; nil alone

	taskNS []int64 // of the latency slice under way, by task
}

func newCell(job scenarios.Job, runner runners.Runner, p Prepare, foreign bool) (*cell, error) {
	c := &cell{
		job: job, runner: runner, workers: p.Cell.Workers, items: job.Facts().Items,
		redo:  redo{permille: p.RedoPermille},
		lanes: lanesOf(runner.Info(), p.Cell.Workers), foreign: foreign,
	}
	if p.Cell.Rate > 0 {
		var err error
		if c.alarms, err = newAlarms(p.Cell.Workers); err != nil {
			return nil, err
		}
		c.pace = pace{rate: p.Cell.Rate, now: time.Now, sleep: c.alarms.sleep}
	}
	return c, nil
}

// lanesOf is how many of the workers can run at once.
func lanesOf(r runners.Info, workers int) int {
	if r.Serial {
		return 1
	}
	lanes := min(workers, runtime.GOMAXPROCS(0))
	if cpus := usableCPUs(); cpus > 0 {
		lanes = min(lanes, cpus)
	}
	return lanes
}

func (c *cell) close() {
	c.alarms.close()
	c.waits.close()
	_ = c.counter.close() // the process ends next
	c.job.Close()
}

// shortPass is below which a first pass says more of waking up, of page faults
// and of empty caches than of the work.
const shortPass = 5 * time.Millisecond

// onePass runs all items on one worker and returns how long it took: a rough
// figure to plan slices with, and the first warm-up. A short one is done twice.
func (c *cell) onePass() (int64, error) {
	took := time.Duration(0)
	for range 2 {
		c.job.Begin()
		start := time.Now()
		for i := range c.items {
			if err := c.job.Do(0, i); err != nil {
				return 0, fmt.Errorf("first pass, item %d: %w", i, err)
			}
		}
		if took = time.Since(start); took >= shortPass {
			break
		}
	}
	return took.Nanoseconds(), nil
}

// turn gathers the workers, warms up, does one slice and waits until the
// process is quiet. From the gathering to the last sentinel there is no pause:
// a CPU that falls asleep in between takes the second worker with it.
func (c *cell) turn(ctx context.Context, s Slice) (Sample, Idle, error) {
	sample, idle, err := c.slice(ctx, s)
	if err != nil {
		return Sample{}, Idle{}, fmt.Errorf("slice %d: %w", s.ID, err)
	}
	return sample, idle, nil
}

func (c *cell) slice(ctx context.Context, s Slice) (sample Sample, idle Idle, err error) {
	if s.Count < 1 || s.First < 0 || s.Warmup < 0 || s.Place < 0 || s.Members < 0 {
		return sample, idle, fmt.Errorf("first %d, count %d, warmup %d, place %d, members %d: out of range", s.First, s.Count, s.Warmup, s.Place, s.Members)
	}
	if s.Members > 0 && c.counter == nil {
		return sample, idle, fmt.Errorf("%d members without a shared counter", s.Members)
	}
	if s.ID%findTurns == 0 {
		c.waits.find() // threads are made in the first turns, if at all
	}
	ctx = runners.WithForeign(ctx, c.foreign)
	before, err := c.gather(ctx, gatherTimeout, s.Place)
	if err != nil {
		return sample, idle, err
	}
	warming := time.Now()
	if err := c.warmUp(ctx, s); err != nil {
		return sample, idle, err
	}
	warm := time.Since(warming)
	c.job.Begin()
	task := c.task(s.First, s.Count)
	if s.Mode == ModeLatency {
		task = c.timed(task, s.Count)
	}
	task = c.pace.planned(task)
	sample = Sample{SliceID: s.ID, Tasks: s.Count, WarmNS: warm.Nanoseconds()}
	var allocated, allocatedEnd heap
	begun, wait := collected(), c.waits.total()
	if c.lanes > 1 {
		// Reading all that took long enough for the second worker's thread to
		// fall asleep, and it might wake up on the first one's CPU again.
		if _, err := c.gather(ctx, gatherTimeout, s.Place); err != nil {
			return sample, idle, err
		}
	}
	if s.Mode == ModeLatency {
		c.timeSteps(s.Count)
		allocated.read() // after the gathering, which allocates too
	}
	run := func() error { return c.runner.Run(ctx, s.Count, c.workers, task) }
	if s.Members > 0 {
		run = func() error { return c.share(ctx, s, task, &sample) }
		if err := c.counter.meet(s.Members); err != nil {
			return sample, idle, err
		}
	}
	cpu := processCPU()
	start := time.Now()
	c.pace.begin = start
	err = run()
	sample.WallNS = time.Since(start).Nanoseconds()
	cpuEnd := processCPU()
	if err != nil {
		return sample, idle, err
	}
	if s.Mode == ModeLatency {
		allocatedEnd.read()
		sample.FlushNS = c.timeSteps(0)
	}
	sample.CPUNS = cpuEnd - cpu
	after, err := c.gather(ctx, stayTimeout, -1)
	if err != nil {
		return sample, idle, err
	}
	sample.SentinelNS = []int64{before, after}
	sample.WaitNS = max(c.waits.total()-wait, 0)
	ended := collected()
	sample.Collected, sample.CollectedBefore = ended-begun, begun-c.ended
	c.ended = ended
	if s.Mode == ModeLatency {
		sample.TaskNS = c.taskNS
		if s.Members > 0 {
			sample.TaskNS = slices.DeleteFunc(sample.TaskNS, func(ns int64) bool { return ns == 0 }) // done by others
		}
		sample.Mallocs, sample.AllocBytes = allocatedEnd.mallocs-allocated.mallocs, allocatedEnd.bytes-allocated.bytes
	}
	sample.Checksum = c.job.Checksum()
	c.redo.base += s.Count
	idle.IdleCPUNS = quiet()
	if sample.Collected == 0 && collected() == ended {
		// No collection: what the process did was to fall asleep, which a run
		// without pauses would not have done.
		idle.IdleCPUNS = 0
	}
	return sample, idle, nil
}

// gather is one rendezvous of the runner's workers. It returns the sentinel time of the
// slowest in nanoseconds.
func (c *cell) gather(ctx context.Context, timeout time.Duration, place int) (slowest int64, err error) {
	m := rendezvous{lanes: c.lanes, timeout: timeout, place: place}
	if err := c.runner.Run(ctx, c.lanes, c.workers, m.task); err != nil {
		return 0, fmt.Errorf("gather: %w", err)
	}
	return m.slowest.Load(), nil
}

// share does those tasks of a slice that this member of a multi-process worker gets hold of, and
// counts them. One call more than there are tasks, so that even a member that does
// all of them is told once that none is left.
func (c *cell) share(ctx context.Context, s Slice, task runners.Task, sample *Sample) error {
	done := 0
	err := c.runner.Run(ctx, s.Count+1, c.workers, func(worker, _ int) error {
		i, err := c.counter.take(s.Count)
		if err != nil {
			return err
		}
		done++
		return task(worker, i)
	})
	c.counter.end(s.Count, s.Members)
	sample.Tasks = done
	if errors.Is(err, errNoTask) {
		return nil
	}
	return err
}

// warmUp does tasks of the slice itself, over and over, so that the slice finds
// caches and branch predictors as a run of nothing else would leave them.
func (c *cell) warmUp(ctx context.Context, s Slice) error {
	if s.Warmup == 0 {
		return nil
	}
	c.job.Begin()
	warm := func(worker, i int) error { return c.job.Do(worker, (s.First+i%s.Count)%c.items) }
	if err := c.runner.Run(ctx, s.Warmup, c.workers, warm); err != nil {
		return fmt.Errorf("warm-up: %w", err)
	}
	return nil
}

// task maps a slice's tasks to items, and does more than was asked where a
// slowdown is planted.
func (c *cell) task(first, count int) runners.Task {
	job, items := c.job, c.items
	plain := func(worker, i int) error {
		item := first + i
		if item >= items {
			item %= items
		}
		return job.Do(worker, item)
	}
	if c.redo.permille == 0 {
		return plain
	}
	again := c.redo
	return func(worker, i int) error {
		if err := plain(worker, i); err != nil || !again.hit(i) {
			return err
		}
		// Not the same once more: what it needs is at hand now, and a task that
		// is done twice in a row costs up to a third less than two.
		return plain(worker, (i+count/2)%count)
	}
}

// timed wraps a task with a clock of its own, which starts when the task was due
// where there is a plan. Tasks write distinct entries.
func (c *cell) timed(task runners.Task, count int) runners.Task {
	c.taskNS = make([]int64, count)
	times := c.taskNS
	return func(worker, i int) error {
		start := time.Now()
		if c.pace.rate > 0 {
			start = c.pace.due(i)
		}
		err := task(worker, i)
		times[i] = max(time.Since(start).Nanoseconds(), 1) // a coarse clock may see none
		return err
	}
}

// timeSteps has the steps of so many tasks timed from here on, where tasks have some, and
// returns what has been timed.
func (c *cell) timeSteps(tasks int) []int64 {
	stepped, ok := c.job.(scenarios.Stepped)
	if !ok {
		return nil
	}
	if c.redo.permille > 0 {
		tasks *= 2 // that a planted slowdown adds
	}
	return stepped.TimeSteps(tasks)
}

// redo picks the tasks after which another one is done: permille of them over
// the life of the worker, spread as evenly as can be.
type redo struct {
	permille int
	base     int // tasks done in earlier slices
}

// hit reports whether task i of the slice is one. It takes the golden
// ratio's multiples modulo 1 (Weyl's sequence, the most even one there is), so
// that the share is met in every stretch of tasks and no period of the items
// falls in step with it.
func (r redo) hit(i int) bool {
	const golden = 0x9e3779b97f4a7c15 // 2^64 / golden ratio
	x := uint64(r.base+i) * golden
	return x>>32*1000>>32 < uint64(r.permille)
}

// heap counts allocations so far. Reading it stops the world, so it is kept
// away from throughput slices.
type heap struct{ mallocs, bytes uint64 }

func (h *heap) read() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	h.mallocs, h.bytes = m.Mallocs, m.TotalAlloc
}
