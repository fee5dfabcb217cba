package analyze

import (
	"math"
	"slices"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/stats"
)

// sentinelSlack is how far above the sentinel's own 10th percentile a sentinel
// may be for its slice to count as undisturbed.
const sentinelSlack = 1.06

// quietIdleNS is the CPU time after a slice below which nothing of the slice
// was still running.
const quietIdleNS = 20_000

// machineState is the sentinel time that speaks for each slice: the slower of
// the one before and the one after. A collection that is still running slows
// the sentinel after it and would make the slice look disturbed by the machine
// when it is disturbed by itself; such a slice is judged by the sentinel before
// the next one, which runs when the process is quiet.
func machineState(f result.Fork) []float64 {
	state := make([]float64, len(f.Before))
	for i := range state {
		state[i] = float64(max(f.Before[i], afterQuiet(f, i)))
	}
	return state
}

// afterQuiet is the first sentinel after slice i that ran in a quiet process.
func afterQuiet(f result.Fork, i int) int64 {
	if f.Collect[i] == 0 && f.IdleNS[i] <= quietIdleNS {
		return f.After[i]
	}
	if i+1 < len(f.Before) {
		return f.Before[i+1]
	}
	return f.Before[i]
}

// around is the logs of the sentinels around slice i, 0 without sentinels. A collection
// that still runs slows the sentinel after it, so such a slice has the one before the next.
func around(f result.Fork, i int) (before, after float64) {
	if len(f.Before) == 0 {
		return 0, 0
	}
	return math.Log(float64(max(1, f.Before[i]))), math.Log(float64(max(1, afterQuiet(f, i))))
}

// calm is the bound of a cell's undisturbed slices.
type calm struct {
	sentinel float64 // ns; 0 where there are no sentinels
	// alone is set where the cell has one worker. If that has to wait for a CPU
	// others took it; several may be waiting for each other, which is their own
	// cost and not interference.
	alone bool
}

// calmest derives the bound from all forks of a cell.
func calmest(c *journal.CellLog) calm {
	var all []float64
	for _, f := range c.Forks {
		all = append(all, machineState(f)...)
	}
	bound := calm{alone: c.Cell.Workers == 1}
	if len(all) > 0 {
		slices.Sort(all)
		bound.sentinel = sentinelSlack * all[len(all)/10]
	}
	return bound
}

// undisturbed tells for each slice of f whether the machine left it alone.
func undisturbed(f result.Fork, bound calm) []bool {
	good := make([]bool, len(f.WallNS))
	state := machineState(f)
	for i := range good {
		good[i] = (len(state) == 0 || state[i] <= bound.sentinel) && !(bound.alone && starved(f, i))
	}
	return good
}

// windowCosts is how much more or less than the average a task of each window
// costs, so that a fork that kept other windows than another is still
// comparable. Medians over all slices of the cell, scaled to a mean of 1
// weighted by tasks.
func windowCosts(forks []result.Fork) map[int]float64 {
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
	fork int
	// Sums over the slices that count, 0 where none does, in nanoseconds.
	wall, cpu float64
	turns     []turnFigures // all of them, in order
	// collecting is what collections add to the log of a slice's time on
	// average; turns are without it.
	collecting float64
}

// turnFigures is one slice as comparisons see it.
type turnFigures struct {
	turn, first int
	log         float64 // of the wall time, without what collections added
	perTask     float64 // the same for one task, of a window of average cost
	before      float64 // log of the sentinel before it, 0 without
	after       float64 // the same of the one after it
	starved     bool    // its only worker was kept from running
}

// warmForks is the forks with the longest warm-up of the cell: those before it was
// found too short are left out, once there are MinPairs without them.
func warmForks(forks []result.Fork) []result.Fork {
	longest := 0
	for _, f := range forks {
		longest = max(longest, f.Warmup)
	}
	var out []result.Fork
	for _, f := range forks {
		if f.Warmup == longest {
			out = append(out, f)
		}
	}
	if len(out) < MinPairs {
		return forks
	}
	return out
}

// figures condenses each fork of a cell. Forks without a slice are left out.
// Where hardly any fork was left alone by the machine, all slices count: a few
// quiet moments would say less.
func figures(c *journal.CellLog) []forkFigures {
	forks := warmForks(c.Forks)
	bound := calmest(c)
	costs := windowCosts(forks)
	each := collectionCost(forks, costs)
	keep := make([][]bool, len(forks))
	quiet := 0
	for i, f := range forks {
		keep[i] = undisturbed(f, bound)
		if slices.Contains(keep[i], true) {
			quiet++
		}
	}
	all := quiet < min(MinPairs, len(forks))
	var out []forkFigures
	for i, f := range forks {
		if len(f.WallNS) == 0 {
			continue
		}
		fig := forkFigures{fork: f.Fork, collecting: each * collectionsPerSlice(f)}
		for k := range f.WallNS {
			before, after := around(f, k)
			wall := float64(f.WallNS[k])
			log := math.Log(wall) - each*float64(f.Collect[k])
			fig.turns = append(fig.turns, turnFigures{
				turn: f.Turn[k], first: f.First[k],
				log:     log,
				perTask: log - math.Log(float64(f.Tasks[k])*costs[f.First[k]]),
				before:  before,
				after:   after,
				starved: bound.alone && starved(f, k),
			})
			if keep[i][k] || all {
				fig.wall += wall
				fig.cpu += float64(f.CPUNS[k] + f.IdleNS[k])
			}
		}
		out = append(out, fig)
	}
	return out
}

// coresBusy is a cell's CPU seconds per wall second of the slices that count.
// Forks count by how much of them does: one that ran while the machine was busy
// says little.
func coresBusy(fs []forkFigures, confidence float64) stats.Estimate {
	cpu, wall := make([]float64, len(fs)), make([]float64, len(fs))
	for i, f := range fs {
		cpu[i], wall[i] = f.cpu, f.wall
	}
	return stats.RatioOfSums(cpu, wall, confidence)
}

// meanTime is what a cell's slices took on average, for choosing the fastest of
// many: all of a group do the same work.
func meanTime(fs []forkFigures) float64 {
	sum, n := 0.0, 0.0
	for _, f := range fs {
		for _, t := range f.turns {
			sum += t.perTask + f.collecting
			n++
		}
	}
	return sum / n
}

// disturbed is the share of slices that the machine did not leave alone.
func disturbed(c *journal.CellLog) (share float64, known bool) {
	bound := calmest(c)
	n, bad := 0, 0
	for _, f := range c.Forks {
		for _, good := range undisturbed(f, bound) {
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

// AllFigures condenses the forks of every cell.
func AllFigures(l *journal.Log) [][]forkFigures {
	all := make([][]forkFigures, len(l.Cells))
	for i := range l.Cells {
		all[i] = figures(&l.Cells[i])
	}
	return all
}
