package stats

import (
	"cmp"
	"slices"
)

// Holm answers, for claims with the p-values given, the error level at which
// each may be made so that all of them together hold with probability
// 1-family, and none errs with more than each (Holm, "A simple sequentially
// rejective multiple test procedure", 1979). A claim stands where p <= level.
// From the first claim on that does not stand, in order of p, all get its
// level.
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
