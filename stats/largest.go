package stats

import "math"

// Largest returns, for each of several estimates, the probability that the
// value it estimates is the largest of all. It takes the estimates as
// independent and normal with standard deviations sd (0 where the value is
// known):
//
//	P(i) = integral of phi_i(x) * product over j != i of Phi((x - est_j) / sd_j) dx
//
// the probability of the best of normal populations (Bechhofer 1954). It is
// integrated by the trapezoidal rule in steps of a twentieth of its own sd. The
// probabilities add up to 1; known values that are equal share theirs.
func Largest(est, sd []float64) []float64 {
	const reach = 6 // standard deviations
	p := make([]float64, len(est))
	below := func(i int, x float64) float64 {
		if sd[i] == 0 {
			switch {
			case x > est[i]:
				return 1
			case x == est[i]:
				return 0.5
			}
			return 0
		}
		return 0.5 * math.Erfc((est[i]-x)/sd[i]/math.Sqrt2)
	}
	others := func(i int, x float64) float64 {
		product := 1.0
		for j := range est {
			if j != i {
				product *= below(j, x)
			}
		}
		return product
	}
	sum := 0.0
	for i := range est {
		if sd[i] == 0 {
			p[i] = others(i, est[i])
		} else {
			const steps = 240
			h := 2 * reach / float64(steps)
			for k := range steps + 1 {
				z := -reach + h*float64(k)
				p[i] += h * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) * others(i, est[i]+z*sd[i])
			}
		}
		sum += p[i]
	}
	for i := range p {
		if sum > 0 {
			p[i] /= sum
		}
	}
	return p
}
