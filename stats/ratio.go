package stats

import "math"

// An Estimate is a value and an interval that holds the true value with the
// confidence that was asked for. Lo and Hi are -Inf and +Inf where the data
// carry none.
type Estimate struct {
	Est, Lo, Hi float64
	N           int // independent values behind it
}

// GeometricMean estimates the centre of independent positive values whose
// logarithms scatter about evenly: exp of the mean logarithm, with Student's
// interval on the logarithms. confidence is in (0, 1). It returns NaN for no
// values and for values that are not positive.
func GeometricMean(values []float64, confidence float64) Estimate {
	n := len(values)
	sum := 0.0
	for _, v := range values {
		sum += math.Log(v)
	}
	mean := sum / float64(n)
	e := Estimate{Est: math.Exp(mean), Lo: 0, Hi: math.Inf(1), N: n}
	if n < 2 || math.IsNaN(mean) {
		return e
	}
	squares := 0.0
	for _, v := range values {
		d := math.Log(v) - mean
		squares += d * d
	}
	se := math.Sqrt(squares / float64(n-1) / float64(n))
	half := se * StudentQuantile(0.5+confidence/2, float64(n-1))
	e.Lo, e.Hi = math.Exp(mean-half), math.Exp(mean+half)
	return e
}

// RatioOfSums estimates what y holds per unit of x where independent groups
// have y[i] for x[i], the larger ones counting for more: sum(y) / sum(x), with
// Student's interval on the logarithm and the linearised standard error of a
// ratio of sums (Cochran, Sampling Techniques, 3rd ed., section 2.11). x and y
// are as long as each other; groups with x = 0 say nothing. confidence is in
// (0, 1). It returns NaN for no groups.
func RatioOfSums(y, x []float64, confidence float64) Estimate {
	n, sumY, sumX := 0, 0.0, 0.0
	for i := range x {
		if x[i] != 0 {
			n++
			sumY += y[i]
			sumX += x[i]
		}
	}
	r := sumY / sumX
	e := Estimate{Est: r, Lo: 0, Hi: math.Inf(1), N: n}
	if n < 2 || math.IsNaN(r) {
		return e
	}
	squares := 0.0
	for i := range x {
		if x[i] != 0 {
			d := y[i] - r*x[i]
			squares += d * d
		}
	}
	se := math.Sqrt(squares*float64(n)/float64(n-1)) / sumY
	half := se * StudentQuantile(0.5+confidence/2, float64(n-1))
	e.Lo, e.Hi = r*math.Exp(-half), r*math.Exp(half)
	return e
}

// HalfWidth returns the larger side of the interval relative to the estimate:
// 0.02 for +-2 %.
func (e Estimate) HalfWidth() float64 { return math.Max(e.Hi/e.Est-1, 1-e.Lo/e.Est) }
