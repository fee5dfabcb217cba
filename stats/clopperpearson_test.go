package stats

import (
	"math"
	"testing"
)

// Facts from the tables of Newcombe, Statistics in Medicine 17 (1998), 857-872, method 5,
// and for nothing seen from the closed form 1-tail^(1/n).
func TestClopperPearson(t *testing.T) {
	for _, c := range []struct {
		hits, n            int
		confidence, lo, hi float64
	}{
		{81, 263, 0.95, 0.2527, 0.3676}, {15, 148, 0.95, 0.0578, 0.1617}, {0, 20, 0.95, 0, 0.1684}, {1, 29, 0.95, 0.0009, 0.1776},
		{0, 5, 0.9, 0, 1 - math.Pow(0.05, 1./5)}, {5, 5, 0.9, math.Pow(0.05, 1./5), 1}, {0, 500, 0.9, 0, 1 - math.Pow(0.05, 1./500)}, {0, 0, 0.9, 0, 1},
	} {
		lo, hi := ClopperPearson(c.hits, c.n, c.confidence)
		if math.Abs(lo-c.lo) > 5e-5 || math.Abs(hi-c.hi) > 5e-5 {
			t.Errorf("ClopperPearson(%d, %d, %v) = %.4f..%.4f, want %.4f..%.4f", c.hits, c.n, c.confidence, lo, hi, c.lo, c.hi)
		}
	}
}
