package html

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Record is the raw slices of a cell, in the order in which they ran: the time of a
// task in each, and that of the sentinel beside it, nil where there is none.
type Record struct {
	Name, Caption    string
	Times, Sentinels []float64
}

const recordWidth = 640.0

// newRecord draws the times above and the sentinels below, each on a logarithmic axis
// from its fastest to twice that or its slowest.
func newRecord(r Record) *picture {
	p := &picture{Label: "time of a task in each slice", W: recordWidth, H: 76}
	for _, part := range []struct {
		values    []float64
		low, high float64
		class     string
	}{{r.Times, 50, 4, "slices"}, {r.Sentinels, 74, 58, "sentinels"}} {
		if part.values != nil {
			least, most := slices.Min(part.values), slices.Max(part.values)
			x := func(i int) float64 { return float64(i) * (recordWidth - 4) / float64(max(len(part.values)-1, 1)) }
			p.dashes(part.values, x, scale{lo: least, hi: max(most, 2*least), from: part.low, to: part.high, logarithmic: true}, part.class)
		}
	}
	return p
}

// newNoise draws the sentinel over the whole run: how long the same few microseconds
// of work took beside each slice, against the fastest.
func newNoise(_ string, v []float64, width float64) *picture {
	p := &picture{Label: "how much longer the same work took during the run", W: width, H: 180}
	x := scale{hi: float64(len(v) - 1), from: 44, to: width - 16}
	y := scale{lo: 1, hi: min(max(slices.Max(v), 2), 8), from: 150, to: 30, logarithmic: true}
	for _, tick := range []float64{1, 1.5, 2, 3, 5, 8} {
		if tick <= y.hi {
			p.line(x.from, y.at(tick), x.to, y.at(tick), "guide")
			p.text(x.from-8, y.at(tick)+4, "tick", "end", tickText(tick)+"x")
		}
	}
	p.text(x.from, 16, "head", "", "time of the sentinel over its fastest ↑")
	p.text(x.to, 172, "head", "end", "the run →")
	p.dashes(v, func(i int) float64 { return x.at(float64(i)) }, y, "slices")
	return p
}

// dashes draws a short one for each value, in their order.
func (p *picture) dashes(v []float64, x func(int) float64, y scale, class string) {
	var b strings.Builder
	for i, value := range v {
		fmt.Fprintf(&b, "M%d %dh2", int(x(i)), int(math.Round(y.at(value))))
	}
	p.path(b.String(), class)
}
