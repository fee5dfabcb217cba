package analyze

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"zstdshop/harness/result"
	"zstdshop/stats"
)

// A slice of a cell that makes garbage has a collection in it or not, and that
// is most of what its slices differ by. How many a fork had in its slices is
// luck; how many it had in all, warm-ups included, is not, because a collector
// runs each time so many bytes were allocated. So comparisons take each slice
// without its collections and add what they cost on average: what a user pays,
// without the luck.

// minCollected is how many slices it takes to tell what a collection costs.
const minCollected = 8

// collectionCost is what one collection adds to the log of a slice's time: the
// difference of the medians of slices with the two most common counts of
// collections, for one more of them. 0 where there are too few.
func collectionCost(forks []result.Fork, costs map[int]float64) float64 {
	byCount := map[int][]float64{}
	for _, f := range forks {
		for k, n := range f.Collect {
			byCount[n] = append(byCount[n], math.Log(float64(f.WallNS[k])/float64(f.Tasks[k])/costs[f.First[k]]))
		}
	}
	if len(byCount) < 2 {
		return 0
	}
	counts := slices.SortedFunc(maps.Keys(byCount), func(a, b int) int {
		return cmp.Or(cmp.Compare(len(byCount[b]), len(byCount[a])), cmp.Compare(a, b))
	})
	few, many := min(counts[0], counts[1]), max(counts[0], counts[1])
	if len(byCount[counts[1]]) < minCollected {
		return 0
	}
	return max(0, (stats.Median(byCount[many])-stats.Median(byCount[few]))/float64(many-few))
}

// collectionsPerSlice is how many collections a slice of the fork has on
// average, going by all that ended from its first slice to its last and the
// tasks done meanwhile.
func collectionsPerSlice(f result.Fork) float64 {
	collections, done, tasks := 0, 0, 0
	for k := range f.Collect {
		tasks += f.Tasks[k]
		if k > 0 { // what came before the first slice is not known to be tasks
			collections += f.CollectBefore[k]
			done += f.Warmup
		}
		collections += f.Collect[k]
		done += f.Tasks[k]
	}
	if done == 0 {
		return 0
	}
	return float64(collections) / float64(done) * float64(tasks) / float64(len(f.Collect))
}
