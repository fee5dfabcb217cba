package stats

import "math"

// priorRatio is c^2 of the mixture below: how many observations of effect zero
// the prior is worth. 1 makes the intervals of 10 to 100 pairs about as narrow
// as any choice can, at 1 % error.
const priorRatio = 1

// farRatio is that of the intervals for effects that are many times the scatter. They are
// finite from three values on, and wider than the others from six.
const farRatio = 1e-3

// A Sequence summarizes independent values seen so far, to estimate their mean
// with intervals that stay valid however often one looks. The zero value has
// seen nothing.
type Sequence struct {
	N       int
	weight  float64 // sum of weights
	mean    float64
	squares float64 // weighted sum of squared distances from the mean
	within  float64 // the variance that a value of average weight has by its parts alone
	degrees float64 // of freedom with which that is known; 0 where it is not
}

// Expected returns n values as they are expected to be: with their variance, and what
// Within will tell of them.
func Expected(n int, variance, within, degrees float64) Sequence {
	return Sequence{N: n, weight: float64(n), squares: variance * float64(n-1), within: within, degrees: degrees}
}

// Add adds a value of weight 1.
func (s *Sequence) Add(x float64) { s.AddWeighted(x, 1) }

// AddWeighted adds one value (West's update). Weights are in inverse proportion to
// the variances that the values are known to have, so only their ratios count; a
// weight must not depend on its value. weight > 0.
func (s *Sequence) AddWeighted(x, weight float64) {
	s.N++
	s.weight += weight
	d := x - s.mean
	s.mean += d * weight / s.weight
	s.squares += weight * d * (x - s.mean)
}

// Within tells what is known from inside the values, where each is a mean of parts: the
// variance that a value of average weight would have if its parts alone varied, with so
// many degrees of freedom. Few values know their variance badly, and intervals have to
// make up for that; many parts know it well, but nothing of what a whole value is off by.
func (s *Sequence) Within(variance, degrees float64) { s.within, s.degrees = variance, degrees }

// How far the variance within values is believed: what values themselves say has the
// share that their variance is of unlike times what the parts explain, a half at least and
// all at most.
// At 1 % and looks after each of 8 to 64 values at most 0.7 % of intervals then miss the
// mean, whatever values have beside their parts, and intervals of 8, 10 and 15 values are
// 0.70, 0.82 and 0.92 times as wide (TestSequenceWithin).
const unlike = 1.5

// doubt is the variance of a value of average weight and the degrees of freedom with
// which it is known (Satterthwaite, "An approximate distribution of estimates of
// variance components", Biometrics Bulletin 2, 1946). s.N >= 2.
func (s Sequence) doubt() (variance, degrees float64) {
	n := float64(s.N)
	between := s.squares / s.weight * n / (n - 1)
	if s.degrees <= 0 || s.within <= 0 {
		return between, n - 1
	}
	share := min(max(between/(unlike*s.within), 0.5), 1)
	a, b := share*between, (1-share)*s.within
	return a + b, (a + b) * (a + b) / (a*a/(n-1) + b*b/s.degrees)
}

// Mean returns the weighted mean of the values so far; NaN before the first.
func (s Sequence) Mean() float64 {
	if s.N == 0 {
		return math.NaN()
	}
	return s.mean
}

// SE returns the standard error of the mean; NaN for fewer than two values.
func (s Sequence) SE() float64 {
	if s.N < 2 {
		return math.NaN()
	}
	variance, _ := s.doubt()
	return math.Sqrt(variance / float64(s.N))
}

// Degrees returns the degrees of freedom with which SE is known: N-1, or more where the
// values' parts are known. 0 for fewer than two values.
func (s Sequence) Degrees() float64 {
	if s.N < 2 {
		return 0
	}
	_, degrees := s.doubt()
	return degrees
}

// Interval returns one interval of a confidence sequence: with probability
// 1-alpha the mean is inside the interval at every N at once. So it stays valid
// if one looks after every value and stops whenever one likes. That is exact
// for normal values of unknown variance, and nearly so for values that are
// symmetric about their mean.
//
// It is Lai's t-test mixture (Lai, "On confidence sequences", Annals of
// Statistics 4, 1976; in the form of Wang and Ramdas, "Anytime-valid t-tests and
// confidence sequences for Gaussian means with unknown variance", 2023): with n
// values, variance v (divided by n) and c^2 = priorRatio,
//
//	K = (sqrt((n+c^2)/c^2) / alpha)^(2/n),  q = (n+c^2) (1 - 1/K)
//
// and the half width is sqrt(v q/(n-q)), infinite while q >= n. Values of unequal
// weight are the same regression through known factors: v is the weighted variance,
// and weights of mean 1 leave the formula as it is. Where Within tells more, n is one more
// than the degrees of freedom there are, and v what gives the same standard error.
func (s Sequence) Interval(alpha float64) (lo, hi float64) {
	half := s.HalfWidth(alpha)
	return s.mean - half, s.mean + half
}

// HalfWidth returns half the width of Interval; infinite where the values are too few.
func (s Sequence) HalfWidth(alpha float64) float64 { return s.halfWidth(alpha, float64(s.N)) }

// halfWidth returns half the width of the interval for n values that scatter as those so
// far.
func (s Sequence) halfWidth(alpha, n float64) float64 {
	if s.N < 2 {
		return math.Inf(1)
	}
	variance, degrees := s.doubt()
	degrees *= (n - 1) / float64(s.N-1)
	return math.Sqrt(variance/n*degrees) * HalfWidth(alpha, degrees+1)
}

// FarInterval is Interval with a prior for effects that are many times the scatter: with
// three values it is finite already, where Interval takes six at 1 %. It is valid at every N
// by itself; who looks at both shares alpha between them.
func (s Sequence) FarInterval(alpha float64) (lo, hi float64) {
	half := math.Inf(1)
	if s.N >= 2 {
		n := float64(s.N)
		half = math.Sqrt(s.squares/s.weight) * halfWidth(alpha, n, farRatio)
	}
	return s.mean - half, s.mean + half
}

// HalfWidth returns half the width of the interval of level 1-alpha around n values
// of variance 1; infinite where they are too few for any.
func HalfWidth(alpha, n float64) float64 { return halfWidth(alpha, n, priorRatio) }

func halfWidth(alpha, n, prior float64) float64 {
	logK := 2 / n * (0.5*math.Log((n+prior)/prior) - math.Log(alpha))
	q := (n + prior) * -math.Expm1(-logK)
	if n < 2 || q >= n {
		return math.Inf(1)
	}
	return math.Sqrt(q / (n - q))
}

// PValue returns the smallest alpha at which mean is outside the interval: one
// over the mixture's evidence against it, at most 1. It is valid at every N at
// once.
func (s Sequence) PValue(mean float64) float64 {
	if s.N < 2 {
		return 1
	}
	variance, degrees := s.doubt()
	return pValue(s.mean-mean, variance/float64(s.N)*degrees, degrees+1, priorRatio)
}

// FarPValue is PValue with the prior of FarInterval.
func (s Sequence) FarPValue(mean float64) float64 {
	if s.N < 2 {
		return 1
	}
	return pValue(s.mean-mean, s.squares/s.weight, float64(s.N), farRatio)
}

// pValue is one over the evidence of n values of mean d and variance v (divided by n)
// against a mean of 0.
func pValue(d, v, n, prior float64) float64 {
	v += d * d
	if v == 0 {
		return 1
	}
	// The evidence is sqrt(c^2/(n+c^2)) ((n+c^2) V / ((n+c^2) V - S^2))^(n/2)
	// with S = n d and V = n v.
	rest := (n + prior) * n * v
	logEvidence := 0.5*math.Log(prior/(n+prior)) + n/2*math.Log(rest/(rest-n*n*d*d))
	return math.Min(1, math.Exp(-logEvidence))
}

// Needed returns how many values in all it would take, by the variance so far,
// until the interval is at most half wide to each side; at most limit.
func (s Sequence) Needed(alpha, half float64, limit int) int {
	for n := s.N; n < limit; n += 1 + n/16 {
		if s.halfWidth(alpha, float64(n)) <= half {
			return n
		}
	}
	return limit
}

// SmallestEffect returns the shift of the mean that would be outside the
// interval around it with probability power, at N values of the variance seen
// so far.
func (s Sequence) SmallestEffect(alpha, power float64) float64 {
	return s.EffectAfter(alpha, power, float64(s.N))
}

// EffectAfter is SmallestEffect at n values that scatter as those so far.
func (s Sequence) EffectAfter(alpha, power, n float64) float64 {
	if s.N < 2 || n < 2 {
		return math.Inf(1)
	}
	return s.halfWidth(alpha, n) + s.SE()*math.Sqrt(float64(s.N)/n)*StudentQuantile(power, s.Degrees()*(n-1)/float64(s.N-1))
}
