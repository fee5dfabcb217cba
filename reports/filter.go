package reports

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchproc"

	"zstdshop/harness/result"
)

// Select is r with the cells that a filter in benchstat's language matches, and the
// comparisons among them. Every key of a cell can be asked for, with or without a
// slash: codec:klauspost, /runner:(single OR pool), -level:19. An expression that
// cannot be parsed, has an unknown key or matches nothing is an error that says what there is.
func Select(r *result.Result, expression string) (*result.Result, error) {
	filter, err := benchproc.NewFilter(expression)
	if err != nil {
		return nil, explainFilter(expression, err)
	}
	if err := unknownFilterKey(expression); err != nil {
		return nil, err
	}
	out := *r
	out.Cells, out.Comparisons, out.Warnings, out.Shard = nil, nil, nil, nil // nor is it a whole shard any more
	kept := map[string]bool{}
	for _, c := range r.Cells {
		seen := &benchfmt.Result{Name: gobenchName(c.Cell), Iters: 1, Values: []benchfmt.Value{{Value: 1, Unit: "sec/op"}}}
		for _, k := range result.Keys() {
			if text := k.Text(c.Cell); text != "" {
				seen.Config = append(seen.Config, benchfmt.Config{Key: k.Name, Value: []byte(text), File: true})
			}
		}
		match, err := filter.Match(seen)
		if err != nil {
			return nil, err
		}
		if match.All() {
			out.Cells = append(out.Cells, c)
			kept[c.Name] = true
		}
	}
	if len(out.Cells) == 0 {
		return nil, fmt.Errorf("no cell matches; there are %s", valuesOf(r))
	}
	for _, c := range r.Comparisons {
		if kept[c.Old] && kept[c.New] {
			out.Comparisons = append(out.Comparisons, c)
		}
	}
	for _, w := range r.Warnings {
		if w.Cell == "" || kept[w.Cell] {
			out.Warnings = append(out.Warnings, w)
		}
	}
	out.Answers = slices.DeleteFunc(slices.Clone(r.Answers), func(a result.Answer) bool { return !kept[a.Cell] || !kept[a.Against] })
	if n := len(r.Cells); len(out.Cells) < n {
		out.Recommendations = nil // they speak of cells that are left out
		out.Warnings = append(out.Warnings, result.Warning{Code: codeFiltered, Text: fmt.Sprintf(
			"%d of %d cells are shown, those that match %q; what leads and what is fastest is among these alone", len(out.Cells), n, expression)})
	}
	return &out, nil
}

// codeFiltered marks a result of which cells were left out.
const codeFiltered = "filtered"

// valuesOf lists the keys of a result with the values that they have in it.
func valuesOf(r *result.Result) string {
	var parts []string
	for _, name := range Keys() {
		var values []string
		for _, c := range cellsOf(r) {
			if v := visible(keyOf(c, name)); v != "" && !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		if len(values) > 8 {
			values = append(values[:8], "...")
		}
		if values != nil {
			parts = append(parts, name+" "+strings.Join(values, " "))
		}
	}
	return strings.Join(parts, "; ")
}
