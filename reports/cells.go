package reports

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"zstdshop/harness/result"
)

// A set is the cells that may be held against each other, whatever became of
// them; the ceiling is in none.
type set []*result.CellResult

// cellsOf points to the cells of r, in their order.
func cellsOf(r *result.Result) set {
	all := make(set, len(r.Cells))
	for i := range r.Cells {
		all[i] = &r.Cells[i]
	}
	return all
}

// sets splits a result into its sets, in order of first appearance.
func sets(r *result.Result) []set {
	return result.GroupBy(slices.DeleteFunc(cellsOf(r), isCeiling), func(c *result.CellResult) string { return c.Group() })
}

// measured is the cells of s that have a speed.
func (s set) measured() set {
	return slices.DeleteFunc(slices.Clone(s), func(c *result.CellResult) bool { return !hasSpeed(c) })
}

// contenders are the measured cells that may lead: those that make the data larger only
// where all do.
func (s set) contenders() set {
	cells := s.measured()
	if kept := slices.DeleteFunc(slices.Clone(cells), (*result.CellResult).Enlarges); len(kept) > 0 {
		return kept
	}
	return cells
}

// leftOut are the measured cells that may not lead.
func (s set) leftOut() set {
	lead := s.contenders()
	return slices.DeleteFunc(s.measured(), func(c *result.CellResult) bool { return slices.Contains(lead, c) })
}

// hasSpeed reports whether c has a figure that cells are ranked by.
func hasSpeed(c *result.CellResult) bool {
	return c.Status == result.StatusOK && c.NSPerOp != nil && !isTimed(c)
}

// isTimed reports whether the cell's slices have a fixed length, whatever gets done: it
// keeps cores busy and has no speed.
func isTimed(c *result.CellResult) bool { return c.About.Scenario.TimedSlice }

func isCeiling(c *result.CellResult) bool { return c.About.Codec.Ceiling }

// ceilingName is the codec of a cell that only copies; "" of any other.
func ceilingName(c *result.CellResult) string {
	if isCeiling(c) {
		return c.Codec
	}
	return ""
}

// dataOf is the size of the corpus of these cells, 0 where there is none, and
// how much of it all of them worked on, 0 where they differ. A cell that never
// ran does not count.
func dataOf(cells []*result.CellResult) (whole, used int64) {
	same := true
	for _, c := range cells {
		whole = max(whole, c.CorpusBytes, c.BytesIn)
		if c.BytesIn > 0 {
			same = same && (used == 0 || used == c.BytesIn)
			used = c.BytesIn
		}
	}
	if !same {
		used = 0
	}
	return whole, used
}

// meanItem is the size of the items of these cells on the mean where the size of a block says
// little of it, as of records and of small files that are shorter than one by far; else 0.
func meanItem(cells []*result.CellResult) int64 {
	for _, c := range cells {
		if c.Items > 1 && c.Block != 0 && c.Stream == 0 {
			if mean := (c.BytesIn + int64(c.Items)/2) / int64(c.Items); 2*mean < c.Block {
				return mean
			}
			return 0
		}
	}
	return 0
}

// itemText is the size of the items of these cells, which are of one corpus and block.
func itemText(cells set) string {
	if mean := meanItem(cells); mean != 0 {
		return bytesText(mean)
	}
	return blockText(cells[0].Block)
}

// itemsText is what the corpus of these cells is cut into: items of 310 bytes, 64 KiB
// blocks, whole files.
func itemsText(cells set) string {
	text := itemText(cells)
	switch {
	case meanItem(cells) != 0:
		return "items of " + text
	case cells[0].Block != 0:
		return text + " blocks"
	}
	return text
}

func byTime(a, b *result.CellResult) int { return cmp.Compare(a.NSPerOp.Est, b.NSPerOp.Est) }

func byRatio(a, b *result.CellResult) int {
	return cmp.Compare(a.WholeRatio().Est, b.WholeRatio().Est)
}

// byTurns is the measured cells in the order of the times that turns beside each other gave
// them, the one that the others are held against first. Where one has none, the order is
// that of their own times.
func (s set) byTurns() set {
	order := func(a, b *result.CellResult) int {
		return cmp.Or(isBest(b)-isBest(a), cmp.Compare(a.VsBest.Est, b.VsBest.Est), byTime(a, b))
	}
	if slices.ContainsFunc(s.measured(), func(c *result.CellResult) bool { return c.VsBest == nil }) {
		order = byTime
	}
	return slices.SortedStableFunc(slices.Values(s.measured()), order)
}

// isBest is 1 for a cell that the others of its group are held against.
func isBest(c *result.CellResult) int {
	if v := c.VsBest; v.Lo != nil && v.Hi != nil && *v.Lo == *v.Hi {
		return 1
	}
	return 0
}

// model names a cell inside its set: its codec, concurrency model and
// conditions.
func model(c *result.CellResult) string {
	how, in := c.Runner+" with "+plural(c.Workers, "worker"), " under "
	if phrase := c.About.Runner.Phrase; phrase != "" {
		how, in = strings.ReplaceAll(phrase, "%d", strconv.Itoa(c.Workers)), " in "
	}
	if c.Codec != "" {
		how = c.Codec + in + how
	}
	return how + conditions(c)
}

// conditions are the keys of a cell that change what its codec does, such as a dictionary.
func conditions(c *result.CellResult) string {
	var all list
	for _, k := range result.Keys() {
		all.addIf(k.Condition != "" && k.Applies(c.Cell), k.Condition, k.Raw(c.Cell))
	}
	if len(all) == 0 {
		return ""
	}
	return " (" + all.String() + ")"
}

// modelAtLevel is model with the level in words.
func modelAtLevel(c *result.CellResult) string {
	if c.Codec == "" || !c.HasLevel() {
		return model(c)
	}
	return atLevel(c) + " " + underRunner(c)
}

// atLevel is a cell's codec with its level in words.
func atLevel(c *result.CellResult) string {
	if !c.HasLevel() {
		return c.Codec
	}
	return c.Codec + " at level " + strconv.Itoa(c.Level)
}

// underRunner is model without the codec.
func underRunner(c *result.CellResult) string {
	return strings.TrimPrefix(model(c), c.Codec+" ")
}

// threads is model, in the words of the experiment where workers are threads.
func threads(c *result.CellResult) string {
	if c.About.Runner.Threads {
		return plural(c.Workers, "thread")
	}
	return model(c)
}

// speed is a cell's throughput, or its time per task where it has none.
func speed(c *result.CellResult) string {
	if c.Endpoint != "" && c.TasksPerS != nil {
		return grouped(int64(math.Round(c.TasksPerS.Est))) + " requests a second"
	}
	if c.MBPerS != nil {
		return significant(c.MBPerS.Est, 3) + " MB/s"
	}
	u := timeUnit([]float64{c.NSPerOp.Est})
	return significant(c.NSPerOp.Est/u.size, 3) + " " + u.name + " a task"
}

// asTheMachineWas names the languages whose speeds are not brought to the calm machine, where
// others are.
func asTheMachineWas(s set) (languages []string) {
	calm := false
	for _, c := range s.measured() {
		if calm = calm || c.Disturbed != nil; c.Disturbed == nil && c.Language != "" && !slices.Contains(languages, c.Language) {
			languages = append(languages, c.Language)
		}
	}
	if !calm {
		return nil
	}
	return languages
}

// sharedBy is the value that all cells have but ceilings; ok is false where they differ.
func sharedBy[T comparable](cells []*result.CellResult, of func(*result.CellResult) T) (v T, ok bool) {
	counted := slices.DeleteFunc(slices.Clone(cells), isCeiling)
	if len(counted) == 0 {
		counted = cells
	}
	v = of(counted[0])
	return v, !slices.ContainsFunc(counted, func(c *result.CellResult) bool { return of(c) != v })
}
