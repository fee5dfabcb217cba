package reports

import (
	"slices"
	"strings"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// loneOf returns, of sets that do the same work, the cells that stand alone in theirs, where
// they are of several codecs: each has a level that no other was asked for. What is left is
// the other sets. Where no set tells two codecs apart, those that stand for their codecs are
// the fastest of each set, and all sets are left.
func loneOf(sets []set) (lone set, left []set) {
	for _, s := range sets {
		if len(s.measured()) == 1 && s[0].Rate == 0 {
			lone = append(lone, s...)
		} else {
			left = append(left, s)
		}
	}
	if lone == nil {
		return bestOfEach(sets), sets
	}
	if _, one := sharedBy(lone, func(c *result.CellResult) string { return c.Codec }); one {
		return nil, sets
	}
	return lone, left
}

// bestOfEach is the fastest cell of each set where all sets are of one codec each, and not
// all of the same; else nil.
func bestOfEach(sets []set) (best set) {
	codec := func(c *result.CellResult) string { return c.Codec }
	for _, s := range sets {
		cells := s.contenders()
		if len(cells) == 0 {
			return nil // each has a rate
		}
		if _, one := sharedBy(cells, codec); !one {
			return nil
		}
		best = append(best, slices.MinFunc(cells, byTime))
	}
	if _, one := sharedBy(best, codec); one {
		return nil
	}
	return best
}

// aloneLine says of cells that stand alone in their sets what each comes to, and which of
// all cells of the same work is clearly faster than some of them and makes the data no
// larger. Where the ratios of all are about the same, the line is of all: the question is
// speed alone.
func aloneLine(lone, all set) string {
	cells, among := lone.measured(), all.measured()
	speedAlone := among.alike()
	if speedAlone {
		cells = among
	}
	some := slices.ContainsFunc(among, func(c *result.CellResult) bool {
		return !slices.ContainsFunc(cells, func(o *result.CellResult) bool { return o.Codec == c.Codec })
	})
	cells = slices.SortedStableFunc(slices.Values(cells), byTime)
	text, called := workOf(lone), modelAtLevel
	if runner, same := sharedBy(among, underRunner); same {
		text += " " + runner
		called = atLevel
	}
	if speedAlone {
		text += ", " + cells.sizeWords() + ", so speed alone decides"
	}
	names := list(mapped(cells, func(c *result.CellResult) string {
		figures := list{speed(c)}
		if !speedAlone && c.WholeRatio() != nil {
			figures = append(figures, smaller(c))
		}
		return called(c) + " (" + figures.String() + ")"
	}))
	if some {
		text += ", alone at their levels"
	}
	text += ", the fastest first (by MB/s, not by turns beside each other): " + names.upTo(mostAlone).String()
	return text + ruledOut(cells, among, called) + uncounted(lone) + "."
}

// mostAlone is how many cells a line names.
const mostAlone = 8

// ruledOut says which of all cells are better than some of these, or that none is.
func ruledOut(cells, all set, called func(*result.CellResult) string) string {
	if slices.ContainsFunc(cells, func(c *result.CellResult) bool { return c.WholeRatio() == nil }) {
		return ""
	}
	better := make(map[*result.CellResult]*result.CellResult)
	worse := slices.DeleteFunc(slices.Clone(cells), func(c *result.CellResult) bool {
		better[c] = dominating(c, all)
		return better[c] == nil
	})
	if len(worse) == 0 {
		return "; none is ruled out: one that is clearly slower than another makes the data smaller"
	}
	text := ""
	for _, same := range result.GroupBy(worse, func(c *result.CellResult) *result.CellResult { return better[c] }) {
		names := list(mapped(same, called)).upTo(mostAlone)
		than := names[0]
		if last := len(names) - 1; last > 0 {
			than = strings.Join(names[:last], ", ") + " and " + names[last]
		}
		text += "; " + called(better[same[0]]) + " is clearly faster than " + than
		if !all.alike() {
			text += " and makes the data no larger"
		}
	}
	return text
}

// dominating is the fastest of all cells that is beyond doubt faster than c and, as far as
// the digits of a ratio tell, makes the data as small; nil where none does.
func dominating(c *result.CellResult, all set) *result.CellResult {
	better := slices.DeleteFunc(slices.Clone(all), func(o *result.CellResult) bool {
		a, b := c.WholeRatio(), o.WholeRatio()
		smaller := a != nil && b != nil && (b.Est >= a.Est || ratioText(o) == ratioText(c))
		return !smaller || !analyze.FasterByIntervals(o, c)
	})
	if len(better) == 0 {
		return nil
	}
	return slices.MinFunc(better, byTime)
}
