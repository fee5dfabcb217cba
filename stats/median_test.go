package stats

import (
	"math"
	"slices"
	"testing"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{{[]float64{7}, 7}, {[]float64{9, 1}, 5}, {[]float64{3, 9, 1}, 3}, {[]float64{9, 1, 3, 5}, 4}} {
		before := slices.Clone(c.values)
		if got := Median(c.values); got != c.want || !slices.Equal(c.values, before) {
			t.Errorf("%v: %v, want %v; left as %v", before, got, c.want, c.values)
		}
	}
	if got := Median(nil); !math.IsNaN(got) {
		t.Errorf("nothing: %v, want NaN", got)
	}
}
