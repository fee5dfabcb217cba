package reports

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// Raw slices are thinned to what a picture shows, and to what a page can hold:
// slicesTotal points over all cells, slicesMost in one.
const (
	slicesTotal = 15000
	slicesMost  = 300
	slicesWidth = 640.0
)

// A record is the raw slices of a cell, in the order in which they ran.
type record struct {
	Name    string
	Caption string
	Picture *picture
}

// sliceRecords draws the time a task took in each slice above, and below how long the
// sentinel took beside it, where there is one: each on a logarithmic axis from
// its fastest to twice that or its slowest. Of many cells it draws the first
// mostDrawn.
func sliceRecords(r *result.Result) []record {
	cells := min(len(r.Cells), mostDrawn)
	points := min(slicesMost, slicesTotal/max(cells, 1))
	var all []record
	for i := range cells {
		c := &r.Cells[i]
		var times, sentinels []float64
		for _, f := range c.Samples {
			for k := range f.WallNS {
				times = append(times, float64(f.WallNS[k])/float64(f.Tasks[k]))
				if len(f.Before) == len(f.WallNS) {
					sentinels = append(sentinels, float64(max(f.Before[k], f.After[k])))
				}
			}
		}
		if len(times) < 2 {
			continue
		}
		shown := min(len(times), points)
		caption := fmt.Sprintf("%s in %s", plural(len(times), "slice"), plural(len(c.Samples), "fork"))
		if shown < len(times) {
			caption += fmt.Sprintf(", %d shown", shown)
		}
		p := &picture{Label: "time of a task in each slice", W: slicesWidth, H: 76}
		p.path(dots(thinned(times, shown), 50, 4), "slices")
		if len(sentinels) == len(times) {
			p.path(dots(thinned(sentinels, shown), 74, 58), "sentinels")
		}
		all = append(all, record{visible(c.Name), caption, p})
	}
	return all
}

// thinned is n values of v evenly taken, the first and the last among them.
func thinned(v []float64, n int) []float64 {
	if n >= len(v) {
		return v
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = v[i*(len(v)-1)/max(n-1, 1)]
	}
	return out
}

// dots is the path of a dot for each value, the smallest at the height low.
func dots(v []float64, low, high float64) string {
	least, most := slices.Min(v), slices.Max(v)
	s := scale{lo: least, hi: max(most, 2*least), from: low, to: high, logarithmic: true}
	var b strings.Builder
	for i, y := range v {
		fmt.Fprintf(&b, "M%d %dh2", int(float64(i)*(slicesWidth-4)/float64(max(len(v)-1, 1))), int(math.Round(s.at(y))))
	}
	return b.String()
}

// noise draws the sentinel over the whole run: how long the same few microseconds
// of work took beside each slice, against the fastest. It is nil where no worker
// had one.
func noise(r *result.Result) *picture {
	type beside struct{ fork, turn, ns int64 }
	of := map[int][]beside{} // by lanes: two at once are slower than one
	for _, c := range r.Cells {
		for _, f := range c.Samples {
			if len(f.Before) != len(f.WallNS) {
				continue
			}
			for k := range f.Before {
				lanes := min(c.Workers, max(c.EffectiveGOMAXPROCS, 1))
				of[lanes] = append(of[lanes], beside{int64(f.Fork), int64(f.Turn[k]), f.Before[k]})
			}
		}
	}
	var all []beside
	for _, own := range of {
		least := slices.MinFunc(own, func(a, b beside) int { return int(a.ns - b.ns) }).ns
		for _, b := range own {
			all = append(all, beside{b.fork, b.turn, b.ns * 1000 / max(least, 1)})
		}
	}
	if len(all) < 2 {
		return nil
	}
	slices.SortStableFunc(all, func(a, b beside) int {
		if a.fork != b.fork {
			return int(a.fork - b.fork)
		}
		if a.turn != b.turn {
			return int(a.turn - b.turn)
		}
		return int(a.ns - b.ns)
	})
	p := &picture{Label: "how much longer the same work took during the run", W: 720, H: 180}
	var v []float64
	for _, b := range all {
		v = append(v, float64(b.ns)/1000)
	}
	v = thinned(v, min(len(v), 800))
	x := scale{lo: 0, hi: float64(len(v) - 1), from: 56, to: 700}
	y := scale{lo: 1, hi: min(max(slices.Max(v), 2), 8), from: 150, to: 30, logarithmic: true}
	for _, tick := range []float64{1, 1.5, 2, 3, 5, 8} {
		if tick <= y.hi {
			p.line(x.from, y.at(tick), x.to, y.at(tick), "guide")
			p.text(x.from-8, y.at(tick)+4, "tick", "end", tickText(tick)+"x")
		}
	}
	p.text(x.from, 16, "head", "", "time of the sentinel over its fastest ↑")
	p.text(x.to, 172, "head", "end", "the run →")
	var b strings.Builder
	for i, value := range v {
		fmt.Fprintf(&b, "M%d %dh2", int(x.at(float64(i))), int(math.Round(y.at(value))))
	}
	p.path(b.String(), "slices")
	return p
}
