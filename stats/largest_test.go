package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestLargest(t *testing.T) {
	near := func(a, b float64) bool { return math.Abs(a-b) < 1e-3 }
	for _, c := range []struct{ est, sd, want []float64 }{
		{[]float64{5}, []float64{1}, []float64{1}},
		{[]float64{1, 1}, []float64{1, 1}, []float64{0.5, 0.5}},
		{[]float64{1, 1, 1}, []float64{2, 2, 2}, []float64{1. / 3, 1. / 3, 1. / 3}},
		// Of two: Phi(difference / root of the sum of variances).
		{[]float64{2, 0}, []float64{1, 1}, []float64{0.9214, 0.0786}},
		{[]float64{0, 1}, []float64{0, 2}, []float64{0.3085, 0.6915}},
		{[]float64{3, 2}, []float64{0, 0}, []float64{1, 0}},
		{[]float64{3, 3}, []float64{0, 0}, []float64{0.5, 0.5}},
	} {
		got := Largest(c.est, c.sd)
		for i := range got {
			if !near(got[i], c.want[i]) {
				t.Errorf("Largest(%v, %v) = %v, want %v", c.est, c.sd, got, c.want)
				break
			}
		}
	}
}

// The probability is what it says: of many answers at which one of three is given p
// to be the largest, it is the largest in a share p. Flat prior: truths are spread
// far wider than the errors.
func TestLargestIsCalibrated(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var said, was [5]float64 // by fifths of the probability
	var n [5]int
	for range 4000 {
		var truth, est, sd [3]float64
		for i := range truth {
			truth[i], sd[i] = 20*r.Float64(), 0.5+3*r.Float64()
			est[i] = truth[i] + sd[i]*r.NormFloat64()
		}
		for i, p := range Largest(est[:], sd[:]) {
			bin := min(int(p*5), 4)
			n[bin]++
			said[bin] += p
			if truth[i] == max(truth[0], truth[1], truth[2]) {
				was[bin]++
			}
		}
	}
	for bin := range n {
		k := float64(n[bin])
		if k < 100 || math.Abs(said[bin]-was[bin])/k > 0.06 {
			t.Errorf("of %d answers about %.2f came true %.2f", n[bin], said[bin]/k, was[bin]/k)
		}
	}
}
