package stats

import (
	"math"
	"testing"
)

// Facts from printed tables of Student's t.
func TestStudentQuantile(t *testing.T) {
	for _, c := range []struct{ p, df, want float64 }{
		{0.975, 1, 12.7062}, {0.975, 2, 4.30265}, {0.975, 7, 2.36462}, {0.975, 30, 2.04227},
		{0.995, 7, 3.49948}, {0.995, 10, 3.16927}, {0.9, 5, 1.47588}, {0.025, 7, -2.36462},
		{0.5, 3, 0}, {0.975, 1e6, 1.95997}, {0.9995, 4, 8.61030},
	} {
		if got := StudentQuantile(c.p, c.df); math.Abs(got-c.want) > 2e-5*math.Max(1, math.Abs(c.want)) {
			t.Errorf("StudentQuantile(%v, %v) = %.5f, want %.5f", c.p, c.df, got, c.want)
		}
	}
}

func TestStudentCDFInvertsQuantile(t *testing.T) {
	for _, df := range []float64{1, 2.5, 7, 100} {
		for _, p := range []float64{0.001, 0.2, 0.5, 0.8, 0.999} {
			if got := StudentCDF(StudentQuantile(p, df), df); math.Abs(got-p) > 1e-10 {
				t.Errorf("df %v: CDF(quantile(%v)) = %v", df, p, got)
			}
		}
	}
}

func TestStudentQuantileRefuses(t *testing.T) {
	for _, c := range [][2]float64{{0, 3}, {1, 3}, {-1, 3}, {0.5, 0}, {math.NaN(), 3}} {
		if got := StudentQuantile(c[0], c[1]); !math.IsNaN(got) {
			t.Errorf("StudentQuantile(%v, %v) = %v, want NaN", c[0], c[1], got)
		}
	}
}
