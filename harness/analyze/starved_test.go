package analyze

import (
	"strings"
	"testing"

	"zstdshop/harness/internal/standin"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// busyForks are forks of slices of 10 tasks and 1 ms, with CPU time and waiting as shares
// of that: of the first slice as best says, of all others as rest does.
func busyForks(best, rest [2]float64) (forks []result.Fork) {
	for n := range MinPairs {
		f := result.NewFork(n)
		f.PassNS = 1e6
		for turn := range 4 {
			at := rest
			if turn == 0 {
				at = best
			}
			f.Add(turn, 0, worker.Sample{Tasks: 10, WallNS: 1e6, CPUNS: int64(1e6 * at[0]), WaitNS: int64(1e6 * at[1])}, worker.Idle{})
		}
		forks = append(forks, f)
	}
	return forks
}

// What others took is seen in what a cell's workers waited and did not run, however many
// they are; that they wait for each other, for a lock or for work is their own.
func TestLostShare(t *testing.T) {
	for _, c := range []struct {
		name       string
		workers    int
		lanes      int
		rate       int
		best, rest [2]float64 // CPU time and waiting
		want       float64
	}{
		{"a pool that runs", 2, 2, 0, [2]float64{2, 0}, [2]float64{1.95, 0.02}, 0},
		{"a pool that ends unevenly", 2, 2, 0, [2]float64{1.99, 0}, [2]float64{1.5, 0.3}, 0},
		{"a pool that waits for others", 2, 2, 0, [2]float64{1.4, 0.6}, [2]float64{0.2, 2.8}, (0.3 + 3*0.9) / 4},
		{"one that never ran well", 2, 2, 0, [2]float64{0.4, 2}, [2]float64{0.2, 2.8}, (0.8 + 3*0.9) / 4},
		{"eight workers on two CPUs wait for each other", 8, 2, 0, [2]float64{2, 6}, [2]float64{1.9, 6}, 0},
		{"so do two on one CPU", 2, 2, 0, [2]float64{1, 1}, [2]float64{1, 1}, 0},
		{"a lock is no CPU", 2, 2, 0, [2]float64{2, 0}, [2]float64{0.3, 0.1}, 0},
		{"work at a rate is waited for", 2, 2, 100, [2]float64{2, 0}, [2]float64{0.1, 2}, 0},
		{"one worker that always waits", 1, 1, 0, [2]float64{0.5, 0.5}, [2]float64{0.5, 0.5}, 0.5},
		{"one that waits at times", 1, 1, 0, [2]float64{1, 0}, [2]float64{0.5, 0.5}, 0},
		{"a system that tells no waiting", 2, 2, 0, [2]float64{2, 0}, [2]float64{0.2, 0}, 0},
	} {
		got := lostShare(result.Cell{Workers: c.workers, Rate: c.rate}, busyForks(c.best, c.rest), c.lanes)
		if !near(got, c.want) {
			t.Errorf("%s: lost %v, want %v", c.name, got, c.want)
		}
	}
	if got := lostShare(result.Cell{Workers: 2}, nil, 2); got != 0 {
		t.Errorf("no slices: lost %v", got)
	}
}

// The interval of a pool that others keep from running holds what it does when it is left
// alone, and a note says that all figures are too low.
func TestStarvedPool(t *testing.T) {
	of := func(best, rest [2]float64) *result.Result {
		log := &journal.Log{Schedule: &journal.Schedule{}, Cells: []journal.CellLog{{Cell: result.Cell{Scenario: "compress", Codec: "fast", Runner: "pool", Workers: 2},
			Facts: &worker.Ready{Items: 10, BytesIn: 1e6, BytesOut: 5e5, PassNS: 1e6, Lanes: 2, GOMAXPROCS: 2}, Forks: busyForks(best, rest)}}}
		log.Header.Plan.Confidence = 0.95
		return Derive(log, standin.Registry(t))
	}
	for _, c := range []struct {
		name       string
		best, rest [2]float64
		hi         float64 // MB/s that the interval must reach; 10^6 bytes in a slice of 1 ms are 1000
		note       bool
	}{
		{"left alone", [2]float64{2, 0}, [2]float64{1.95, 0.02}, 1000, false},
		{"a tenth of both CPUs", [2]float64{0.4, 2}, [2]float64{0.2, 2.8}, 1000 * 8 / 1.0, true},
	} {
		r := of(c.best, c.rest)
		if got := r.Cells[0].MBPerS; got == nil || got.Hi == nil || *got.Hi < c.hi*(1-1e-9) || *got.Hi > c.hi*1.01 {
			t.Errorf("%s: %+v MB/s, want up to %v", c.name, got, c.hi)
		}
		note := false
		for _, w := range r.Warnings {
			note = note || w.Code == "starved" && strings.Contains(w.Text, "1 cell of several workers waited")
		}
		if note != c.note {
			t.Errorf("%s: a note: %v, want %v", c.name, note, c.note)
		}
	}
}
