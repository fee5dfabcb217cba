package worker

import (
	"context"
	"fmt"
	"runtime"
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
	watch   *sentinels

	taskNS []int64 // of the latency slice under way, by task
}

func newCell(job scenarios.Job, runner runners.Runner, p Prepare) *cell {
	return &cell{
		job: job, runner: runner, workers: p.Cell.Workers, items: job.Facts().Items,
		redo:  redo{permille: p.RedoPermille},
		watch: newSentinels(min(p.Cell.Workers, runtime.GOMAXPROCS(0))),
	}
}

func (c *cell) close() {
	c.watch.stop()
	c.job.Close()
}

// onePass runs all items on one worker and answers how long it took: a rough
// figure to plan slices with, and the first warm-up.
func (c *cell) onePass() (int64, error) {
	c.job.Begin()
	start := time.Now()
	for i := range c.items {
		if err := c.job.Do(0, i); err != nil {
			return 0, fmt.Errorf("first pass, item %d: %w", i, err)
		}
	}
	return time.Since(start).Nanoseconds(), nil
}

// turn does one warm-up and one slice and waits until the process is quiet.
func (c *cell) turn(ctx context.Context, s Slice) (Sample, Idle, error) {
	if s.Count < 1 || s.First < 0 || s.Warmup < 0 {
		return Sample{}, Idle{}, fmt.Errorf("slice %d: first %d, count %d, warmup %d: out of range", s.ID, s.First, s.Count, s.Warmup)
	}
	if err := c.warmUp(ctx, s); err != nil {
		return Sample{}, Idle{}, err
	}
	// A collection that the warm-up started must not be taken for a slow
	// machine by the sentinel, nor run on inside the slice.
	quiet()

	c.job.Begin()
	task := c.task(s.First)
	if s.Mode == ModeLatency {
		task = c.timed(task, s.Count)
	}
	sample := Sample{SliceID: s.ID, Tasks: s.Count}
	var before, after heap
	collections, wait := collected(), waited()
	slow := c.watch.time()
	if s.Mode == ModeLatency {
		before.read()
	}
	cpu := processCPU()
	start := time.Now()
	err := c.runner.Run(ctx, s.Count, c.workers, task)
	sample.WallNS = time.Since(start).Nanoseconds()
	cpuEnd := processCPU()
	if s.Mode == ModeLatency {
		after.read()
	}
	sample.CPUNS = cpuEnd - cpu
	sample.SentinelNS = []int64{slow, c.watch.time()}
	sample.WaitNS = max(waited()-wait, 0)
	ended := collected()
	sample.Collected = ended - collections
	if err != nil {
		return Sample{}, Idle{}, fmt.Errorf("slice %d: %w", s.ID, err)
	}
	if s.Mode == ModeLatency {
		sample.TaskNS = c.taskNS
		sample.Mallocs, sample.AllocBytes = after.mallocs-before.mallocs, after.bytes-before.bytes
	}
	sample.Checksum = c.job.Checksum()
	c.redo.base += s.Count
	idle := Idle{IdleCPUNS: quiet()}
	if sample.Collected == 0 && collected() == ended {
		// No collection: what the process did was to fall asleep, which a run
		// without pauses would not have done.
		idle.IdleCPUNS = 0
	}
	return sample, idle, nil
}

// warmUp does the items before First, so that the slice finds caches and
// branch predictors as a long run would leave them.
func (c *cell) warmUp(ctx context.Context, s Slice) error {
	if s.Warmup == 0 {
		return nil
	}
	first := s.First - s.Warmup%c.items + c.items
	c.job.Begin()
	warm := func(worker, item int) error { return c.job.Do(worker, (first+item)%c.items) }
	if err := c.runner.Run(ctx, s.Warmup, c.workers, warm); err != nil {
		return fmt.Errorf("slice %d: warm-up: %w", s.ID, err)
	}
	return nil
}

// task maps a slice's tasks to items, and does some twice where a slowdown is
// planted.
func (c *cell) task(first int) runners.Task {
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
		return plain(worker, i)
	}
}

// timed wraps a task with a clock of its own. Tasks write distinct entries.
func (c *cell) timed(task runners.Task, count int) runners.Task {
	c.taskNS = make([]int64, count)
	times := c.taskNS
	return func(worker, i int) error {
		start := time.Now()
		err := task(worker, i)
		times[i] = time.Since(start).Nanoseconds()
		return err
	}
}

// redo picks the tasks to do twice: permille of them over the life of the
// worker, spread as evenly as can be.
type redo struct {
	permille int
	base     int // tasks done in earlier slices
}

// hit tells whether task i of the slice is done twice. It takes the golden
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
