package stats

// ClopperPearson returns the exact interval of a share of which hits of n were seen: the
// shares that a binomial test at half of 1-confidence on each side does not exclude
// (Clopper and Pearson, Biometrika 26 (1934), 404-413). It holds at least as often as it
// says, however few n are, which that of Wilson does on average only. With confidence 0.9
// each end is a one-sided bound of 95 %. For n = 0 it is 0 to 1.
func ClopperPearson(hits, n int, confidence float64) (lo, hi float64) {
	tail := (1 - confidence) / 2
	lo, hi = 0, 1
	if hits > 0 {
		lo = bisect(0, 1, func(p float64) bool { return 1-binomialCDF(hits-1, n, p) < tail })
	}
	if hits < n {
		hi = bisect(0, 1, func(p float64) bool { return binomialCDF(hits, n, p) > tail })
	}
	return lo, hi
}

// binomialCDF is how probable at most k of n are, k < n, each with probability p
// (Abramowitz and Stegun, 26.5.24).
func binomialCDF(k, n int, p float64) float64 {
	return betaRegularized(1-p, float64(n-k), float64(k+1))
}
