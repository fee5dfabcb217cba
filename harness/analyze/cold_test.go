package analyze

import (
	"math"
	"testing"

	"zstdshop/harness/result"
)

// runInForks is n forks of 10 slices that take perSlice each, after a run-in whose last
// took runIn, and with a latency slice whose tasks took latency on average.
func runInForks(n int, perSlice, runIn, latency int64) []result.Fork {
	var forks []result.Fork
	for i := range n {
		f := result.NewFork(i)
		f.RunIn, f.Warmup = []int64{9 * runIn, runIn}, 5
		for turn := range 10 {
			f.Turn, f.First, f.Tasks = append(f.Turn, turn), append(f.First, 0), append(f.Tasks, 10)
			f.WallNS, f.CPUNS = append(f.WallNS, perSlice+int64(turn%3)), append(f.CPUNS, perSlice)
			f.IdleNS, f.WaitNS = append(f.IdleNS, 0), append(f.WaitNS, 0)
			f.Collect, f.CollectBefore = append(f.Collect, 0), append(f.CollectBefore, 0)
		}
		f.TaskNS = [][2]int64{{latency, 10}}
		forks = append(forks, f)
	}
	return forks
}

func TestTooCold(t *testing.T) {
	for _, c := range []struct {
		name  string
		forks []result.Fork
		want  bool
	}{
		{"slices as long as the run-in's last", runInForks(8, 1_000_000, 1_000_000, 100_000), false},
		{"a tenth longer", runInForks(8, 1_100_000, 1_000_000, 110_000), true},
		{"shorter", runInForks(8, 900_000, 1_000_000, 90_000), false},
		{"two hundredths are nothing", runInForks(8, 1_020_000, 1_000_000, 100_000), false},
		{"seven forks say nothing", runInForks(7, 1_500_000, 1_000_000, 150_000), false},
		{"nor do forks without a run-in", runInForks(8, 1_500_000, 0, 150_000), false},
	} {
		for i := range c.forks {
			if c.forks[i].RunIn[1] == 0 {
				c.forks[i].RunIn = nil
			}
		}
		if got := TooCold(c.forks); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	// Forks that disagree about it say nothing either.
	mixed := append(runInForks(4, 1_300_000, 1_000_000, 1), runInForks(4, 850_000, 1_000_000, 1)...)
	if TooCold(mixed) {
		t.Error("half of the forks are slower and half faster: called too cold")
	}
	// A warm-up that was lengthened is judged by the forks that had it.
	longer := runInForks(8, 1_000_000, 1_000_000, 100_000)
	for i := range longer {
		longer[i].Warmup = 10
	}
	if TooCold(append(runInForks(8, 1_500_000, 1_000_000, 1), longer...)) {
		t.Error("forks of a shorter warm-up count")
	}
}

// Rounds before a warm-up was found too short are left out once there are enough without
// them, and not before: a run must not end with no pair at all.
func TestWarmForks(t *testing.T) {
	longer := func(n int) []result.Fork {
		forks := runInForks(n, 1, 1, 1)
		for i := range forks {
			forks[i].Warmup = 10
		}
		return forks
	}
	if n := len(warmForks(append(runInForks(9, 1, 1, 1), longer(MinPairs-1)...))); n != 9+MinPairs-1 {
		t.Errorf("%d forks, want all while there are few of the longer warm-up", n)
	}
	if n := len(warmForks(append(runInForks(9, 1, 1, 1), longer(MinPairs)...))); n != MinPairs {
		t.Errorf("%d forks, want the %d of the longer warm-up", n, MinPairs)
	}
}

// A cell whose slices take twice what the same work did otherwise has an interval that
// holds both, and is named.
func TestDisagreement(t *testing.T) {
	one := result.Cell{Workers: 1}
	for _, c := range []struct {
		name  string
		cell  result.Cell
		forks []result.Fork
		want  float64 // quotient; 1 where nothing is said
	}{
		{"they agree", one, runInForks(8, 1_000_000, 1_000_000, 100_000), 1},
		{"twice the run-in's", one, runInForks(8, 2_000_000, 1_000_000, 200_000), 2},
		{"twice the single tasks'", one, runInForks(8, 2_000_000, 2_000_000, 100_000), 2},
		{"half of the single tasks'", one, runInForks(8, 1_000_000, 1_000_000, 200_000), 0.5},
		{"of which several workers do several at once", result.Cell{Workers: 2}, runInForks(8, 1_000_000, 1_000_000, 200_000), 1},
		{"tasks that a clock lengthens", one, runInForks(8, 10_000, 10_000, 1500), 1},
		{"tasks that come at a rate", result.Cell{Workers: 1, Rate: 10}, runInForks(8, 2_000_000, 1_000_000, 100_000), 1},
	} {
		if got := math.Exp(disagreement(c.cell, c.forks)); math.Abs(got/c.want-1) > 0.01 {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
