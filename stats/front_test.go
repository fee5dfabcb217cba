package stats

import (
	"math"
	"slices"
	"testing"
)

func TestFront(t *testing.T) {
	for _, c := range []struct {
		name   string
		points []FrontPoint
		off    []bool
		p      []float64
	}{
		{"none", nil, []bool{}, []float64{}},
		{"trade", []FrontPoint{{2, 100, 99, 101}, {3, 50, 49, 51}}, []bool{false, false}, []float64{1, 1}},
		{"dominated", []FrontPoint{{2, 50, 49, 51}, {3, 100, 99, 101}}, []bool{true, false}, []float64{0, 1}},
		{"tied share", []FrontPoint{{2, 100, 90, 110}, {2, 100, 95, 105}}, []bool{false, false}, []float64{0.5, 0.5}},
		{"not told apart", []FrontPoint{{2, 100, 90, 110}, {3, 100, 90, 110}}, []bool{false, false}, []float64{0.5, 1}},
		{"exact twins", []FrontPoint{{2, 100, 100, 100}, {2, 100, 100, 100}}, []bool{false, false}, []float64{1, 1}},
		{"exact, smaller ratio", []FrontPoint{{2, 100, 100, 100}, {3, 100, 100, 100}}, []bool{false, false}, []float64{0, 1}},
	} {
		if got := Dominated(c.points); !slices.Equal(got, c.off) {
			t.Errorf("%s: dominated %v, want %v", c.name, got, c.off)
		}
		for i, got := range OnFront(c.points, 0.95) {
			if math.Abs(got-c.p[i]) > 1e-6 {
				t.Errorf("%s: point %d on the front with %v, want %v", c.name, i, got, c.p[i])
			}
		}
	}
}
