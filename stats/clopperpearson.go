package stats

import "math"

// ClopperPearson returns the exact interval of a share of which hits of n were seen: the
// shares that a binomial test at half of 1-confidence on each side does not exclude
// (Clopper and Pearson, Biometrika 26 (1934), 404-413). It holds at least as often as it
// says, however few n are, which that of Wilson does on average only. With confidence 0.9
// each end is a one-sided bound of 95 %. For n = 0 it is 0 to 1.
func ClopperPearson(hits, n int, confidence float64) (lo, hi float64) {
	tail := (1 - confidence) / 2
	lo, hi = 0, 1
	if hits > 0 {
		lo = bisect(func(p float64) bool { return 1-binomialCDF(hits-1, n, p) < tail })
	}
	if hits < n {
		hi = bisect(func(p float64) bool { return binomialCDF(hits, n, p) > tail })
	}
	return lo, hi
}

// bisect finds where below, true at 0 and false at 1, turns.
func bisect(below func(float64) bool) float64 {
	lo, hi := 0.0, 1.0
	for range 60 {
		if middle := (lo + hi) / 2; below(middle) {
			lo = middle
		} else {
			hi = middle
		}
	}
	return (lo + hi) / 2
}

// binomialCDF is how probable at most k of n are, each with probability p in (0, 1).
func binomialCDF(k, n int, p float64) float64 {
	gamma := func(x int) float64 { v, _ := math.Lgamma(float64(x) + 1); return v }
	sum := 0.0
	for i := range k + 1 {
		sum += math.Exp(gamma(n) - gamma(i) - gamma(n-i) + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return sum
}
