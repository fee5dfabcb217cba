package analyze

import (
	"slices"

	"zstdshop/harness/result"
)

// An EqualRatio is which codec and level gets fastest to the ratio that another has at
// its default level. Nothing is interpolated: only points that were measured count.
type EqualRatio struct {
	Cells []*result.CellResult // of the front that it is about
	Own   FrontPoint           // the codec at its default level
	By    FrontPoint           // the fastest by its figure of those with at least that ratio
	Tied  []FrontPoint         // further such points that are not told apart from By
	// Also is By under the further runners and workers of which the same is said, in one of
	// ToldEqualRatios.
	Also []FrontPoint
}

// EqualRatios makes one for each codec of each front with several codecs, where the
// codec was measured at its default level.
func EqualRatios(r *result.Result) []EqualRatio {
	compared := comparedIn(r)
	var all []EqualRatio
	for _, f := range Fronts(r) {
		var cells []*result.CellResult
		for _, p := range f.Points {
			cells = append(cells, p.Cells...)
		}
		first := cells[0].Codec
		if !slices.ContainsFunc(cells, func(c *result.CellResult) bool { return c.Codec != first }) {
			continue
		}
		for _, own := range f.Points {
			if !slices.ContainsFunc(own.Cells, atDefault) {
				continue
			}
			e := EqualRatio{Cells: cells, Own: own, By: own}
			enough := slices.DeleteFunc(slices.Clone(f.Points), func(p FrontPoint) bool { return p.Ratio < own.Ratio })
			for _, p := range enough {
				if p.MBPerS.Est > e.By.MBPerS.Est {
					e.By = p
				}
			}
			for _, p := range enough {
				if !samePoint(p, e.By) && !compared.slower(p, e.By) {
					e.Tied = append(e.Tied, p)
				}
			}
			all = append(all, e)
		}
	}
	return all
}

// ToldEqualRatios are those of all in which another is faster beyond doubt than the codec
// at its default level. What is so under several runners, or not in doubt there, is one of
// them: that of the first runner.
func ToldEqualRatios(all []EqualRatio) (told []EqualRatio) {
	for _, e := range all {
		if _, doubt := e.fastest(e.Own); doubt {
			continue
		}
		i := slices.IndexFunc(told, func(t EqualRatio) bool {
			_, same := e.fastest(t.By)
			return same && t.work() == e.work()
		})
		if i < 0 {
			told = append(told, e)
			continue
		}
		by, _ := e.fastest(told[i].By)
		told[i].Also = append(told[i].Also, by)
	}
	return told
}

// work is what e is about but for the runner and its workers.
func (e EqualRatio) work() string {
	cell := e.Own.Cells[0].Cell
	cell.Runner, cell.Workers, cell.Tasks = "", 0, 0
	return cell.Name()
}

// fastest is the point of the same codec and level as p, where that is the fastest or not
// told apart from it.
func (e EqualRatio) fastest(p FrontPoint) (FrontPoint, bool) {
	all := append([]FrontPoint{e.By}, e.Tied...)
	if i := slices.IndexFunc(all, func(one FrontPoint) bool { return samePoint(p, one) }); i >= 0 {
		return all[i], true
	}
	return FrontPoint{}, false
}

// samePoint reports whether two points are one codec at one level, whatever runs it.
func samePoint(a, b FrontPoint) bool {
	x, y := a.Cells[0], b.Cells[0]
	return x.Codec == y.Codec && x.Level == y.Level && x.LevelZero == y.LevelZero
}

// slower reports whether p is beyond doubt slower than fast: by the verdict of any two of
// their cells that took turns, else by their intervals.
func (all comparedCells) slower(p, fast FrontPoint) bool {
	for _, a := range fast.Cells {
		for _, b := range p.Cells {
			if v := all.verdict(a.Name, b.Name); v != "" {
				return v == result.VerdictSlower
			}
		}
	}
	return *p.MBPerS.Hi < *fast.MBPerS.Lo
}

// atDefault reports whether a cell has the level that its codec's library has unasked.
func atDefault(c *result.CellResult) bool {
	levels := c.About.Codec.Levels
	return levels != nil && c.HasLevel() && c.Level == levels.Default
}
