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
	type beside struct {
		fork, turn, lanes int // two lanes at once are slower than one
		ns                int64
	}
	var all []beside
	least := map[int]int64{} // by lanes
	for _, c := range r.Cells {
		lanes := min(c.Workers, max(c.EffectiveGOMAXPROCS, 1))
		for _, f := range c.Samples {
			if len(f.Before) != len(f.WallNS) {
				continue
			}
			for k, ns := range f.Before {
				all = append(all, beside{f.Fork, f.Turn[k], lanes, ns})
				if fastest, ok := least[lanes]; !ok || ns < fastest {
					least[lanes] = ns
				}
			}
		}
	}
	if len(all) < 2 {
		return nil
	}
	for i, b := range all {
		all[i].ns = b.ns * 1000 / max(least[b.lanes], 1)
	}
	slices.SortFunc(all, func(a, b beside) int {
		return cmp.Or(cmp.Compare(a.fork, b.fork), cmp.Compare(a.turn, b.turn), cmp.Compare(a.ns, b.ns))
	})
	return thinned(mapped(all, func(b beside) float64 { return float64(b.ns) / 1000 }), 800)
}
