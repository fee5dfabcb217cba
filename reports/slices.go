package reports

import (
	"cmp"
	"fmt"
	"slices"

	"zstdshop/harness/result"
	"zstdshop/reports/html"
)

// Raw slices are thinned to what a picture shows, and to what a page can hold:
// slicesTotal points over all cells, slicesMost in one.
const (
	slicesTotal = 15000
	slicesMost  = 300
)

// sliceRecords is the time of a task in each slice of a cell, with how long the
// sentinel took beside it. Of many cells it has the first html.MostDrawn.
func sliceRecords(r *result.Result) []html.Record {
	cells := min(len(r.Cells), html.MostDrawn)
	points := min(slicesMost, slicesTotal/max(cells, 1))
	var all []html.Record
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
		caption := plural(len(times), "slice") + " in " + plural(len(c.Samples), "fork")
		if points < len(times) {
			caption += fmt.Sprintf(", %d shown", points)
		}
		record := html.Record{Name: visible(c.Name), Caption: caption, Times: thinned(times, points)}
		if len(sentinels) == len(times) {
			record.Sentinels = thinned(sentinels, points)
		}
		all = append(all, record)
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

// noise is the sentinel over the whole run: how long the same few microseconds
// of work took beside each slice, against the fastest. It is nil where no worker
// had one.
func noise(r *result.Result) []float64 {
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
		least := slices.MinFunc(own, func(a, b beside) int { return cmp.Compare(a.ns, b.ns) }).ns
		for _, b := range own {
			all = append(all, beside{b.fork, b.turn, b.ns * 1000 / max(least, 1)})
		}
	}
	if len(all) < 2 {
		return nil
	}
	slices.SortFunc(all, func(a, b beside) int {
		return cmp.Or(cmp.Compare(a.fork, b.fork), cmp.Compare(a.turn, b.turn), cmp.Compare(a.ns, b.ns))
	})
	var v []float64
	for _, b := range all {
		v = append(v, float64(b.ns)/1000)
	}
	return thinned(v, 800)
}
