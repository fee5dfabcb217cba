package reports

import (
	"fmt"
	"math"

	"zstdshop/harness"
	"zstdshop/stats"
)

// A frontPicture is ratio against speed of the cells that do the same work with
// the same runner and workers, in a picture of 640 x 320.
type frontPicture struct {
	Title  string
	Points []frontPoint
}

// A frontPoint is one codec and level; places are in picture units.
type frontPoint struct {
	Name, Ratio, Speed, Chance string
	X, Y, X0, X1               float64
	On                         bool
}

// frontPictures draws a picture for each such group with at least two ratios.
// Speed is on a logarithmic axis.
func frontPictures(r *harness.Result) []frontPicture {
	groups := map[string][]*harness.CellResult{}
	var order []string
	for i := range r.Cells {
		c := &r.Cells[i]
		if !hasSpeed(c) || isCeiling(c) || c.Ratio == nil || c.MBPerS == nil || c.MBPerS.Lo == nil || c.MBPerS.Hi == nil || *c.MBPerS.Lo <= 0 {
			continue
		}
		cell := c.Cell()
		cell.Codec, cell.Level = "", 0
		k := cell.Name()
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], c)
	}
	var all []frontPicture
	for _, k := range order {
		if p, ok := newFrontPicture(k, groups[k], r.Plan.Confidence); ok {
			all = append(all, p)
		}
	}
	return all
}

func newFrontPicture(name string, cells []*harness.CellResult, confidence float64) (frontPicture, bool) {
	var points []stats.FrontPoint
	var ivs []*harness.Interval
	loX, hiX, loY, hiY := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, c := range cells {
		s := c.MBPerS
		points, ivs = append(points, stats.FrontPoint{Exact: *c.Ratio, Est: s.Est, Lo: *s.Lo, Hi: *s.Hi}), append(ivs, s)
		loX, hiX = min(loX, *s.Lo), max(hiX, *s.Hi)
		loY, hiY = min(loY, *c.Ratio), max(hiY, *c.Ratio)
	}
	if loY == hiY || loX == hiX {
		return frontPicture{}, false
	}
	x := func(v float64) float64 { return math.Round(10*(60+540*math.Log(v/loX)/math.Log(hiX/loX))) / 10 }
	y := func(v float64) float64 { return math.Round(10*(280-240*(v-loY)/(hiY-loY))) / 10 }
	p := frontPicture{Title: visible(name)}
	off, chance, n := stats.Dominated(points), stats.OnFront(points, confidence), digits(ivs)
	for i, c := range cells {
		p.Points = append(p.Points, frontPoint{
			Name: visible(value(c.Codec) + " " + levelText(c)), Ratio: fmt.Sprintf("%.2fx", *c.Ratio), Speed: significant(c.MBPerS.Est, n),
			Chance: fmt.Sprintf("%.0f %%", 100*chance[i]),
			X:      x(c.MBPerS.Est), X0: x(*c.MBPerS.Lo), X1: x(*c.MBPerS.Hi), Y: y(*c.Ratio), On: !off[i],
		})
	}
	return p, true
}
