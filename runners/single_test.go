package runners_test

import (
	"context"
	"testing"

	"zstdshop/runners"
)

// noopItems is the number of items of one Run in the benchmarks: large enough
// that the cost of Run itself does not show in ns/task.
const noopItems = 1 << 17

func noop(worker, item int) error { return nil }

// perTask reports what b measured, one Run of noopItems an operation, per task.
// allocs/op stays per Run.
func perTask(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/noopItems, "ns/task")
}

func BenchmarkSingle(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	b.ReportAllocs()
	for b.Loop() {
		if err := runners.Single().Run(ctx, noopItems, 1, noop); err != nil {
			b.Fatal(err)
		}
	}
	perTask(b)
}

// BenchmarkBareLoop is the loop that BenchmarkSingle is compared with; it may
// take at most 3 ns/task less.
func BenchmarkBareLoop(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := bareLoop(noopItems, noop); err != nil {
			b.Fatal(err)
		}
	}
	perTask(b)
}

// bareLoop is kept out of line so that task stays an unknown function, as it is
// to a runner.
//
//go:noinline
func bareLoop(items int, task runners.Task) error {
	for item := range items {
		if err := task(0, item); err != nil {
			return err
		}
	}
	return nil
}
