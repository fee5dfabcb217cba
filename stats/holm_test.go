package stats

import (
	"slices"
	"testing"
)

func TestHolm(t *testing.T) {
	for _, c := range []struct {
		name         string
		p            []float64
		each, family float64
		want         []float64
	}{
		{"one claim gets what each may have", []float64{0.5}, 0.01, 0.05, []float64{0.01}},
		{"the family's share, step by step", []float64{0.001, 0.01, 0.02, 0.03}, 1, 0.05, []float64{0.05 / 4, 0.05 / 3, 0.05 / 2, 0.05}},
		{"in order of p, wherever it stands", []float64{0.03, 0.001, 0.02, 0.01}, 1, 0.05, []float64{0.05, 0.05 / 4, 0.05 / 2, 0.05 / 3}},
		{"the first that fails stops the rest", []float64{0.001, 0.03, 0.031}, 1, 0.05, []float64{0.05 / 3, 0.05 / 2, 0.05 / 2}},
		{"nobody gets more than each", []float64{0.001, 0.002, 0.003}, 0.02, 0.05, []float64{0.05 / 3, 0.02, 0.02}},
		{"none", nil, 0.01, 0.05, []float64{}},
	} {
		if got := Holm(c.p, c.each, c.family); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
