package stats

import "math"

// Estimate is a value and an interval that holds it with the confidence asked
// for. Lo and Hi are -Inf and +Inf where the data carry none.
type Estimate struct {
	Est, Lo, Hi float64
	N           int     // independent values behind it
	SE          float64 // standard error of the mean of the logarithms; NaN below two values
}

// GeometricMean estimates the centre of independent positive values whose
// logarithms scatter about evenly: exp of the mean logarithm, with Student's
// interval on the logarithms. confidence is in (0, 1). It answers NaN for no
// values and for values that are not positive.
func GeometricMean(values []float64, confidence float64) Estimate {
	n := len(values)
	sum := 0.0
	for _, v := range values {
		sum += math.Log(v)
	}
	mean := sum / float64(n)
	e := Estimate{Est: math.Exp(mean), Lo: 0, Hi: math.Inf(1), N: n, SE: math.NaN()}
	if n < 2 || math.IsNaN(mean) {
		return e
	}
	squares := 0.0
	for _, v := range values {
		d := math.Log(v) - mean
		squares += d * d
	}
	e.SE = math.Sqrt(squares / float64(n-1) / float64(n))
	half := e.SE * StudentQuantile(0.5+confidence/2, float64(n-1))
	e.Lo, e.Hi = math.Exp(mean-half), math.Exp(mean+half)
	return e
}

// HalfWidth is the larger side of the interval relative to the estimate: 0.02
// for +-2 %.
func (e Estimate) HalfWidth() float64 { return math.Max(e.Hi/e.Est-1, 1-e.Lo/e.Est) }

// SmallestEffect is the relative effect that a comparison with e's scatter
// finds with probability power at the confidence given: the distance, in
// standard errors, of the two quantiles (Cohen, Statistical Power Analysis,
// chapter 2, with t for the normal).
func (e Estimate) SmallestEffect(confidence, power float64) float64 {
	if e.N < 2 {
		return math.Inf(1)
	}
	df := float64(e.N - 1)
	return math.Expm1(e.SE * (StudentQuantile(0.5+confidence/2, df) + StudentQuantile(power, df)))
}
