package stats

import "math"

// An Estimate is a value and an interval that holds the true value with the
// confidence that was asked for. Lo and Hi are -Inf and +Inf where the data
// carry none.
type Estimate struct {
	Est, Lo, Hi float64
	N           int // independent values behind it
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
	r, squares := sumY/sumX, 0.0
	for i := range x {
		if x[i] != 0 {
			d := y[i] - r*x[i]
			squares += d * d
		}
	}
	return ratioOfSums(n, float64(n), sumY, sumX, squares, confidence)
}

// ratioOfSums is the ratio of two sums over n groups that say as much as effective equal
// ones; squares is the sum of those of the groups' distances from it.
func ratioOfSums(n int, effective, y, x, squares, confidence float64) Estimate {
	r := y / x
	e := Estimate{Est: r, Lo: 0, Hi: math.Inf(1), N: n}
	if n < 2 || effective <= 1 || math.IsNaN(r) {
		return e
	}
	se := math.Sqrt(squares*effective/(effective-1)) / y
	half := se * StudentQuantile(0.5+confidence/2, effective-1)
	e.Lo, e.Hi = r*math.Exp(-half), r*math.Exp(half)
	return e
}

// Moments are the sums over N items, each of an x and a y above 0, that a ratio of sums
// and its interval follow from.
type Moments struct {
	N          int
	X, Y       float64 // of the values
	XX, XY, YY float64 // of their squares and products
}

// RatioOfAll estimates sum(y) / sum(x) over a population of so many items, of which
// those of m were drawn without replacement, as RatioOfSums does. The more of the
// population was drawn the narrower the interval, down to nothing where all of it was
// (Cochran, section 2.11 with the finite population correction of 2.6).
//
// A few large items among many small ones are as few in all: they count as
// sum(x)^2 / sum(x^2) of them (Kish), which is their number where they are equal.
func (m Moments) RatioOfAll(population int, confidence float64) Estimate {
	r := m.Y / m.X
	squares := max(m.YY-2*r*m.XY+r*r*m.XX, 0) // below 0 by rounding only
	undrawn := max(1-float64(m.N)/float64(max(population, 1)), 0)
	return ratioOfSums(m.N, m.X*m.X/m.XX, m.Y, m.X, squares*undrawn, confidence)
}

// HalfWidth returns the larger side of the interval relative to the estimate:
// 0.02 for +-2 %.
func (e Estimate) HalfWidth() float64 { return math.Max(e.Hi/e.Est-1, 1-e.Lo/e.Est) }
