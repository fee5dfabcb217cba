package main

import (
	"fmt"
	"runtime"
	"testing"
)

// BenchmarkOverhead is what a task costs under each runner of the catalogue
// beside its own work, which is none here: ns/task, and allocations of a Run.
//
//	go test -run '^$' -bench Overhead .
func BenchmarkOverhead(b *testing.B) {
	// One Run is long enough that what it costs by itself does not show.
	const items = 1 << 16
	noop := func(_, _ int) error { return nil }
	reg := registry()
	for _, name := range reg.Runners() {
		runner, err := reg.Runner(name)
		if err != nil {
			b.Fatal(err)
		}
		for _, workers := range []int{1, 2, 4} {
			info := runner.Info()
			if info.MaxWorkers > 0 && workers > info.MaxWorkers {
				continue
			}
			b.Run(fmt.Sprintf("runner=%s/workers=%d", name, workers), func(b *testing.B) {
				// As the harness starts its process. Procs has one for each worker,
				// so that its share of this process is not limited.
				if n := info.Process.GOMAXPROCS; n > 0 && !info.Process.ProcessPerWorker {
					defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
				}
				b.ReportAllocs()
				for b.Loop() {
					if err := runner.Run(b.Context(), items, workers, noop); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/items, "ns/task")
			})
		}
	}
}
