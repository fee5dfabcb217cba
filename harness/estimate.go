package harness

import (
	"math"
	"slices"

	"zstdshop/stats"
)

// sentinelSlack is how far above the sentinel's own 10th percentile a sentinel
// may be for its slice to count as undisturbed.
const sentinelSlack = 1.03

// quietIdleNS is the CPU time after a slice below which nothing of the slice
// was still running.
const quietIdleNS = 20_000

// machineState is the sentinel time that speaks for each slice: the slower of
// the one before and the one after. A collection that is still running slows
// the sentinel after it and would make the slice look disturbed by the machine
// when it is disturbed by itself; such a slice is judged by the sentinel before
// the next one, which runs when the process is quiet.
func (f Fork) machineState() []float64 {
	state := make([]float64, len(f.Before))
	for i := range state {
		after := f.After[i]
		if f.Collect[i] > 0 || f.IdleNS[i] > quietIdleNS {
			after = f.Before[i]
			if i+1 < len(f.Before) {
				after = f.Before[i+1]
			}
		}
		state[i] = float64(max(f.Before[i], after))
	}
	return state
}

// waitShare is the share of a slice that its workers may be kept from running
// for it to count as undisturbed.
const waitShare = 0.01

// calm is the bound of a cell's undisturbed slices.
type calm struct {
	sentinel float64 // ns; 0 where there are no sentinels
	// lanes is how many workers can run at once; 0 where waiting for a CPU says
	// nothing, because the cell has more workers than CPUs and waits for itself.
	lanes int
}

// calmest derives the bound from all forks of a cell.
func calmest(c *CellLog, cpus int) calm {
	var all []float64
	for _, f := range c.Forks {
		all = append(all, f.machineState()...)
	}
	bound := calm{}
	if c.Cell.Workers <= cpus {
		bound.lanes = c.Cell.Workers
	}
	if len(all) > 0 {
		slices.Sort(all)
		bound.sentinel = sentinelSlack * all[len(all)/10]
	}
	return bound
}

// undisturbed tells for each slice of f whether the machine left it alone.
func (f Fork) undisturbed(bound calm) []bool {
	good := make([]bool, len(f.WallNS))
	state := f.machineState()
	for i := range good {
		good[i] = bound.sentinel == 0 || state[i] <= bound.sentinel
		if float64(f.missed(i, bound.lanes)) > waitShare*float64(f.WallNS[i]) {
			good[i] = false
		}
	}
	return good
}

// missed is how long the workers of slice i were kept from running: the time
// threads waited for a CPU, as far as it was missing from the workers' own.
// The rest of the waiting was that of idle threads of the runtime, which
// cost nothing (docs/method.md).
func (f Fork) missed(i, lanes int) int64 {
	return max(0, min(f.WaitNS[i], int64(lanes)*f.WallNS[i]-f.CPUNS[i]))
}

// kept tells which slices of f count: the undisturbed ones, or all of them
// where there is none.
func (f Fork) kept(bound calm) []bool {
	keep := f.undisturbed(bound)
	if !slices.Contains(keep, true) {
		for i := range keep {
			keep[i] = true
		}
	}
	return keep
}

// windowCosts is how much more or less than the average a task of each window
// costs, so that a fork that kept other windows than another is still
// comparable. Medians over all slices of the cell, scaled to a mean of 1
// weighted by tasks.
func windowCosts(forks []Fork) map[int]float64 {
	perTask := map[int][]float64{}
	tasks := map[int]int{}
	for _, f := range forks {
		for i, first := range f.First {
			perTask[first] = append(perTask[first], float64(f.WallNS[i])/float64(f.Tasks[i]))
			tasks[first] = f.Tasks[i]
		}
	}
	costs := map[int]float64{}
	sum, n := 0.0, 0
	for first, values := range perTask {
		slices.Sort(values)
		costs[first] = values[len(values)/2]
		sum += costs[first] * float64(tasks[first])
		n += tasks[first]
	}
	for first := range costs {
		costs[first] *= float64(n) / sum
	}
	return costs
}

// forkFigures is what one fork says.
type forkFigures struct {
	fork    int
	nsPerOp float64 // wall time per task over the kept slices
	cores   float64 // CPU seconds per wall second over the same
}

// figures condenses each fork of a cell. Forks without a slice are left out.
func figures(c *CellLog, cpus int) []forkFigures {
	bound := calmest(c, cpus)
	costs := windowCosts(c.Forks)
	var out []forkFigures
	for _, f := range c.Forks {
		keep := f.kept(bound)
		wall, weight, cpu := 0.0, 0.0, 0.0
		for i := range f.WallNS {
			if !keep[i] {
				continue
			}
			wall += float64(f.WallNS[i])
			weight += float64(f.Tasks[i]) * costs[f.First[i]]
			cpu += float64(f.CPUNS[i] + f.IdleNS[i])
		}
		if weight > 0 {
			out = append(out, forkFigures{f.Fork, wall / weight, cpu / wall})
		}
	}
	return out
}

// NSPerTask is the plain mean of all slices of the fork, kept or not: what the
// raw record says, for exports. 0 without slices.
func (f Fork) NSPerTask() float64 {
	wall, tasks := int64(0), 0
	for i := range f.WallNS {
		wall += f.WallNS[i]
		tasks += f.Tasks[i]
	}
	if tasks == 0 {
		return 0
	}
	return float64(wall) / float64(tasks)
}

// disturbed is the share of slices that the machine did not leave alone.
func disturbed(c *CellLog, cpus int) (share float64, known bool) {
	bound := calmest(c, cpus)
	n, bad := 0, 0
	for _, f := range c.Forks {
		for _, good := range f.undisturbed(bound) {
			n++
			if !good {
				bad++
			}
		}
	}
	if n == 0 || bound.sentinel == 0 {
		return 0, false
	}
	return float64(bad) / float64(n), true
}

func timesPerOp(fs []forkFigures) []float64 {
	out := make([]float64, len(fs))
	for i, f := range fs {
		out[i] = f.nsPerOp
	}
	return out
}

// precise tells whether a cell's time is known as well as asked.
func precise(fs []forkFigures, precision, confidence float64) bool {
	e := stats.GeometricMean(timesPerOp(fs), confidence)
	return e.N >= 2 && e.HalfWidth() <= precision
}

// pairRatios is b's time over a's for every round that both have.
func pairRatios(a, b []forkFigures) []float64 {
	byFork := map[int]float64{}
	for _, f := range a {
		byFork[f.fork] = f.nsPerOp
	}
	var ratios []float64
	for _, f := range b {
		if t, ok := byFork[f.fork]; ok {
			ratios = append(ratios, f.nsPerOp/t)
		}
	}
	return ratios
}

// finite keeps infinities out of JSON.
func finite(v float64) *float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return nil
	}
	return &v
}
