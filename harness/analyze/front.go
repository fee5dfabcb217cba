package analyze

import (
	"zstdshop/harness/result"
	"zstdshop/stats"
)

// A Front is ratio against speed of the cells that do the same work with the same
// runner and workers, on machines of one kind.
type Front struct {
	Name   string   // the keys that all share, as in a cell's name
	Hosts  []string // the machines, where they are several
	Points []FrontPoint
}

// A FrontPoint is a codec at one effective level.
type FrontPoint struct {
	Cells  []*result.CellResult // that asked for it, one for each level and machine; at least one
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
		return cell.Unhosted()
	}
	work := func(c *result.CellResult) string { return r.HostOf(c.Cell).Kind() + "\x00" + name(c) }
	type point struct {
		codec string
		level int
		ratio float64
	}
	var kept []Front
	for _, cells := range result.GroupBy(fit, work) {
		f := Front{Name: name(cells[0])}
		if hosts := result.GroupBy(cells, func(c *result.CellResult) string { return c.Host }); len(hosts) > 1 {
			for _, of := range hosts {
				f.Hosts = append(f.Hosts, of[0].Host)
			}
		}
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

// FasterByIntervals reports whether the whole interval of a's speed lies above that of b's.
func FasterByIntervals(a, b *result.CellResult) bool {
	return hasSpeed(a) && hasSpeed(b) && *a.MBPerS.Lo > *b.MBPerS.Hi
}

func (f *Front) judge(confidence float64) {
	var points []stats.FrontPoint
	for i := range f.Points {
		p := &f.Points[i]
		p.MBPerS = rangeOfSpeeds(p.Cells)
		points = append(points, stats.FrontPoint{Exact: p.Ratio, Est: p.MBPerS.Est, Lo: *p.MBPerS.Lo, Hi: *p.MBPerS.Hi})
	}
	off, chance := stats.Dominated(points), stats.OnFront(points, confidence)
	for i := range f.Points {
		f.Points[i].On, f.Points[i].Chance = !off[i], chance[i]
	}
}
