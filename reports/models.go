package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// oneCore is the most cores that a process held to one keeps busy: the Go
// runtime's own threads (garbage collector, scheduler) add a little to one.
const oneCore = 1.15

// starved is the cores busy below which the machine itself held the process
// back, so that nothing can be said of GOMAXPROCS.
const starved = 0.95

// manyAtWork reports whether several workers of c could have kept more than one core busy.
func manyAtWork(c *result.CellResult) bool {
	return c.Workers > 1 && c.Status == result.StatusOK && c.Rate == 0
}

// showsCores reports whether c tells for sure how many cores it kept busy.
func showsCores(c *result.CellResult) bool {
	p := c.Parallelism
	return manyAtWork(c) && p != nil && p.Lo != nil && p.Hi != nil && c.Forks >= analyze.MinPairs
}

// limitLines says in words which codecs each of the runners that may hold a process to
// one core does hold, at which block sizes, and why. There are none unless the result
// has two of them.
func limitLines(r *result.Result) []string {
	var lines []string
	fewForks := 0 // runners of which nothing is known for want of forks
	limiting := slices.DeleteFunc(cellsOf(r), func(c *result.CellResult) bool { return c.About.Runner.Limit.Held == "" })
	for _, cells := range result.GroupBy(limiting, func(c *result.CellResult) string { return c.Runner }) {
		if slices.ContainsFunc(cells, func(c *result.CellResult) bool {
			return c.Workers > 1 && c.Status == result.StatusOK && c.Forks < analyze.MinPairs
		}) {
			fewForks++
		}
		name, l := cells[0].Runner, cells[0].About.Runner.Limit
		if cells = limited(cells); len(cells) == 0 {
			continue
		}
		held, escaped, unclear := sortByCores(cells)
		var parts []string
		add := func(verb string, cells set, why string) {
			if len(cells) > 0 {
				text := verb + " " + strings.Join(coresOf(cells), ", ")
				if why != "" {
					text += ": " + why
				}
				parts = append(parts, text)
			}
		}
		add("holds to one core", held, l.Held)
		add("does not hold", escaped, l.Escapes)
		add("leaves undecided", unclear, "")
		lines = append(lines, name+" "+strings.Join(parts, "; "))
	}
	switch {
	case len(lines) > 1:
		return lines
	case fewForks > 1:
		return []string{fmt.Sprintf("who escapes which limit cannot be said: it takes %d forks of each cell; raise --budget", analyze.MinPairs)}
	}
	return nil
}

// limited are the cells of a runner in which it could show, of those that differ in
// their workers alone that with the most.
func limited(cells set) (most set) {
	cells = slices.DeleteFunc(cells, func(c *result.CellResult) bool { return !showsCores(c) })
	for _, same := range result.GroupBy(cells, func(c *result.CellResult) string {
		one := c.Cell
		one.Workers, one.Tasks = 0, 0
		return one.Name()
	}) {
		most = append(most, slices.MaxFunc(same, func(a, b *result.CellResult) int { return a.Workers - b.Workers }))
	}
	return most
}

func sortByCores(cells set) (held, escaped, unclear set) {
	for _, c := range cells {
		switch p := c.Parallelism; {
		case *p.Hi <= oneCore && p.Est >= starved:
			held = append(held, c)
		case *p.Lo > oneCore:
			escaped = append(escaped, c)
		default:
			unclear = append(unclear, c)
		}
	}
	return held, escaped, unclear
}

// coresOf names each codec with the blocks at which it is, and its cores there. Keys
// other than those two in which the cells differ are named too: two of the same codec
// and block must not read as one.
func coresOf(cells set) []string {
	said := []string{"codec", "block", "runner", "workers", "tasks"} // or of no account here
	name := func(c *result.CellResult) string {
		parts := []string{cmp.Or(c.Codec, c.Scenario)}
		for _, k := range result.Keys() {
			if slices.Contains(said, k.Name) {
				continue
			}
			if text := k.Text(c.Cell); slices.ContainsFunc(cells, func(other *result.CellResult) bool { return k.Text(other.Cell) != text }) {
				parts = append(parts, k.Name+" "+cmp.Or(text, "none"))
			}
		}
		return strings.Join(parts, " ")
	}
	var out []string
	for _, same := range result.GroupBy(cells, name) {
		slices.SortStableFunc(same, func(a, b *result.CellResult) int { return int(a.Block - b.Block) })
		var at list
		for _, c := range same {
			if c.Corpus != "" {
				at.addIf(true, "%s %.2f", itemText(set{c}), c.Parallelism.Est)
			} else {
				at.addIf(true, "%.2f cores", c.Parallelism.Est)
			}
		}
		out = append(out, name(same[0])+" ("+at.String()+")")
	}
	return out
}
