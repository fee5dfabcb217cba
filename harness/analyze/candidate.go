package analyze

import (
	"cmp"
	"math"
	"slices"
)

// A candidate is an option with its score for a goal, larger is better, the standard errors
// of that to either side, as intervals may be lopsided, and their degrees of freedom.
type candidate struct {
	option
	score, below, above, df float64
}

// A scale makes scores of options:
//
//	speed      log MB/s
//	size       log MB/s, of the cells with the best ratio
//	balanced   (log MB/s - least) / (most - least) + the same of log ratio
//
// Scores are logarithms because errors of speeds are relative. Least and most are those of
// the cells that the scale is made of.
type scale struct {
	goal       Goal
	confidence float64
	// slowest and loosest are the least logarithms; share and width are what those of
	// speeds are multiplied with and those of ratios divided by.
	slowest, loosest, share, width float64
}

func newScale(options []option, g Goal, confidence float64) scale {
	var speeds, ratios []float64
	for _, o := range options {
		speeds, ratios = append(speeds, math.Log(o.cell.MBPerS.Est)), append(ratios, math.Log(g.ratio(o.cell)))
	}
	s := scale{goal: g, confidence: confidence, slowest: slices.Min(speeds), loosest: slices.Min(ratios), share: 1, width: math.Inf(1)} // the ratio does not count
	if g.aim == aimBalanced {
		s.share, s.width = 1/spread(speeds), spread(ratios)
	}
	return s
}

// candidates scores options, the best first. Of the goal of size those with less than the
// best ratio are left out.
func (s scale) candidates(options []option) (all []candidate) {
	best := 0.0
	for _, o := range options {
		if o.within {
			best = max(best, s.goal.ratio(o.cell))
		}
	}
	for _, o := range options {
		if s.goal.aim == aimSize && s.goal.ratio(o.cell) < best {
			continue
		}
		iv, df := o.cell.MBPerS, degrees(o.cell)
		all = append(all, candidate{option: o, df: df,
			score: (math.Log(iv.Est)-s.slowest)*s.share + (math.Log(s.goal.ratio(o.cell))-s.loosest)/s.width,
			below: standardError(iv.Est, *iv.Lo, s.confidence, df) * s.share,
			above: standardError(iv.Est, *iv.Hi, s.confidence, df) * s.share})
	}
	slices.SortStableFunc(all, func(x, y candidate) int { return cmp.Compare(y.score, x.score) })
	return all
}

// spread is from the least to the most, 1 where they are the same.
func spread(values []float64) float64 {
	if width := slices.Max(values) - slices.Min(values); width > 0 {
		return width
	}
	return 1
}

// better is how probable it is that one candidate is better than another, if both keep all
// bounds: by their ratios where the goal is size and these differ, which are known, else by
// their scores, with the degrees of freedom of Welch and Satterthwaite.
func better(one, other candidate, g Goal) float64 {
	if x, y := g.ratio(one.cell), g.ratio(other.cell); g.aim == aimSize && x != y {
		return chanceOf(x > y)
	}
	diff, a, b := one.score-other.score, one.above*one.above, other.below*other.below
	if diff > 0 {
		a, b = one.below*one.below, other.above*other.above
	}
	df := 1.0
	if a+b > 0 {
		df = (a + b) * (a + b) / (a*a/one.df + b*b/other.df)
	}
	return above(diff, math.Sqrt(a+b), df)
}
