package analyze

import (
	"math"

	"zstdshop/harness/result"
	"zstdshop/stats"
)

// How probable it is that a cell keeps a bound, or is better than another: by Student's t
// distribution, as the intervals are made, since a few rounds know little of how far they
// scatter. Probabilities of several claims are multiplied, which leaves at least as much
// doubt as there is where their errors are common to all cells (docs/advice.md).

// tieDoubt is how improbable it must be that another is better before a cell counts as
// told apart from it, where the two were not compared in turns, and that a cell does not
// keep a bound.
const tieDoubt = 0.025

// degrees are those of freedom that the interval of a cell's speed has: CleanTimes counts
// pairs of rounds where there are enough.
func degrees(c *result.CellResult) float64 {
	n := c.Forks
	if n >= MinPairs {
		n = (n + 1) / 2
	}
	return float64(max(n-1, 1))
}

// standardError is that of the logarithm of a figure, by one end of its interval.
func standardError(est, end, confidence, degrees float64) float64 {
	return math.Abs(math.Log(end/est)) / stats.StudentQuantile(0.5+confidence/2, degrees)
}

// above is how probable it is that what was estimated to be diff, with a standard error,
// is more than 0.
func above(diff, se, degrees float64) float64 {
	switch {
	case se > 0:
		return stats.StudentCDF(diff/se, degrees)
	case diff > 0:
		return 1
	case diff < 0:
		return 0
	}
	return 0.5
}

// A scatter is how far the forks of cells are from each other: the standard deviation of
// the logarithms of a figure, within cells, and its degrees of freedom.
type scatter struct{ sd, df float64 }

// scatterOf is that of several cells together, each given by the margins of its forks.
func scatterOf(cells [][]float64) (s scatter) {
	square := 0.0
	for _, margins := range cells {
		mean := meanLog(margins)
		for _, m := range margins {
			square += math.Pow(math.Log(m)-mean, 2)
		}
		s.df += float64(max(len(margins)-1, 0))
	}
	if s.df > 0 {
		s.sd = math.Sqrt(square / s.df)
	}
	return s
}

func meanLog(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += math.Log(v)
	}
	return sum / float64(len(values))
}

// chanceByForks is how probable it is that a figure without an interval keeps the bound: by
// how far its forks scatter or by how many keep it, whichever says more, at the price of
// two looks; where some missed it, whichever says less. margins are those of the forks. A
// cell with few, as single tasks are timed in some forks alone, takes the scatter of all
// cells.
func chanceByForks(whole float64, margins []float64, all scatter) float64 {
	n := len(margins)
	if own := scatterOf([][]float64{margins}); n >= MinPairs || all.df == 0 {
		all = own
	}
	const same = 1e-9
	if n == 0 || all.df == 0 || all.sd < same {
		return chanceOf(whole >= 1)
	}
	missed := 0
	for _, m := range margins {
		if m < 1 {
			missed++
		}
	}
	diff := min(math.Log(whole), meanLog(margins))
	chance, most := above(diff, all.sd/math.Sqrt(float64(n)), all.df), mostKeep(n, missed)
	switch {
	case missed > 0:
		return min(chance, most)
	case whole < 1 || most <= chance: // what all of them are together misses it, or few say less
		return chance
	}
	return max(chance, 1-2*(1-most))
}

// mostKeep is how sure it is, by the sign test, that more than half of all forks keep what
// so many of n missed.
func mostKeep(n, missed int) float64 {
	p, term := 0.0, math.Pow(0.5, float64(n))
	for k := range missed + 1 {
		p += term
		term *= float64(n-k) / float64(k+1)
	}
	return 1 - p
}

func chanceOf(kept bool) float64 {
	if kept {
		return 1
	}
	return 0
}

// toTell is how many times as long a run would have to be for a chance to be beyond doubt,
// one way or the other.
func toTell(chance float64) float64 {
	const many = 1e6 // degrees of freedom: the normal distribution
	want := stats.StudentQuantile(1-tieDoubt, many)
	if chance <= 0 || chance >= 1 {
		return 1
	}
	return max(1, math.Pow(want/stats.StudentQuantile(chance, many), 2))
}
