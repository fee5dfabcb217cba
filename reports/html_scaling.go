package reports

import (
	"fmt"
	"math"
	"strings"

	"zstdshop/harness/result"
	"zstdshop/stats"
)

// A curve picture is how the models of one work scale with their workers.
type curves struct {
	Title   string
	Points  []curvePoint
	Picture *picture
}

// A curvePoint is one runner with some workers; speed-up and efficiency are over
// the same runner with the fewest workers it was measured with, taken as so many
// times one.
type curvePoint struct {
	ID, Runner, SpeedUp, Bounds, Efficiency string
	Workers                                 int

	up     result.Interval
	colour int
}

// scalingCurves makes one for each work of which some model was measured with
// several numbers of workers.
func scalingCurves(r *result.Result) []curves {
	var all []curves
	at := map[string]int{}
	fits := map[string][]func(float64) float64{}
	for _, cells := range scaled(r) {
		cell := cells[0].Cell
		cell.Workers, cell.Tasks, cell.Runner = 0, 0, ""
		key := cell.Name()
		n, ok := at[key]
		if !ok {
			n = len(all)
			at[key] = n
			all = append(all, curves{Title: visible(strings.Replace(key, "/runner=/workers=0", "", 1))})
		}
		c := &all[n]
		fits[key] = append(fits[key], c.addModel(n, len(fits[key]), cells))
	}
	for key, n := range at {
		all[n].Picture = all[n].draw(fits[key])
	}
	return all
}

// addModel appends the points of one runner, and returns its fitted speed-up; nil
// where the points do not carry a fit.
func (c *curves) addModel(work, colour int, cells []*result.CellResult) func(float64) float64 {
	first := cells[0]
	base := float64(first.Workers)
	var n, x []float64
	for _, cell := range cells {
		up := base * first.NSPerOp.Est / cell.NSPerOp.Est
		iv := result.Interval{Est: up}
		if a, b := relative(first.NSPerOp), relative(cell.NSPerOp); cell == first {
			iv.Lo, iv.Hi = &up, &up
		} else if a > 0 && b > 0 {
			half := math.Hypot(a, b)
			lo, hi := up*(1-min(half, 1)), up*(1+half)
			iv.Lo, iv.Hi = &lo, &hi
		}
		draw := func(v float64) string { return fmt.Sprintf("%.2f", v) }
		bounds := ""
		if cell != first {
			bounds = boundsOf(&iv, draw)
		}
		c.Points = append(c.Points, curvePoint{
			ID: fmt.Sprintf("s%d-%d", work, len(c.Points)), Runner: visible(cell.Runner), Workers: cell.Workers, SpeedUp: draw(up) + "x", Bounds: bounds,
			Efficiency: fmt.Sprintf("%.0f %%", 100*up/float64(cell.Workers)), up: iv, colour: min(colour, colours-1),
		})
		n, x = append(n, float64(cell.Workers)), append(x, 1e9/cell.NSPerOp.Est)
	}
	u, err := stats.FitUSL(n, x, 0.95)
	if err != nil {
		return nil
	}
	return func(w float64) float64 { return base * u.Throughput(w) / x[0] }
}

// relative is the half width of an interval as a share, 0 where it is not known.
func relative(iv *result.Interval) float64 {
	if iv.Lo == nil || iv.Hi == nil || iv.Est <= 0 {
		return 0
	}
	return (*iv.Hi - *iv.Lo) / 2 / iv.Est
}

// draw is the picture: workers to the right, speed-up upwards, the ideal line, a
// curve for each runner, dashed where it is the fitted law.
func (c *curves) draw(fits []func(float64) float64) *picture {
	p := &picture{Label: "speed-up against workers", W: 720, H: 360}
	most, up := 1.0, 1.0
	for _, q := range c.Points {
		most, up = max(most, float64(q.Workers)), max(up, q.up.Est)
		if q.up.Hi != nil {
			up = max(up, min(*q.up.Hi, 2*q.up.Est))
		}
	}
	x := scale{lo: 0, hi: most * 1.03, from: 56, to: 690, whole: true}
	y := scale{lo: 0, hi: up * 1.08, from: 310, to: 40}
	p.axes(x, y, "workers →", "speed-up ↑")
	ideal := min(x.hi, y.hi)
	p.line(x.at(0), y.at(0), x.at(ideal), y.at(ideal), "ideal").Tip = "ideal: as many times one worker as there are workers"
	at, drawn := 160.0, -1
	for i, q := range c.Points {
		class := fmt.Sprintf("k%d ", q.colour)
		if q.colour != drawn {
			if drawn = q.colour; at+24+textWidth(q.Runner) < p.W {
				p.dot(at, 16, 4.5, class+"on")
				p.text(at+9, 20, "name", "", q.Runner)
				at += 24 + textWidth(q.Runner)
			}
		}
		px, py := x.at(float64(q.Workers)), y.at(q.up.Est)
		if i > 0 && c.Points[i-1].Runner == q.Runner && (q.colour >= len(fits) || fits[q.colour] == nil) {
			before := c.Points[i-1]
			p.line(x.at(float64(before.Workers)), y.at(before.up.Est), px, py, class+"curve")
		}
		tip := fmt.Sprintf("%s, workers %d: %s %s, efficiency %s", q.Runner, q.Workers, q.SpeedUp, q.Bounds, q.Efficiency)
		if q.up.Lo != nil {
			p.line(px, y.at(*q.up.Lo), px, y.at(*q.up.Hi), class+"reach").of(q.ID, tip)
		}
		p.dot(px, py, 4.5, class+"on").of(q.ID, tip)
	}
	for i, fit := range fits {
		if fit == nil {
			continue
		}
		d := ""
		for k := range 65 {
			w := 1 + (most-1)*float64(k)/64
			d += fmt.Sprintf("%c%g %g", "ML"[min(k, 1)], round1(x.at(w)), round1(y.at(fit(w))))
		}
		p.path(d, fmt.Sprintf("k%d fit", min(i, colours-1))).Tip = "the Universal Scalability Law fitted to the points"
	}
	return p
}
