package analyze

import (
	"math"

	"zstdshop/harness/result"
	"zstdshop/stats"
)

// A Front is ratio against speed of the cells that do the same work with the same
// runner and workers.
type Front struct {
	Name   string // the keys that all share, as in a cell's name
	Points []FrontPoint
}

// A FrontPoint is a codec at one effective level.
type FrontPoint struct {
	Cells  []*result.CellResult // that asked for it, one for each level; at least one
	Ratio  float64
	MBPerS result.Interval // with both ends
	// On is set unless another point has a ratio at least as large and is faster
	// beyond doubt: points that cannot be told apart share the front.
	On bool
	// Chance is how probable it is that no other point is at least as good in
	// both and better in one, by their intervals.
	Chance float64
}

// Fronts makes one for each such group with at least three points of at least two
// ratios. Levels of which a codec makes the same effective one, with the same output,
// are one point at the mean of their speeds: what differs between them is noise.
func Fronts(r *result.Result) []Front {
	fit := r.CellsWhere(func(c *result.CellResult) bool {
		return c.Status == result.StatusOK && !c.About.Codec.Ceiling && c.Ratio != nil && hasSpeed(c)
	})
	name := func(c *result.CellResult) string {
		cell := c.Cell
		cell.Codec, cell.Level, cell.LevelZero = "", 0, false
		return cell.Name()
	}
	type point struct {
		codec string
		level int
		ratio float64
	}
	var kept []Front
	for _, cells := range result.GroupBy(fit, name) {
		f := Front{Name: name(cells[0])}
		ratios, ratio := map[float64]bool{}, ratioAmong(cells)
		pointOf := func(c *result.CellResult) point { return point{c.Codec, result.Value(c.EffectiveLevel), ratio(c)} }
		for _, levels := range result.GroupBy(cells, pointOf) {
			f.Points = append(f.Points, FrontPoint{Cells: levels, Ratio: ratio(levels[0])})
			ratios[ratio(levels[0])] = true
		}
		if len(f.Points) >= 3 && len(ratios) >= 2 {
			f.judge(r.Plan.Confidence)
			kept = append(kept, f)
		}
	}
	return kept
}

// hasSpeed reports whether a cell has a speed with an interval.
func hasSpeed(c *result.CellResult) bool {
	return c.MBPerS != nil && c.MBPerS.Lo != nil && c.MBPerS.Hi != nil && *c.MBPerS.Lo > 0
}

func (f *Front) judge(confidence float64) {
	var points []stats.FrontPoint
	for i := range f.Points {
		p := &f.Points[i]
		p.MBPerS = meanSpeed(p.Cells)
		points = append(points, stats.FrontPoint{Exact: p.Ratio, Est: p.MBPerS.Est, Lo: *p.MBPerS.Lo, Hi: *p.MBPerS.Hi})
	}
	off, chance := stats.Dominated(points), stats.OnFront(points, confidence)
	for i := range f.Points {
		f.Points[i].On, f.Points[i].Chance = !off[i], chance[i]
	}
}

// meanSpeed is the mean of speeds that are the same but for noise, with the interval
// of a mean of independent estimates.
func meanSpeed(cells []*result.CellResult) result.Interval {
	n := float64(len(cells))
	est, below, above := 0.0, 0.0, 0.0
	for _, c := range cells {
		s := c.MBPerS
		est += s.Est / n
		below += (s.Est - *s.Lo) * (s.Est - *s.Lo)
		above += (*s.Hi - s.Est) * (*s.Hi - s.Est)
	}
	lo, hi := est-math.Sqrt(below)/n, est+math.Sqrt(above)/n
	return result.Interval{Est: est, Lo: &lo, Hi: &hi}
}
