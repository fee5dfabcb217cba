package stats

import (
	"math"
	"testing"
)

// Facts from the tables of Newcombe, Statistics in Medicine 17 (1998), 857-872,
// method 3.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		hits, n int
		lo, hi  float64
	}{
		{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}, {0, 0, 0, 1},
	} {
		lo, hi := Wilson(c.hits, c.n, 0.95)
		if math.Abs(lo-c.lo) > 5e-5 || math.Abs(hi-c.hi) > 5e-5 {
			t.Errorf("Wilson(%d, %d) = %.4f..%.4f, want %.4f..%.4f", c.hits, c.n, lo, hi, c.lo, c.hi)
		}
	}
}
