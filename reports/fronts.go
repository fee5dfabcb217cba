package reports

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
	"zstdshop/reports/html"
)

// fronts puts the Pareto fronts of a result into words and numbers to be drawn.
func fronts(r *result.Result) []html.Front {
	var all []html.Front
	for _, from := range analyze.Fronts(r) {
		var cells []*result.CellResult
		for _, p := range from.Points {
			cells = append(cells, p.Cells...)
		}
		f := html.Front{Title: visible(inWords(cells) + onHosts(r, from.Hosts))}
		var ivs []*result.Interval
		for i := range from.Points {
			ivs = append(ivs, &from.Points[i].MBPerS)
		}
		n := digits(ivs)
		draw := func(v float64) string { return significant(v, n) }
		for i, p := range from.Points {
			codec, levels := visible(p.Cells[0].Codec), levelsText(onFirstHost(p.Cells))
			if !slices.Contains(f.Codecs, codec) {
				f.Codecs = append(f.Codecs, codec)
			}
			f.Points = append(f.Points, html.FrontPoint{
				Name: strings.TrimSpace(codec + " " + levels), Ratio: fmt.Sprintf("%.2fx", p.Ratio), Speed: draw(p.MBPerS.Est),
				Bounds: boundsOf(ivs[i], draw), Chance: fmt.Sprintf("%.0f %%", 100*p.Chance), On: p.On,
				Codec: slices.Index(f.Codecs, codec), X: ivs[i], Y: p.Ratio,
			})
		}
		all = append(all, f)
	}
	return all
}

// levelsText is the levels that were asked for, and what they all are to the codec
// where that is another: "6, 7, 8 → 7".
func levelsText(cells []*result.CellResult) string {
	if len(cells) == 1 {
		return levelOf(cells[0])
	}
	asked := mapped(cells, func(c *result.CellResult) string { return strconv.Itoa(c.Level) })
	text := strings.Join(asked, ", ")
	if len(asked) > 3 {
		text = asked[0] + "…" + asked[len(asked)-1]
	}
	if e := cells[0].EffectiveLevel; e != nil {
		text += " → " + strconv.Itoa(*e)
	}
	return text
}

// scalingCurves makes one for each work of which some model was measured with
// several numbers of workers.
func scalingCurves(r *result.Result) []html.Curves {
	work := func(cells set) string {
		cell := cells[0].Cell
		cell.Workers, cell.Tasks, cell.Runner = 0, 0, ""
		return strings.Replace(cell.Name(), "/runner=/workers=0", "", 1)
	}
	var all []html.Curves
	for _, models := range result.GroupBy(scaled(r), work) {
		c := html.Curves{Title: visible(inWords(slices.Concat(models...)))}
		for _, cells := range models {
			addCurve(&c, cells)
		}
		all = append(all, c)
	}
	return all
}

// addCurve appends the points of one model and its fitted speed-up.
func addCurve(c *html.Curves, cells []*result.CellResult) {
	first := cells[0]
	base := float64(first.Workers)
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
		draw := func(v float64) string { return fixedPlaces(v, 2) }
		p := html.CurvePoint{
			Runner: visible(cell.Runner), Workers: cell.Workers, SpeedUp: draw(up) + "x",
			Efficiency: fmt.Sprintf("%.0f %%", 100*up/float64(cell.Workers)), Model: len(c.Fits), Up: iv,
		}
		if cell != first {
			p.Bounds = boundsOf(&iv, draw)
		}
		c.Points = append(c.Points, p)
	}
	u, speed, err := fitted(cells)
	if err != nil {
		c.Fits = append(c.Fits, nil)
		return
	}
	c.Fits = append(c.Fits, func(w float64) float64 { return base * u.Throughput(w) / speed })
}

// relative is the half width of an interval as a share, 0 where it is not known.
func relative(iv *result.Interval) float64 {
	if iv.Lo == nil || iv.Hi == nil || iv.Est <= 0 {
		return 0
	}
	return (*iv.Hi - *iv.Lo) / 2 / iv.Est
}
