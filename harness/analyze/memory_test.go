package analyze

import (
	"testing"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
)

// The first fork checks what it computes, and what it takes for that is not the cell's.
func TestMemoryWithoutTheCheck(t *testing.T) {
	fork := func(number int, added int64) result.Fork {
		f := result.NewFork(number)
		f.MemoryBytes, f.PreparedRSSBytes, f.PeakRSSBytes, f.Threads = added<<20, (20+added)<<20, (30+added)<<20, 10-number
		return f
	}
	for _, c := range []struct {
		name  string
		forks []result.Fork
		want  int64 // MiB
	}{
		{"one fork has no other", []result.Fork{fork(0, 32)}, 32},
		{"the largest of the others", []result.Fork{fork(0, 32), fork(1, 18), fork(2, 19), fork(3, 18)}, 19},
	} {
		var out result.CellResult
		memoryAndLatency(&out, &journal.CellLog{Forks: c.forks})
		if *out.MemoryBytes != c.want<<20 || *out.PreparedRSSBytes != (20+c.want)<<20 || *out.PeakRSSBytes != (30+c.want)<<20 || *out.Threads != 10 {
			t.Errorf("%s: %d added, %d prepared, %d at most, %d threads; want those of the fork of %d MiB",
				c.name, *out.MemoryBytes, *out.PreparedRSSBytes, *out.PeakRSSBytes, *out.Threads, c.want)
		}
	}
}
