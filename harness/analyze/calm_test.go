package analyze

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// glancedLog is runs of one cell on a machine that is at least low slower than the calm
// one, in logarithms, and up to 0.5 more from slice to slice; every sentinel errs for itself.
func glancedLog(low, slope, err float64, seed uint64) *journal.Log {
	rng := rand.New(rand.NewPCG(seed, 7))
	log := &journal.Log{}
	log.Header.Plan.Confidence = 0.95
	c := journal.CellLog{Cell: result.Cell{Scenario: "s", Workers: 1}, Facts: &worker.Ready{PassNS: 1, Items: 10, Lanes: 1}}
	glance := func(m float64) int64 { return int64(1e5 * math.Exp(m+err*rng.NormFloat64())) }
	for round := range 20 {
		var perTask []int64
		var sentinels [][2]int64
		for range 90 {
			m := low + 0.5*rng.Float64()
			perTask = append(perTask, int64(1e6*math.Exp(slope*m)))
			sentinels = append(sentinels, [2]int64{glance(m), glance(m)})
		}
		c.Forks = append(c.Forks, forkOf(round, perTask, sentinels))
	}
	log.Cells = []journal.CellLog{c}
	return log
}

func slopeOf(log *journal.Log) float64 {
	var whole turnSums
	for _, s := range sumTurns(figures(&log.Cells[0]), 20, 1, false) {
		whole.merge(s)
	}
	var fit slopeFit
	fit.add(whole)
	return fit.slope()
}

// The slope is that of the machine's state, not of glances at it: least squares would find
// half of it here.
func TestSlopeOfGlances(t *testing.T) {
	for seed := range uint64(5) {
		for _, want := range []float64{0.2, 0.5, 0.8} {
			exact, glanced := slopeOf(glancedLog(0, want, 0, seed)), slopeOf(glancedLog(0, want, 0.15, seed))
			if !closeTo(exact, want, 0.001) {
				t.Errorf("seed %d: slope %.3f without errors, want %v", seed, exact, want)
			}
			if math.Abs(glanced-want) > 0.15 {
				t.Errorf("seed %d: slope %.3f by sentinels that err, want about %v", seed, glanced, want)
			}
		}
	}
	if got := slopeOf(glancedLog(0, 0.3, 3, 1)); got < 0.7 {
		t.Errorf("slope %.3f by sentinels that tell nothing, want it to lean to 1", got)
	}
}

// A run that has never seen the machine calm takes it from those that have, and is surer
// the more there were.
func TestCalmIsToldByOthers(t *testing.T) {
	log := glancedLog(0.4, 0.8, 0.05, 1)
	log.Header.Plan.Calm = nil
	alone := CleanTimes(log, AllFigures(log))[0]
	if want := 1e6 * math.Exp(0.8*0.4); !closeTo(alone.Est, want, 0.06) {
		t.Errorf("alone %v ns, want about %v: the best that the run has seen", alone.Est, want)
	}
	var widths []float64
	for _, runs := range []int{1, 4, 30} {
		log.Header.Plan.Calm = []result.Calm{{Lanes: 1, SentinelNS: 1e5, Runs: runs}, {Lanes: 2, SentinelNS: 1e4, Runs: 99}}
		told := CleanTimes(log, AllFigures(log))[0]
		if !closeTo(told.Est, 1e6, 0.06) {
			t.Errorf("told by %d runs: %v ns, want about 1e6", runs, told.Est)
		}
		widths = append(widths, told.HalfWidth())
	}
	if !slices.IsSortedFunc(widths, func(a, b float64) int { return int(math.Copysign(1, b-a)) }) || widths[0] < 1.5*widths[2] {
		t.Errorf("half widths %v told by 1, 4 and 30 runs: want them to shrink", widths)
	}
	log.Header.Plan.Calm = []result.Calm{{Lanes: 1, SentinelNS: 9e5, Runs: 3}}
	if told := CleanTimes(log, AllFigures(log))[0]; !near(told.Est, alone.Est) {
		t.Errorf("told of a slower machine: %v ns, want %v as alone", told.Est, alone.Est)
	}
}

func TestCalmOf(t *testing.T) {
	log := glancedLog(0.4, 0.8, 0, 1)
	pool := log.Cells[0]
	pool.Facts = &worker.Ready{PassNS: 1, Items: 10, Lanes: 2}
	few := log.Cells[0]
	few.Facts, few.Forks = &worker.Ready{PassNS: 1, Items: 10, Lanes: 3}, few.Forks[:1]
	other, planned := pool, pool
	other.Cell.Language = "python"
	planned.Cell.Rate = 10
	planned.Facts = &worker.Ready{PassNS: 1, Items: 10, Lanes: 4}
	log.Cells = append(log.Cells, pool, few, other, planned)
	got := CalmOf(log)
	if len(got) != 2 || got[0].Lanes != 1 || got[1].Lanes != 2 || got[0].Runs != 1 {
		t.Fatalf("%+v, want lanes 1 and 2: 90 slices are few, other languages and slices at a rate do not count", got)
	}
	if want := 1e5 * math.Exp(0.405); !closeTo(got[0].SentinelNS, want, 0.005) {
		t.Errorf("%v ns, want about %v, the 1st percentile", got[0].SentinelNS, want)
	}
}
