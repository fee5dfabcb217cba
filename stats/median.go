package stats

import (
	"math"
	"slices"
)

// Median returns the middle one of values, or the mean of the two in the middle; NaN
// for none. It leaves values in their order.
func Median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
