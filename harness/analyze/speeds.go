package analyze

import (
	"math"

	"zstdshop/harness/result"
)

// meanSpeed is the mean of speeds that are the same but for noise, with the interval
// of a mean of independent estimates.
func meanSpeed(cells []*result.CellResult) result.Interval {
	n := float64(len(cells))
	est, below, above := 0.0, 0.0, 0.0
	for _, c := range cells {
		s := c.MBPerS
		est += s.Est / n
		below += (s.Est - *s.Lo) * (s.Est - *s.Lo)
		above += (*s.Hi - s.Est) * (*s.Hi - s.Est)
	}
	lo, hi := est-math.Sqrt(below)/n, est+math.Sqrt(above)/n
	return result.Interval{Est: est, Lo: &lo, Hi: &hi}
}

// rangeOfSpeeds is the mean of the speeds of machines of a kind, with the least and the
// most that any of them may have.
func rangeOfSpeeds(cells []*result.CellResult) result.Interval {
	hosts := result.GroupBy(cells, func(c *result.CellResult) string { return c.Host })
	all := meanSpeed(hosts[0])
	lo, hi, est := *all.Lo, *all.Hi, all.Est
	for _, of := range hosts[1:] {
		s := meanSpeed(of)
		lo, hi, est = min(lo, *s.Lo), max(hi, *s.Hi), est+s.Est
	}
	return result.Interval{Est: est / float64(len(hosts)), Lo: &lo, Hi: &hi}
}
