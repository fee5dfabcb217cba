package runnertest

import (
	"fmt"
	"runtime"
	"testing"

	"zstdshop/runners"
)

// Overhead measures what a task costs under r beside its own work, which is none
// here: ns/task, and the allocations of one call of Run.
//
//	go test -run '^$' -bench Overhead ./runners/...
func Overhead(b *testing.B, name string, r runners.Runner) {
	// One Run is long enough that what it costs by itself does not show.
	const items = 1 << 16
	noop := func(_, _ int) error { return nil }
	info := r.Info()
	for _, workers := range []int{1, 2, 4} {
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
				if err := r.Run(b.Context(), items, workers, noop); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/items, "ns/task")
		})
	}
}
