package analyze

import (
	"math"
	"math/rand/v2"
	"testing"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// disturbedLog is cells whose slices take cost ns a task on the calm machine, whose
// sentinel takes calm ns then, and both slow down by the same interference. noise is the
// standard deviation of a slice's log time beside it.
func disturbedLog(costs []float64, lanes []int, calm map[int]float64, slope, noise float64, rounds int, seed uint64) *journal.Log {
	rng := rand.New(rand.NewPCG(seed, 1))
	log := &journal.Log{Header: journal.Header{Delta: DefaultDelta}}
	log.Header.Plan.Confidence = 0.95
	for i := range costs {
		log.Cells = append(log.Cells, journal.CellLog{
			Cell:  result.Cell{Scenario: "s", Level: i, Workers: lanes[i]},
			Facts: &worker.Ready{PassNS: 1, Items: 10, GOMAXPROCS: 2},
		})
	}
	for round := range rounds {
		slow := 0.5 * rng.Float64() // of the whole round, and more from turn to turn
		for i := range costs {
			var perTask []int64
			var sentinels [][2]int64
			for turn := range 12 {
				m := slow + 0.5*rng.Float64()
				if turn == 0 { // calm for a moment
					m = 0
				}
				perTask = append(perTask, int64(1e4*costs[i]*math.Exp(slope*m+noise*rng.NormFloat64())))
				s := int64(calm[lanes[i]] * math.Exp(m))
				sentinels = append(sentinels, [2]int64{s, s * 3}) // one of the two was interrupted
			}
			log.Cells[i].Forks = append(log.Cells[i].Forks, forkOf(round, perTask, sentinels))
		}
	}
	return log
}

// The estimate is of the calm machine, whatever the interference was, and cells of
// several workers have a calm of their own.
func TestCleanTimesRemoveInterference(t *testing.T) {
	costs := []float64{1, 2, 5, 3}
	for _, slope := range []float64{0, 0.4, 0.8} {
		log := disturbedLog(costs, []int{1, 1, 2, 2}, map[int]float64{1: 1e5, 2: 1.6e5}, slope, 0, 8, 1)
		for i, e := range CleanTimes(log, AllFigures(log)) {
			if !closeTo(e.Est, 1e4*costs[i], 0.001) {
				t.Errorf("slope %v, cell %d: %v ns, want %v", slope, i, e.Est, 1e4*costs[i])
			}
			if e.N != 4 {
				t.Errorf("cell %d: %d values behind it, want the 4 pairs of 8 rounds", i, e.N)
			}
		}
	}
}

// A slow cell is no sign of a slow machine, nor is a fast sentinel of other
// workers; and a machine without interference is left as it is.
func TestCleanTimesOfASteadyMachine(t *testing.T) {
	log := &journal.Log{}
	log.Header.Plan.Confidence = 0.95
	for i, ns := range []int64{100, 300} {
		c := journal.CellLog{Cell: result.Cell{Workers: 1 + i}, Facts: &worker.Ready{PassNS: 1}}
		for fork := range 3 {
			s := int64(1000 * (1 + i))
			c.Forks = append(c.Forks, forkOf(fork, []int64{ns, ns}, [][2]int64{{s, s}, {s, s}}))
		}
		log.Cells = append(log.Cells, c)
	}
	for i, e := range CleanTimes(log, AllFigures(log)) {
		if want := []float64{100, 300}[i]; !near(e.Est, want) || !near(e.Lo, want) || !near(e.Hi, want) || e.N != 3 {
			t.Errorf("cell %d: %v (%v..%v) of %d, want %v exactly, of 3 rounds", i, e.Est, e.Lo, e.Hi, e.N, want)
		}
	}
}

// Slices without sentinels, slices of a planned pace and starved ones.
func TestCleanTimesOfOtherSlices(t *testing.T) {
	with := func(change func(c *journal.CellLog)) float64 {
		log := disturbedLog([]float64{1, 1}, []int{1, 1}, map[int]float64{1: 1e5}, 0.8, 0, 4, 2)
		change(&log.Cells[1])
		return CleanTimes(log, AllFigures(log))[1].Est
	}
	mean := func(c *journal.CellLog) float64 {
		sum, n := 0.0, 0.0
		for _, f := range c.Forks {
			for k, w := range f.WallNS {
				sum += math.Log(float64(w) / float64(f.Tasks[k]))
				n++
			}
		}
		return math.Exp(sum / n)
	}
	plain := 0.0
	for name, change := range map[string]func(c *journal.CellLog){
		"no sentinels": func(c *journal.CellLog) {
			for i := range c.Forks {
				c.Forks[i].Before, c.Forks[i].After = []int64{}, []int64{}
			}
		},
		"a rate":        func(c *journal.CellLog) { c.Cell.Rate = 10 },
		"a fixed slice": func(c *journal.CellLog) { c.Facts.PassNS = 0 },
	} {
		got := with(func(c *journal.CellLog) { change(c); plain = mean(c) })
		if !near(got, plain) {
			t.Errorf("%s: %v ns, want the plain mean %v", name, got, plain)
		}
	}
	starved := with(func(c *journal.CellLog) {
		for i := range c.Forks {
			f := &c.Forks[i]
			copy(f.CPUNS, f.WallNS)
			f.WallNS[3] *= 9
			f.WaitNS[3] = f.WallNS[3] - f.CPUNS[3]
		}
	})
	if !closeTo(starved, 1e4, 0.001) {
		t.Errorf("with starved turns %v ns, want 10000: they do not count", starved)
	}
	if got := with(func(c *journal.CellLog) { c.Forks = nil }); !math.IsNaN(got) {
		t.Errorf("without a fork %v, want NaN", got)
	}
}

// The intervals are as wide as they should be: where slices scatter, where interference
// last for a round, and where the line is off by the doubt in it.
func TestCleanTimesCoverage(t *testing.T) {
	const runs = 400
	for _, c := range []struct {
		name         string
		slope, noise float64
		off          float64 // standard error of the line
	}{
		{"noise alone", 0, 0.3, 0},
		{"the line alone", 0.6, 0.001, doubtAlone * 0.6 * 0.5}, // the mean of slow is half a unit
	} {
		held, all := 0, 0
		rng := rand.New(rand.NewPCG(3, 4))
		for seed := range uint64(runs) {
			off := math.Exp(c.off * rng.NormFloat64())
			log := disturbedLog([]float64{1 * off, 2 * off, 3 * off}, []int{1, 1, 2}, map[int]float64{1: 1e5, 2: 1e5}, c.slope, c.noise, 12, seed)
			for i, e := range CleanTimes(log, AllFigures(log)) {
				all++
				if want := 1e4 * float64(i+1); e.Lo <= want && want <= e.Hi {
					held++
				}
			}
		}
		if share := float64(held) / float64(all); share < 0.92 || share > 0.995 {
			t.Errorf("%s: 95 %% intervals hold the truth in %.1f %% of %d", c.name, 100*share, all)
		}
	}
}
