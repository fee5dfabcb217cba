package reports

import (
	"slices"

	"zstdshop/harness/result"
)

// pace is a cell's speed, with its ratio where that is not the same for the cells of s by
// their kind: speed alone says little between them.
func (s set) pace(c *result.CellResult) string {
	if ratio := s.ratioOf(c); ratio != "" {
		return speed(c) + " and " + ratio
	}
	return speed(c)
}

// ratioOf is how much smaller a cell makes the data where the cells of s differ in that by
// their kind, or where it makes them larger; else "".
func (s set) ratioOf(c *result.CellResult) string {
	if c.WholeRatio() == nil || s.alike() || s.ofOneKind() && !c.Enlarges() {
		return ""
	}
	return smaller(c)
}

// ofOneKind reports whether the cells of s share format and dictionary, so that a reader
// expects ratios that are not far apart.
func (s set) ofOneKind() bool {
	_, same := sharedBy(s, func(c *result.CellResult) [2]string { return [2]string{c.About.Codec.Format, c.Dict} })
	return same
}

// smaller draws the ratio of a cell that has one, in words that agree with its digits.
func smaller(c *result.CellResult) string {
	switch text := ratioText(c); {
	case c.Enlarges():
		return "larger (" + text + ")"
	case text == sameSize:
		return "no smaller (" + text + ")"
	default:
		return text + " smaller"
	}
}

// sameSize is the ratio of data that stay as large as they are.
const sameSize = "1.00x"

// ratioText draws the ratio of a cell that has one. Words treat ratios that are drawn the
// same as the same.
func ratioText(c *result.CellResult) string { return fixedPlaces(c.WholeRatio().Est, 2) + "x" }

// alikeRatios is how many times another ratio may be for both to count as the same size:
// then the question between cells is speed alone.
const alikeRatios = 1.01

// alike reports whether there are several cells and their ratios are about the same.
func (s set) alike() bool {
	if len(s) < 2 || slices.ContainsFunc(s, func(c *result.CellResult) bool { return c.WholeRatio() == nil }) {
		return false
	}
	return s.mostRatio().WholeRatio().Est <= alikeRatios*s.leastRatio().WholeRatio().Est
}

func (s set) leastRatio() *result.CellResult { return slices.MinFunc(s, byRatio) }
func (s set) mostRatio() *result.CellResult  { return slices.MaxFunc(s, byRatio) }

// alikeText ends what is said of cells whose ratios are not told one by one because they
// are about the same, though a reader would not expect it; else "".
func (s set) alikeText() string {
	if !s.alike() || s.ofOneKind() && !slices.ContainsFunc(s, (*result.CellResult).Enlarges) {
		return ""
	}
	return "; " + s.sizeWords()
}

// sizeWords says of cells with about the same ratio what they make of the data.
func (s set) sizeWords() string {
	least, most := s.leastRatio(), s.mostRatio()
	ratios := ratioText(least)
	if text := ratioText(most); text != ratios {
		ratios += " to " + text
	}
	all := "all make"
	if len(s) == 2 {
		all = "both make"
	}
	switch {
	case most.Enlarges():
		return all + " the data larger (" + ratios + ")"
	case ratioText(most) == sameSize:
		return "none makes the data smaller (" + ratios + ")"
	}
	return all + " the data about as small (" + ratios + ")"
}
