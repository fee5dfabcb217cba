package analyze

import (
	"math"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
)

// Between two slices of a cell others have their turns, and what the caches held is
// gone. A warm-up that is long enough brings it back: slices then take as long as the
// last one of the run-in, which came right after another of the same work.
const (
	coldShare = 0.03 // by which slices may take longer than that one
	coldSure  = 4    // standard errors that they have to, as far as is seen
	coldForks = 6    // that it takes to see anything
)

// Coldness is how much longer slices of turns take than the last one of their fork's
// run-in, as a log, over forks with the cell's present warm-up, and its standard error:
// a median and its spread, since both have bad moments. ok is false where too few
// forks say.
func Coldness(c *journal.CellLog) (log, se float64, ok bool) {
	costs := windowCosts(c.Forks)
	each := collectionCost(c.Forks, costs)
	var logs []float64
	for _, f := range warmForks(c) {
		if len(f.RunIn) == 0 || len(f.WallNS) == 0 {
			continue
		}
		var turns []float64
		for k := range f.WallNS {
			turns = append(turns, math.Log(float64(f.WallNS[k])/float64(f.Tasks[k])/costs[f.First[k]])-each*float64(f.Collect[k]))
		}
		warm := float64(f.RunIn[len(f.RunIn)-1]) / float64(f.Tasks[0]) / costs[f.First[0]]
		logs = append(logs, median(turns)-math.Log(warm))
	}
	if len(logs) < coldForks {
		return 0, 0, false
	}
	middle := median(logs)
	for i := range logs {
		logs[i] = math.Abs(logs[i] - middle)
	}
	// The standard error of a median of normal values is 1.25 sigma / sqrt(n), and
	// sigma is 1.48 times the median distance from the median.
	return middle, 1.25 * 1.48 * median(logs) / math.Sqrt(float64(len(logs))), true
}

// TooCold reports whether the warm-ups of a cell have proved too short.
func TooCold(c *journal.CellLog) bool {
	log, se, ok := Coldness(c)
	return ok && log > math.Log1p(coldShare) && log > coldSure*se
}

// warmForks is the forks with the longest warm-up of the cell: those before it was
// found too short are left out.
func warmForks(c *journal.CellLog) []result.Fork {
	longest := 0
	for _, f := range c.Forks {
		longest = max(longest, f.Warmup)
	}
	var out []result.Fork
	for _, f := range c.Forks {
		if f.Warmup == longest {
			out = append(out, f)
		}
	}
	return out
}
