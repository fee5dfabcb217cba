package html

import (
	"slices"
	"testing"
)

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		s    scale
		n    int
		want []float64
	}{
		{scale{lo: 0, hi: 10}, 5, []float64{0, 2, 4, 6, 8, 10}},
		{scale{lo: 2.81, hi: 3.55}, 5, []float64{3, 3.2, 3.4}},
		{scale{lo: 0, hi: 2.06, whole: true}, 7, []float64{0, 1, 2}},
		{scale{lo: 0, hi: 66, whole: true}, 7, []float64{0, 10, 20, 30, 40, 50, 60}},
		{scale{lo: 3, hi: 400, logarithmic: true}, 6, []float64{3, 10, 30, 100, 300}},
		{scale{lo: 0.9, hi: 1.1, logarithmic: true}, 5, []float64{0.9, 0.95, 1, 1.05, 1.1}},
		{scale{lo: 1, hi: 1}, 5, nil},
		{scale{lo: 0, hi: 5, logarithmic: true}, 5, nil},
	} {
		got := c.s.ticks(c.n)
		for i := range got {
			got[i] = float64(int(got[i]*1e6+0.5)) / 1e6
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: ticks(%d) = %v, want %v", c.s, c.n, got, c.want)
		}
	}
}

func TestScale(t *testing.T) {
	linear, log := scale{lo: 0, hi: 10, from: 100, to: 200}, scale{lo: 1, hi: 100, from: 0, to: 100, logarithmic: true}
	for _, c := range []struct{ got, want float64 }{
		{linear.at(0), 100}, {linear.at(5), 150}, {linear.at(99), 200}, {linear.at(-1), 100}, {log.at(10), 50}, {log.at(0), 0}, {scale{}.at(1), 0},
	} {
		if c.got != c.want {
			t.Errorf("at %v, want %v", c.got, c.want)
		}
	}
}

func TestShortened(t *testing.T) {
	for _, c := range []struct {
		text  string
		width float64
		whole bool
	}{{"datadog pool", 200, true}, {"a name that is far too long for its place", 100, false}, {"日本語日本語日本語", 60, false}, {"x", 1, false}} {
		got := shortened(c.text, c.width)
		if (got == c.text) != c.whole || !c.whole && textWidth(got) > c.width && got != "…" {
			t.Errorf("shortened(%q, %v) = %q", c.text, c.width, got)
		}
	}
}
