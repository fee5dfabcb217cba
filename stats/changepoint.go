package stats

import (
	"math"
	"slices"
)

// A Change is a point at which the level of a series changed.
type Change struct {
	Index         int     // of the first value of the new level
	Before, After float64 // means of the levels, geometric
	From, To      int     // values of the two levels: From..Index-1 and Index..To-1
	P             float64 // of the t-test of the two: how likely equals would differ so
}

// Size is After over Before, minus 1: 0.05 for 5 % more.
func (c Change) Size() float64 { return c.After/c.Before - 1 }

// ChangeOptions is how sure and how large a change must be. The zero value is
// what was calibrated (docs/history.md).
type ChangeOptions struct {
	MinSize float64 // smallest change that counts, as a share; 0: any
	MaxP    float64 // 0: 1e-3
	MinRun  int     // fewest values of a level; 0: 3
}

const (
	// changePenalty is how much variation one more level must explain, in
	// variances of the noise times log n. Schwarz's criterion has 1 (for the
	// level) to 2 (for the level and its position); a larger penalty avoids
	// levels that only noise made.
	changePenalty = 3
	// spikeReach is how far from the median of its neighbours, in standard
	// deviations of the noise, a value counts as a spike.
	spikeReach = 4
	// spikeSide is the number of neighbours on each side.
	spikeSide = 3
)

// Changes returns the points at which the level of a series of positive values,
// in order of time, changed. A single value that is off is a spike and no
// change: it counts as the median of its neighbours. values is only read; NaN
// and values that are not positive count as the value before.
//
// Levels are those of least squares of the logarithms with a penalty for each
// (optimal partitioning; Jackson et al., "An algorithm for optimal partitioning
// of data on an interval", 2005; pruned as in Killick, Fearnhead and Eckley,
// "Optimal detection of changepoints with a linear computational cost", 2012).
// The noise is that of the differences of neighbours, which a change of level
// hardly touches. What is left must pass MinSize and a t-test with the noise of
// all levels, the weakest first; five values of one level say too little about
// the noise.
func Changes(values []float64, o ChangeOptions) []Change {
	if o.MaxP == 0 {
		o.MaxP = 1e-3
	}
	if o.MinRun == 0 {
		o.MinRun = 3
	}
	y := logsOf(values)
	if len(y) < 2*o.MinRun {
		return nil
	}
	sigma := differenceNoise(y)
	y = withoutSpikes(y, sigma)
	if sigma = differenceNoise(y); sigma == 0 {
		sigma = 1e-9 // levels without noise: any difference counts
	}
	cuts := partition(y, sigma*sigma, changePenalty*math.Log(float64(len(y))), o.MinRun)
	return strong(y, cuts, o)
}

func logsOf(values []float64) []float64 {
	y := make([]float64, 0, len(values))
	last := math.NaN()
	for _, v := range values {
		if v > 0 && !math.IsInf(v, 1) {
			last = math.Log(v)
		}
		y = append(y, last)
	}
	// Values before the first good one count as that one.
	if n := slices.IndexFunc(y, func(v float64) bool { return !math.IsNaN(v) }); n > 0 {
		for i := range n {
			y[i] = y[n]
		}
	} else if n < 0 {
		return nil
	}
	return y
}

// differenceNoise returns the standard deviation of independent noise,
// estimated from the median absolute difference of neighbours. For normal noise
// of standard deviation s that median is 0.6745 * sqrt(2) * s.
func differenceNoise(y []float64) float64 {
	d := make([]float64, 0, len(y))
	for i := 1; i < len(y); i++ {
		d = append(d, math.Abs(y[i]-y[i-1]))
	}
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return (d[(len(d)-1)/2] + d[len(d)/2]) / 2 / (0.6745 * math.Sqrt2)
}

// withoutSpikes is a Hampel filter: a value that is far from the median of its
// window becomes that median.
func withoutSpikes(y []float64, sigma float64) []float64 {
	out := slices.Clone(y)
	for i := range y {
		lo, hi := max(0, i-spikeSide), min(len(y), i+spikeSide+1)
		window := slices.Sorted(slices.Values(y[lo:hi]))
		n := len(window)
		middle := (window[(n-1)/2] + window[n/2]) / 2
		if math.Abs(y[i]-middle) > spikeReach*sigma && alone(y, i, sigma) {
			out[i] = middle
		}
	}
	return out
}

// alone reports whether value i is off both its neighbours to the same side. At
// the edge of a new level it would be near one of them. The last value may be
// the first of a new level, and the first the last of an old one; they stay.
func alone(y []float64, i int, sigma float64) bool {
	if i == 0 || i == len(y)-1 {
		return false
	}
	a, b := y[i]-y[i-1], y[i]-y[i+1]
	return a*b > 0 && min(math.Abs(a), math.Abs(b)) > spikeReach*sigma/2
}

// partition returns where the segments of least cost begin, without the first,
// which begins at 0.
func partition(y []float64, variance, penalty float64, minRun int) []int {
	n := len(y)
	sum, squares := make([]float64, n+1), make([]float64, n+1)
	for i, v := range y {
		v -= y[0] // keeps the squares small
		sum[i+1], squares[i+1] = sum[i]+v, squares[i]+v*v
	}
	cost := func(from, to int) float64 { // of y[from:to] as one level
		s := sum[to] - sum[from]
		return max(0, squares[to]-squares[from]-s*s/float64(to-from)) / variance
	}
	best, last := make([]float64, n+1), make([]int, n+1)
	best[0] = -penalty
	starts := []int{0}
	for to := minRun; to <= n; to++ {
		best[to] = math.Inf(1)
		for _, from := range starts {
			if to-from < minRun {
				continue
			}
			if c := best[from] + cost(from, to) + penalty; c < best[to] {
				best[to], last[to] = c, from
			}
		}
		// A start that already costs more than a cut here never becomes the
		// best.
		starts = slices.DeleteFunc(starts, func(from int) bool {
			return to-from >= minRun && best[from]+cost(from, to) > best[to]
		})
		if n-to >= minRun {
			starts = append(starts, to)
		}
	}
	var cuts []int
	for to := n; last[to] > 0; to = last[to] {
		cuts = append(cuts, last[to])
	}
	slices.Reverse(cuts)
	return cuts
}

// strong drops the weakest cut until all that are left are large and sure enough.
func strong(y []float64, cuts []int, o ChangeOptions) []Change {
	for {
		var changes []Change
		weakest := -1
		noise, freedom := levelNoise(y, cuts)
		for i, cut := range cuts {
			from, to := 0, len(y)
			if i > 0 {
				from = cuts[i-1]
			}
			if i+1 < len(cuts) {
				to = cuts[i+1]
			}
			a, b := y[from:cut], y[cut:to]
			c := Change{Index: cut, From: from, To: to, Before: math.Exp(mean(a)), After: math.Exp(mean(b)), P: levelTest(a, b, noise, freedom)}
			changes = append(changes, c)
			if weakest < 0 || weaker(c, changes[weakest], o) {
				weakest = i
			}
		}
		if weakest < 0 || good(changes[weakest], o) {
			return changes
		}
		cuts = slices.Delete(slices.Clone(cuts), weakest, weakest+1)
	}
}

func good(c Change, o ChangeOptions) bool {
	return c.P <= o.MaxP && math.Abs(math.Log(c.After/c.Before)) >= math.Log1p(o.MinSize)
}

// weaker reports whether a is dropped before b: one that is not good goes
// first, then the smaller one where a size is asked for, else the less sure
// one.
func weaker(a, b Change, o ChangeOptions) bool {
	if good(a, o) != good(b, o) {
		return !good(a, o)
	}
	if o.MinSize > 0 {
		return math.Abs(math.Log(a.After/a.Before)) < math.Abs(math.Log(b.After/b.Before))
	}
	return a.P > b.P
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// levelNoise returns the standard deviation of y about its levels, with its
// degrees of freedom.
func levelNoise(y []float64, cuts []int) (sigma, freedom float64) {
	squares, from := 0.0, 0
	for _, to := range append(slices.Clone(cuts), len(y)) {
		m := mean(y[from:to])
		for _, v := range y[from:to] {
			squares += (v - m) * (v - m)
		}
		from = to
	}
	freedom = float64(len(y) - len(cuts) - 1)
	return math.Sqrt(squares / freedom), freedom
}

// levelTest returns the two-sided p-value of the t-test that two levels are
// one.
func levelTest(a, b []float64, noise, freedom float64) float64 {
	d := mean(a) - mean(b)
	if noise < 1e-12 {
		if math.Abs(d) < 1e-12 {
			return 1
		}
		return 0
	}
	t := d / (noise * math.Sqrt(1/float64(len(a))+1/float64(len(b))))
	return 2 * StudentCDF(-math.Abs(t), freedom)
}
