package reports

import (
	"slices"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// aloneOf returns, of sets that have a speed, the cells of each work that stand alone in
// theirs, where they are of several codecs: each has a level that no other was asked for.
// What is left is the other sets.
func aloneOf(fast []set) (alone, left []set) {
	lone := func(s set) bool { return len(s.measured()) == 1 && s[0].Rate == 0 }
	for _, same := range result.GroupBy(fast, workOf) {
		some := slices.Concat(slices.DeleteFunc(slices.Clone(same), func(s set) bool { return !lone(s) })...)
		if len(some) == 0 {
			continue
		}
		if _, one := sharedBy(some, func(c *result.CellResult) string { return c.Codec }); !one {
			alone = append(alone, some)
		}
	}
	left = slices.DeleteFunc(slices.Clone(fast), func(s set) bool {
		return slices.ContainsFunc(alone, func(a set) bool { return slices.Contains(a, s[0]) })
	})
	return alone, left
}

// aloneLine says of cells that were not compared in turns what each comes to, and which
// are worse than another in both by their intervals.
func aloneLine(s set) string {
	cells := slices.SortedStableFunc(slices.Values(s.measured()), byTime)
	names := list(mapped(cells, func(c *result.CellResult) string {
		text := modelAtLevel(c) + " at " + speed(c)
		if c.WholeRatio() != nil {
			text += " and " + smaller(c)
		}
		return text
	}))
	text := workOf(s) + ", each at a level of its own and so not compared in turns, the fastest first: " + names.upTo(mostAlone).String()
	var worse list
	for _, c := range cells {
		if by := dominating(c, cells); by != nil {
			worse.addIf(true, "%s is beyond doubt slower than %s and no smaller", modelAtLevel(c), modelAtLevel(by))
		}
	}
	switch {
	case len(worse) > 0:
		text += "; " + worse.upTo(mostAlone).String()
	case !slices.ContainsFunc(cells, func(c *result.CellResult) bool { return c.WholeRatio() == nil }):
		text += "; none is beyond doubt slower than another and no smaller"
	}
	return text + uncounted(s) + "."
}

// mostAlone is how many cells a line names.
const mostAlone = 8

// dominating is the fastest of cells, which are in the order of speed, that is beyond
// doubt faster than c and makes the data as small; nil where none does.
func dominating(c *result.CellResult, cells set) *result.CellResult {
	at := slices.IndexFunc(cells, func(o *result.CellResult) bool {
		a, b := c.WholeRatio(), o.WholeRatio()
		return a != nil && b != nil && b.Est >= a.Est && analyze.FasterByIntervals(o, c)
	})
	if at < 0 {
		return nil
	}
	return cells[at]
}
