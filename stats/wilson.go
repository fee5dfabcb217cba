package stats

import "math"

// Wilson returns the score interval of a share, hits of n trials, at the given
// confidence (Wilson, "Probable inference, the law of succession, and
// statistical inference", 1927). It is 0..1 for no trials.
func Wilson(hits, n int, confidence float64) (lo, hi float64) {
	if n == 0 {
		return 0, 1
	}
	z := math.Sqrt2 * math.Erfinv(confidence)
	p, m := float64(hits)/float64(n), float64(n)
	centre := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	scale := 1 + z*z/m
	return math.Max(0, (centre-half)/scale), math.Min(1, (centre+half)/scale)
}
