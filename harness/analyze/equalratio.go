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
	Tied  []FrontPoint         // further such points whose intervals meet that of By
}

// EqualRatios makes one for each codec of each front with several codecs, where the
// codec was measured at its default level.
func EqualRatios(r *result.Result) []EqualRatio {
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
				if p.Cells[0] != e.By.Cells[0] && *p.MBPerS.Hi >= *e.By.MBPerS.Lo {
					e.Tied = append(e.Tied, p)
				}
			}
			all = append(all, e)
		}
	}
	return all
}

// atDefault reports whether a cell has the level that its codec's library has unasked.
func atDefault(c *result.CellResult) bool {
	levels := c.About.Codec.Levels
	return levels != nil && c.HasLevel() && c.Level == levels.Default
}
