package analyze

import (
	"math"
	"slices"

	"zstdshop/harness/result"
	"zstdshop/stats"
)

// Between two slices of a cell others have their turns, and what the caches held is
// gone. A warm-up that is long enough brings it back: slices then take as long as the
// last one of the run-in, which came right after another of the same work.
const (
	coldShare = 0.03 // by which slices may take longer than that one
	coldSure  = 4    // standard errors that they have to, as far as is seen
	coldForks = 8    // that it takes to see anything
	coldAgree = 0.9  // of forks, which must say the same
)

// TooCold reports whether the warm-ups of a cell's forks have proved too short, as far as
// those with the longest of them tell.
func TooCold(forks []result.Fork) bool {
	longest := 0
	for _, f := range forks {
		longest = max(longest, f.Warmup)
	}
	log, sure := middleOf(coldness(slices.DeleteFunc(slices.Clone(forks), func(f result.Fork) bool { return f.Warmup < longest })))
	return sure && log > math.Log1p(coldShare)
}

// coldness is how much longer slices of turns take than the last one of their fork's
// run-in, as a log, for each fork that had one.
func coldness(forks []result.Fork) (logs []float64) {
	costs := windowCosts(forks)
	each := collectionCost(forks, costs)
	for _, f := range forks {
		if len(f.RunIn) > 0 && len(f.WallNS) > 0 {
			warm := float64(f.RunIn[len(f.RunIn)-1]) / float64(f.Tasks[0]) / costs[f.First[0]]
			logs = append(logs, middleTurn(f, costs, each)-math.Log(warm))
		}
	}
	return logs
}

// middleTurn is the log of the time that a task takes in a fork's middle turn, without
// collections and in a window of average cost.
func middleTurn(f result.Fork, costs map[int]float64, each float64) float64 {
	var turns []float64
	for k := range f.WallNS {
		turns = append(turns, math.Log(float64(f.WallNS[k])/float64(f.Tasks[k])/costs[f.First[k]])-each*float64(f.Collect[k]))
	}
	return stats.Median(turns)
}

// middleOf is the median of logs, one for each fork, and whether it is surely not 0: a
// median and its spread, since all have bad moments.
func middleOf(logs []float64) (middle float64, sure bool) {
	if len(logs) < coldForks {
		return 0, false
	}
	middle = stats.Median(logs)
	agree := 0.0
	for i, log := range logs {
		if log*middle > 0 {
			agree++
		}
		logs[i] = math.Abs(log - middle)
	}
	if agree < coldAgree*float64(len(logs)) {
		return middle, false
	}
	// The standard error of a median of normal values is 1.25 sigma / sqrt(n), and
	// sigma is 1.48 times the median distance from the median.
	se := 1.25 * 1.48 * stats.Median(logs) / math.Sqrt(float64(len(logs)))
	return middle, math.Abs(middle) > coldSure*se
}

const (
	// disagreeShare is by how much a cell's slices and other slices of the same work may
	// be apart before its figures are in doubt.
	disagreeShare = 0.15
	// clockedNS is below what a clock around each task is part of its time.
	clockedNS = 2000
)

// disagreement is how far, as a log, a cell's slices are from what other slices of its
// forks say of the same work: the last of the run-in, and with one worker those in
// which tasks are timed one by one. 0 where they agree, as far as is seen, and where
// tasks come at a rate.
func disagreement(c result.Cell, forks []result.Fork) float64 {
	if c.Rate > 0 {
		return 0
	}
	forks = warmForks(forks)
	worst := 0.0
	both := [][]float64{coldness(forks)}
	if c.Workers == 1 {
		both = append(both, againstLatency(forks))
	}
	for _, logs := range both {
		if log, sure := middleOf(logs); sure && math.Abs(log) > math.Log1p(disagreeShare) && math.Abs(log) > math.Abs(worst) {
			worst = log
		}
	}
	return worst
}

// againstLatency is how much longer tasks take in slices of turns than in the latency
// slice of their fork, as a log.
func againstLatency(forks []result.Fork) (logs []float64) {
	costs := windowCosts(forks)
	each := collectionCost(forks, costs)
	for _, f := range forks {
		ns, n := 0.0, 0.0
		for _, bar := range f.TaskNS {
			ns, n = ns+float64(bar[0])*float64(bar[1]), n+float64(bar[1])
		}
		if n > 0 && ns > clockedNS*n && len(f.WallNS) > 0 {
			logs = append(logs, middleTurn(f, costs, each)-math.Log(ns/n/costs[f.First[0]]))
		}
	}
	return logs
}
