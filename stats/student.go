package stats

import "math"

// StudentQuantile returns the p-quantile of Student's t distribution with df
// degrees of freedom, 0 < p < 1, df > 0. It inverts StudentCDF by bisection,
// which is slow (microseconds) and cannot fail to converge.
func StudentQuantile(p, df float64) float64 {
	if !(p > 0 && p < 1) || !(df > 0) {
		return math.NaN()
	}
	if p < 0.5 {
		return -StudentQuantile(1-p, df)
	}
	lo, hi := 0.0, 1.0
	for StudentCDF(hi, df) < p && hi < 1e300 {
		lo, hi = hi, 2*hi
	}
	return bisect(lo, hi, func(t float64) bool { return StudentCDF(t, df) < p })
}

// bisect finds where below, true at lo and false at hi, turns.
func bisect(lo, hi float64, below func(float64) bool) float64 {
	for range 200 {
		mid := lo + (hi-lo)/2
		if mid == lo || mid == hi {
			break
		}
		if below(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo + (hi-lo)/2
}

// StudentCDF returns the probability that a t variable with df degrees of
// freedom is at most t: 1 - I_x(df/2, 1/2)/2 for t >= 0 with x = df/(df+t^2)
// (Abramowitz and Stegun, 26.7.1 and 26.5.27).
func StudentCDF(t, df float64) float64 {
	upper := 0.5 * betaRegularized(df/(df+t*t), df/2, 0.5)
	if t < 0 {
		return upper
	}
	return 1 - upper
}

// betaRegularized returns the regularized incomplete beta function I_x(a, b),
// by the continued fraction of Abramowitz and Stegun 26.5.8, evaluated with
// Lentz's method on the side where it converges fast.
func betaRegularized(x, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2):
		return 1 - betaFraction(1-x, b, a)
	}
	return betaFraction(x, a, b)
}

// betaFraction returns I_x(a, b) for x up to (a+1)/(a+b+2).
func betaFraction(x, a, b float64) float64 {
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a

	const tiny = 1e-300
	guard := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/guard(1-(a+b)*x/(a+1))
	f := d
	for m := 1.0; m < 1000; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d = 1 / guard(1+even*d)
		c = guard(1 + even/c)
		f *= c * d
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d = 1 / guard(1+odd*d)
		c = guard(1 + odd/c)
		step := c * d
		f *= step
		if math.Abs(step-1) < 1e-15 {
			break
		}
	}
	return front * f
}
