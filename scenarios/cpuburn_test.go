package scenarios_test

import (
	"context"
	"reflect"
	"sync"
	"testing"

	"zstdshop/scenarios"
)

func TestCPUBurnChecksum(t *testing.T) {
	for _, test := range []struct {
		tasks, iters int
		want         uint64
	}{
		{4, 2_500_000, 2484899264},
		{1, 2_500_000, 621224816},
		{4, 100_000, 1005997292},
		{1, 1, 0}, // 0 ^ 0*k, rotated
		{1, 2, 2654435761<<13&(1<<32-1) | 2654435761>>19},
	} {
		job := prepare(t, scenarios.CPUBurn(), scenarios.Input{Workers: 2, Tasks: test.tasks, Iters: test.iters})
		if want := (scenarios.Facts{Items: test.tasks}); !reflect.DeepEqual(job.Facts(), want) {
			t.Errorf("%d tasks: facts %+v, want %+v", test.tasks, job.Facts(), want)
		}
		for pass := range 2 {
			job.Begin()
			for task := range test.tasks {
				if err := job.Do(task%2, task); err != nil {
					t.Error(err)
				}
			}
			if got := job.Checksum(); got != test.want {
				t.Errorf("%d tasks of %d, pass %d: checksum %d, want %d", test.tasks, test.iters, pass, got, test.want)
			}
		}
	}
}

// TestCPUBurnSameTaskTwiceAtOnce is for the race detector: a slice of several
// passes does that.
func TestCPUBurnSameTaskTwiceAtOnce(t *testing.T) {
	job := prepare(t, scenarios.CPUBurn(), scenarios.Input{Workers: 2, Tasks: 1, Iters: 2})
	var group sync.WaitGroup
	for worker := range 2 {
		group.Go(func() { _ = job.Do(worker, 0) })
	}
	group.Wait()
}

func TestPrepareRefuses(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, test := range []struct {
		name     string
		scenario scenarios.Scenario
		ctx      context.Context
		in       scenarios.Input
	}{
		{"cpuburn, no tasks", scenarios.CPUBurn(), t.Context(), scenarios.Input{Workers: 1, Iters: 1}},
		{"cpuburn, no iters", scenarios.CPUBurn(), t.Context(), scenarios.Input{Workers: 1, Tasks: 1}},
		{"cpuburn, ctx ended", scenarios.CPUBurn(), ended, scenarios.Input{Workers: 1, Tasks: 1, Iters: 1}},
		{"randmul, no tasks", scenarios.RandMul(), t.Context(), scenarios.Input{Workers: 1}},
		{"randmul, ctx ended", scenarios.RandMul(), ended, scenarios.Input{Workers: 1, Tasks: 1}},
	} {
		if job, err := test.scenario.Prepare(test.ctx, test.in); job != nil || err == nil {
			t.Errorf("%s: job %v, error %v, want none and an error", test.name, job, err)
		}
	}
}
