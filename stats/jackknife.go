package stats

import "math"

// JackknifeSE returns the standard error of a statistic, computed from its
// values with each of K independent groups of the data left out in turn, K =
// len(without): the square root of (K-1)/K times the sum of their squared
// distances from their mean (Efron and Tibshirani, An Introduction to the
// Bootstrap, section 11.2). It covers everything that was computed from the
// data, fitted constants included. It is +Inf for fewer than two groups.
func JackknifeSE(without []float64) float64 {
	k := float64(len(without))
	if k < 2 {
		return math.Inf(1)
	}
	mean := 0.0
	for _, v := range without {
		mean += v / k
	}
	squares := 0.0
	for _, v := range without {
		squares += (v - mean) * (v - mean)
	}
	return math.Sqrt(squares * (k - 1) / k)
}
