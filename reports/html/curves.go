package html

import (
	"fmt"
	"strings"

	"zstdshop/harness/result"
)

// Curves are how the models of one work scale with their workers.
type Curves struct {
	Title  string
	Points []CurvePoint // of one model behind those of another, each by workers
	// Fits has the fitted speed-up of each model, nil where its points carry none.
	Fits []func(workers float64) float64
}

// A CurvePoint is one runner with some workers, with its row in words; speed-up and
// efficiency are over the same runner with the fewest workers it was measured with,
// taken as so many times one.
type CurvePoint struct {
	Runner, SpeedUp, Bounds, Efficiency string
	Workers                             int

	Model int // its number among the models
	Up    result.Interval
}

func (c Curves) points() int { return len(c.Points) }

// newCurves is the picture: workers to the right, speed-up upwards, the ideal line, a
// curve for each runner, dashed where it is the fitted law.
func newCurves(id string, c Curves, width float64) *picture {
	p := &picture{Label: "speed-up against workers", W: width, H: 380}
	most, up := 1.0, 1.0
	var models []entry
	drawn := -1
	for _, q := range c.Points {
		if shown := min(q.Model, colours-1); shown != drawn {
			drawn = shown
			models = append(models, entry{colour(q.Model), q.Runner})
		}
		most, up = max(most, float64(q.Workers)), max(up, q.Up.Est)
		if q.Up.Hi != nil {
			up = max(up, min(*q.Up.Hi, 2*q.Up.Est))
		}
	}
	x := scale{hi: most * 1.03, whole: true}
	y := scale{hi: up * 1.08}
	height := p.legend(models)
	p.plot(&x, &y)
	y.to += height
	p.axes(x, y, "workers →", "speed-up ↑")
	ideal := min(x.hi, y.hi)
	p.line(x.at(0), y.at(0), x.at(ideal), y.at(ideal), "ideal").Tip = "ideal: as many times one worker as there are workers"
	for i, q := range c.Points {
		class := colour(q.Model)
		px, py := x.at(float64(q.Workers)), y.at(q.Up.Est)
		if i > 0 && c.Points[i-1].Runner == q.Runner && c.Fits[min(q.Model, colours-1)] == nil {
			before := c.Points[i-1]
			p.line(x.at(float64(before.Workers)), y.at(before.Up.Est), px, py, class+"curve")
		}
		row := fmt.Sprintf("%s-%d", id, i)
		tip := fmt.Sprintf("%s, workers %d: %s %s, efficiency %s", q.Runner, q.Workers, q.SpeedUp, q.Bounds, q.Efficiency)
		if q.Up.Lo != nil {
			p.line(px, y.at(*q.Up.Lo), px, y.at(*q.Up.Hi), class+"reach").of(row, tip)
		}
		p.dot(px, py, 4.5, class+"on").of(row, tip)
	}
	for i, fit := range c.Fits {
		if fit == nil {
			continue
		}
		var d strings.Builder
		for k := range 65 {
			w := 1 + (most-1)*float64(k)/64
			fmt.Fprintf(&d, "%c%g %g", "ML"[min(k, 1)], round1(x.at(w)), round1(y.at(fit(w))))
		}
		p.path(d.String(), colour(i)+"fit").Tip = "the Universal Scalability Law fitted to the points"
	}
	return p
}
