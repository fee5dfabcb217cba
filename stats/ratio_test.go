package stats

import (
	"math"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) }

func TestGeometricMean(t *testing.T) {
	// By hand: logs 0, ln 4 -> mean ln 2, s = ln4/sqrt2, se = ln 2; t(0.975, 1) = 12.7062.
	got := GeometricMean([]float64{1, 4}, 0.95)
	half := math.Ln2 * StudentQuantile(0.975, 1)
	if !near(got.Est, 2) || !near(got.Lo, 2*math.Exp(-half)) || !near(got.Hi, 2*math.Exp(half)) || got.N != 2 {
		t.Errorf("got %+v", got)
	}
	if one := GeometricMean([]float64{7}, 0.95); !near(one.Est, 7) || one.Lo != 0 || !math.IsInf(one.Hi, 1) {
		t.Errorf("one value: %+v, want no interval", one)
	}
	if none := GeometricMean(nil, 0.95); !math.IsNaN(none.Est) {
		t.Errorf("no value: %+v, want NaN", none)
	}
	if bad := GeometricMean([]float64{1, -1}, 0.95); !math.IsNaN(bad.Est) {
		t.Errorf("negative value: %+v, want NaN", bad)
	}
}

// The interval narrows with more values and lower confidence.
func TestGeometricMeanWidth(t *testing.T) {
	few, many := []float64{1, 1.1, 0.9, 1}, []float64{1, 1.1, 0.9, 1, 1, 1.1, 0.9, 1}
	if a, b := GeometricMean(few, 0.95).HalfWidth(), GeometricMean(many, 0.95).HalfWidth(); a <= b {
		t.Errorf("half width %v of 4 values, %v of 8", a, b)
	}
	if a, b := GeometricMean(few, 0.99).HalfWidth(), GeometricMean(few, 0.95).HalfWidth(); a <= b {
		t.Errorf("half width %v at 99 %%, %v at 95 %%", a, b)
	}
}
