package worker

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"zstdshop/runners"
	"zstdshop/scenarios"
)

// steps is a job and a runner that write down what happens to them, in order.
type steps struct {
	runners.Runner
	seen []string
	do   func(item int) error // nil or what a task does
	fail string               // the steps with the last of which the runner fails
}

func (s *steps) Run(ctx context.Context, items, workers int, task runners.Task) error {
	step := fmt.Sprintf("run %d with %d", items, workers)
	s.seen = append(s.seen, step)
	if strings.Join(s.seen, ", ") == s.fail {
		return errors.New("no workers")
	}
	return s.Runner.Run(ctx, items, workers, task)
}

func (s *steps) Facts() scenarios.Facts { return scenarios.Facts{Items: countedItems} }
func (s *steps) Begin()                 { s.seen = append(s.seen, "begin") }
func (s *steps) Checksum() uint64       { return 0 }
func (s *steps) Close() error           { return nil }
func (s *steps) Do(_, item int) error {
	if s.do == nil {
		return nil
	}
	return s.do(item)
}

func stepsCell(t *testing.T, s *steps, workers int) *cell {
	t.Helper()
	return mustCell(t, s, s, Prepare{Cell: CellSpec{Workers: workers}})
}

func mustCell(t *testing.T, job scenarios.Job, runner runners.Runner, p Prepare) *cell {
	t.Helper()
	c, err := newCell(job, runner, p, false)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The order of steps is part of the protocol: the cell's own workers gather,
// warm up, do the slice and gather again, with no run of anything else between.
func TestTurnSteps(t *testing.T) {
	lanes := min(3, runtime.GOMAXPROCS(0))
	gather := fmt.Sprintf("run %d with 3", lanes)
	inOrder := func(names ...string) []string {
		return slices.DeleteFunc(names, func(n string) bool { return n == "again" && lanes == 1 })
	}
	for _, c := range []struct {
		slice Slice
		want  []string
	}{
		{Slice{Count: 7, Warmup: 4, Mode: ModeThroughput}, inOrder(gather, "begin", "run 4 with 3", "begin", "again", "run 7 with 3", gather)},
		{Slice{Count: 7, Mode: ModeThroughput}, inOrder(gather, "begin", "again", "run 7 with 3", gather)},
		{Slice{Count: 7, Warmup: 4, Mode: ModeLatency}, inOrder(gather, "begin", "run 4 with 3", "begin", "again", "run 7 with 3", gather)},
	} {
		for i, step := range c.want {
			if step == "again" { // several workers gather once more right before the slice
				c.want[i] = gather
			}
		}
		s := &steps{Runner: runners.Pool()}
		cell := stepsCell(t, s, 3)
		sample, _, err := cell.turn(t.Context(), c.slice)
		cell.close()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(s.seen, c.want) {
			t.Errorf("%+v: %q, want %q", c.slice, s.seen, c.want)
		}
		if len(sample.SentinelNS) != 2 || slices.Min(sample.SentinelNS) <= 0 {
			t.Errorf("%+v: sentinels %v, want one of each gathering", c.slice, sample.SentinelNS)
		}
	}
}

func TestTurnGatherFails(t *testing.T) {
	lanes := min(2, runtime.GOMAXPROCS(0))
	if lanes == 1 {
		t.Skip("one CPU: a single worker gathers only once")
	}
	gather := fmt.Sprintf("run %d with 2", lanes)
	whole := []string{gather, "begin", "run 3 with 2", "begin", gather, "run 4 with 2", gather}
	for n, want := range map[int]string{1: "slice 5: gather: no workers", 3: "slice 5: warm-up: no workers", 5: "slice 5: gather: no workers",
		6: "slice 5: no workers", 7: "slice 5: gather: no workers"} {
		s := &steps{Runner: runners.Pool(), fail: strings.Join(whole[:n], ", ")}
		cell := stepsCell(t, s, 2)
		_, _, err := cell.turn(t.Context(), Slice{ID: 5, Count: 4, Warmup: 3, Mode: ModeThroughput})
		cell.close()
		if err == nil || err.Error() != want {
			t.Errorf("fails at step %d: %v, want %q", n, err, want)
		}
	}
}

// Collections are counted in the slice that they ended in, those since the end
// of the slice before it apart: in the warm-up, or while the worker was idle.
func TestTurnCountsCollections(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // only those made here
	s := &steps{Runner: runners.Single()}
	cell := stepsCell(t, s, 1)
	defer cell.close()
	turn := func(slice Slice) (Sample, Idle) {
		t.Helper()
		slice.Mode = ModeThroughput
		sample, idle, err := cell.turn(t.Context(), slice)
		if err != nil {
			t.Fatal(err)
		}
		return sample, idle
	}
	collect := func(items ...int) func(int) error {
		return func(item int) error {
			if slices.Contains(items, item) {
				runtime.GC()
			}
			return nil
		}
	}
	runtime.GC()
	turn(Slice{Count: 2})

	runtime.GC() // while idle
	s.do = collect(1)
	// Tasks of the warm-up: 0 1 2 0 1, of the slice 0 1 2.
	if got, _ := turn(Slice{Count: 3, Warmup: 5}); got.Collected != 1 || got.CollectedBefore != 3 {
		t.Errorf("%d collections in the slice and %d before; want 1, and 1 while idle and 2 in the warm-up", got.Collected, got.CollectedBefore)
	}
	if got, _ := turn(Slice{Count: 5}); got.Collected != 1 || got.CollectedBefore != 0 {
		t.Errorf("without a warm-up: %d in the slice and %d before; want 1 and 0", got.Collected, got.CollectedBefore)
	}
	s.do = nil
	if got, idle := turn(Slice{Count: 5, Warmup: 5}); got.Collected != 0 || got.CollectedBefore != 0 || idle.IdleCPUNS != 0 {
		t.Errorf("no collection: %d in the slice, %d before, %d ns after; want none of it", got.Collected, got.CollectedBefore, idle.IdleCPUNS)
	}
}

// CPU that the process goes on to take after a slice counts where a collection
// took it. Where there was none it is what falling asleep costs.
func TestTurnChargesCollectionsOnly(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // only those made here
	charged := func(collects bool) bool {
		var stop atomic.Bool
		s := &steps{Runner: runners.Single(), do: func(int) error {
			if collects {
				runtime.GC()
			}
			running := make(chan bool)
			go func() {
				close(running)
				for !stop.Load() { // until after the turn: the process is not quiet
				}
			}()
			<-running
			return nil
		}}
		cell := stepsCell(t, s, 1)
		_, idle, err := cell.turn(t.Context(), Slice{Count: 1, Mode: ModeThroughput})
		stop.Store(true)
		cell.close()
		if err != nil {
			t.Fatal(err)
		}
		return idle.IdleCPUNS > 0
	}
	for range 3 {
		if charged(false) {
			t.Fatal("charged for CPU after a slice without a collection")
		}
	}
	// On a busy machine the process may look quiet because it has no CPU.
	for range 100 {
		if charged(true) {
			return
		}
	}
	t.Error("not charged for CPU after a slice with a collection")
}

// wasteful is a runner that allocates this many objects in each run.
type wasteful struct {
	runners.Runner
	objects int
	kept    []*[64]byte
}

func (w *wasteful) Run(ctx context.Context, items, workers int, task runners.Task) error {
	w.kept = w.kept[:0]
	for range w.objects {
		w.kept = append(w.kept, new([64]byte))
	}
	return w.Runner.Run(ctx, items, workers, task)
}

// Allocations are those of the slice, not of what gathers its workers.
func TestTurnCountsAllocations(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	const objects = 10_000
	w := &wasteful{Runner: runners.Pool(), objects: objects, kept: make([]*[64]byte, 0, objects)}
	for _, workers := range []int{1, 2} {
		cell := mustCell(t, &steps{}, w, Prepare{Cell: CellSpec{Workers: workers}})
		sample, _, err := cell.turn(t.Context(), Slice{Count: 5, Warmup: 5, Mode: ModeLatency})
		cell.close()
		if err != nil {
			t.Fatal(err)
		}
		// The rest of the process allocates a little meanwhile.
		if sample.Mallocs < objects || sample.Mallocs >= 3*objects/2 || sample.AllocBytes < 64*objects || sample.AllocBytes >= 64*objects*3/2 {
			t.Errorf("%d workers: %d objects of %d bytes, want the %d of one run", workers, sample.Mallocs, sample.AllocBytes, objects)
		}
	}
}

// flushing is a job whose tasks flush twice each while that is asked for.
type flushing struct {
	*steps
	asked, done int
}

func (f *flushing) Do(_, item int) error {
	f.done += 2
	return nil
}

func (f *flushing) TimeSteps(tasks int) []int64 {
	took := make([]int64, 0, f.done)
	for n := range f.done {
		took = append(took, int64(n+1))
	}
	if f.asked == 0 {
		took = nil
	}
	f.asked, f.done = tasks, 0
	return took
}

// Flushes are timed in slices that time tasks, and in no others: not in the warm-up either.
func TestTurnTimesFlushes(t *testing.T) {
	for _, c := range []struct {
		mode  string
		redo  int
		want  int // flushes
		asked int // tasks to make room for
	}{{ModeThroughput, 0, 0, 0}, {ModeLatency, 0, 6, 3}, {ModeLatency, 1000, 12, 6}} {
		f := &flushing{steps: &steps{Runner: runners.Single()}}
		room := 0
		f.steps.Runner = ranBy(func() { room = f.asked })
		cell := mustCell(t, f, f.steps, Prepare{Cell: CellSpec{Workers: 1}, RedoPermille: c.redo})
		sample, _, err := cell.turn(t.Context(), Slice{Count: 3, Warmup: 5, Mode: c.mode})
		cell.close()
		if err != nil {
			t.Fatal(err)
		}
		if len(sample.FlushNS) != c.want || room != c.asked || f.asked != 0 {
			t.Errorf("%s, redo %d: %d flushes, asked for %d tasks and then for %d; want %d, %d, 0", c.mode, c.redo, len(sample.FlushNS), room, f.asked, c.want, c.asked)
		}
	}
}

// ranBy is the runner single, which calls seen at the end of each run of more than one
// task.
type ranBy func()

func (ranBy) Info() runners.Info { return runners.Single().Info() }

func (seen ranBy) Run(ctx context.Context, items, workers int, task runners.Task) error {
	err := runners.Single().Run(ctx, items, workers, task)
	if items > 1 {
		seen()
	}
	return err
}
