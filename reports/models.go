package reports

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
	"zstdshop/runners"
)

// limitsOf are the runners of a result that may hold a process to one core, in order
// of first appearance.
func limitsOf(r *result.Result) (names []string, of map[string]runners.Limit) {
	of = map[string]runners.Limit{}
	for i := range r.Cells {
		c := &r.Cells[i]
		if l := c.About.Runner.Limit; l.Held != "" && !slices.Contains(names, c.Runner) {
			names, of[c.Runner] = append(names, c.Runner), l
		}
	}
	return names, of
}

// limitLines says in words which codecs each of the limits holds to one core, at
// which block sizes, and why. There are none unless the result has two of them.
func limitLines(r *result.Result) []string {
	var lines []string
	present := 0
	names, of := limitsOf(r)
	for _, name := range names {
		l, cells := of[name], limited(r, name)
		if len(cells) == 0 {
			continue
		}
		present++
		held, escaped, unclear := sortByCores(cells)
		var parts []string
		add := func(verb string, cells []*result.CellResult, why string) {
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
	if present < 2 {
		return fewForksLine(r)
	}
	return lines
}

// fewForksLine says why nothing is said of several such runners.
func fewForksLine(r *result.Result) []string {
	seen := map[string]bool{}
	for i := range r.Cells {
		c := &r.Cells[i]
		if c.About.Runner.Limit.Held != "" && c.Workers > 1 && c.Status == result.StatusOK && c.Forks < analyze.MinPairs {
			seen[c.Runner] = true
		}
	}
	if len(seen) < 2 {
		return nil
	}
	return []string{fmt.Sprintf("who escapes which limit cannot be said: it takes %d forks of each cell; raise --budget", analyze.MinPairs)}
}

// limited are the cells of a runner in which it could show, one for each codec and
// block: that with the most workers.
func limited(r *result.Result, runner string) []*result.CellResult {
	best := map[string]*result.CellResult{}
	var order []string
	for i := range r.Cells {
		c := &r.Cells[i]
		p := c.Parallelism
		if c.Runner != runner || c.Workers < 2 || c.Status != result.StatusOK || c.Rate != 0 || p == nil || p.Lo == nil || p.Hi == nil || c.Forks < analyze.MinPairs {
			continue
		}
		key := c.Host + "/" + c.Scenario + "/" + levelOf(c) + "/" + c.Corpus + "/" + c.Codec + "/" + strconv.FormatInt(c.Block, 10)
		if best[key] == nil {
			order = append(order, key)
		}
		if best[key] == nil || c.Workers > best[key].Workers {
			best[key] = c
		}
	}
	var out []*result.CellResult
	for _, key := range order {
		out = append(out, best[key])
	}
	return out
}

func sortByCores(cells []*result.CellResult) (held, escaped, unclear []*result.CellResult) {
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

// varied are a cell's values of the keys, other than codec and block, in which the
// cells differ: two of the same codec and block must not read as one.
func varied(cells []*result.CellResult, c *result.CellResult) string {
	var parts []string
	for _, key := range []string{"host", "scenario", "corpus", "level"} {
		if slices.ContainsFunc(cells, func(other *result.CellResult) bool { return keyOf(other, key) != keyOf(c, key) }) {
			parts = append(parts, key+" "+orElse(keyOf(c, key), "none"))
		}
	}
	return strings.Join(parts, " ")
}

// coresOf names each codec with the blocks at which it is, and its cores there.
func coresOf(cells []*result.CellResult) []string {
	var out, codecs []string
	of := map[string][]*result.CellResult{}
	for _, c := range cells {
		name := strings.Join(slices.DeleteFunc([]string{orElse(c.Codec, c.Scenario), varied(cells, c)}, func(s string) bool { return s == "" }), " ")
		if of[name] == nil {
			codecs = append(codecs, name)
		}
		of[name] = append(of[name], c)
	}
	for _, name := range codecs {
		slices.SortStableFunc(of[name], func(a, b *result.CellResult) int { return int(a.Block - b.Block) })
		var at []string
		for _, c := range of[name] {
			text := fmt.Sprintf("%.2f cores", c.Parallelism.Est)
			if c.Corpus != "" {
				text = blockText(c.Block) + " " + fmt.Sprintf("%.2f", c.Parallelism.Est)
			}
			at = append(at, text)
		}
		out = append(out, name+" ("+strings.Join(at, ", ")+")")
	}
	return out
}
