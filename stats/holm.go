package stats

import (
	"cmp"
	"slices"
)

// Holm returns, for claims with the given p-values, the error level at which
// each may be made so that all of them together hold with probability 1-family,
// and no single one is wrong with a probability above each (Holm, "A simple
// sequentially rejective multiple test procedure", 1979). A claim stands where
// p <= level. In order of p, all claims from the first one that does not stand
// get the level of that one.
func Holm(p []float64, each, family float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	levels := make([]float64, len(p))
	stopped := 0.0
	for rank, i := range order {
		level := min(each, family/float64(len(p)-rank))
		if stopped > 0 {
			level = stopped
		} else if p[i] > level {
			stopped = level
		}
		levels[i] = level
	}
	return levels
}
