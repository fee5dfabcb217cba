package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchproc"

	"zstdshop/harness/result"
)

// A View is which part of a result the drawn formats show, and how. The zero value
// shows all of it.
type View struct {
	// Columns names the figures to show, in that order; nil those of the format.
	Columns []string
	// Sort orders the rows of each table by a figure or a key, with a - before it
	// descending; "" leaves the order of the result.
	Sort string
	// Rows and Cols name the keys of a pivot; both nil: a row for each cell. A key in
	// neither splits the tables.
	Rows, Cols []string
}

// Check tells what of a view is not known, and what is.
func (v View) Check() error {
	figureNames, keyNames := Figures(), Keys()
	figuresText, keysText := strings.Join(figureNames, ", "), strings.Join(keyNames, ", ")
	if v.Columns != nil && len(v.Columns) == 0 {
		return fmt.Errorf("no column is named: there are %s", figuresText)
	}
	for _, name := range v.Columns {
		if !slices.Contains(figureNames, name) {
			return fmt.Errorf("column %q is not known: there are %s", name, figuresText)
		}
		if i := slices.Index(v.Columns, name); slices.Contains(v.Columns[i+1:], name) {
			return fmt.Errorf("column %q is named twice", name)
		}
	}
	if name := strings.TrimPrefix(v.Sort, "-"); name != "" && !slices.Contains(figureNames, name) && !slices.Contains(keyNames, name) {
		return fmt.Errorf("cannot sort by %q: there are %s, and the keys %s", name, figuresText, keysText)
	}
	for _, name := range append(slices.Clone(v.Rows), v.Cols...) {
		if !slices.Contains(keyNames, name) {
			return fmt.Errorf("key %q is not known: there are %s", name, keysText)
		}
		if slices.Contains(v.Rows, name) && slices.Contains(v.Cols, name) {
			return fmt.Errorf("key %q cannot be of rows and of columns", name)
		}
	}
	return nil
}

// Figures lists what a column can be.
func Figures() []string { return mapped(figures(), func(f figure) string { return f.Name }) }

// Keys lists what tells cells apart, in the order of names.
func Keys() []string {
	cells := slices.DeleteFunc(result.Keys(), func(k result.Key) bool { return k.Kind == result.Side })
	return mapped(cells, func(k result.Key) string { return k.Name })
}

// keyOf is a cell's value of a key; "" where it does not apply.
func keyOf(c *result.CellResult, name string) string {
	k, ok := result.KeyOf(name)
	if !ok {
		return ""
	}
	return k.Text(c.Cell)
}

// Select is r with the cells that a filter in benchstat's language matches, and the
// comparisons among them. Every key of a cell can be asked for, with or without a
// slash: codec:klauspost, /runner:(single OR pool), -level:19. An expression that
// cannot be parsed or matches nothing is an error that says what there is.
func Select(r *result.Result, expression string) (*result.Result, error) {
	filter, err := benchproc.NewFilter(expression)
	if err != nil {
		return nil, err
	}
	out := *r
	out.Cells, out.Comparisons, out.Warnings = nil, nil, nil
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

// sorted orders the cells of a table as a view says; cells without the figure come
// last.
func (v View) sorted(cells []*result.CellResult) {
	name, down := strings.CutPrefix(v.Sort, "-")
	if name == "" {
		return
	}
	turn := func(n int) int {
		if down {
			return -n
		}
		return n
	}
	if f, ok := figureWhere(func(f figure) bool { return f.Name == name }); ok {
		slices.SortStableFunc(cells, func(a, b *result.CellResult) int {
			x, y := f.of(a), f.of(b)
			switch {
			case x != nil && y != nil:
				return turn(cmp.Compare(x.Est, y.Est))
			case x != nil:
				return -1
			case y != nil:
				return 1
			}
			return 0
		})
		return
	}
	slices.SortStableFunc(cells, func(a, b *result.CellResult) int { return turn(compareValues(keyOf(a, name), keyOf(b, name))) })
}

// compareValues orders numbers by size and words by the alphabet.
func compareValues(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX == nil && errY == nil {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(a, b)
}

// picked are the figures of a view, in its order.
func (v View) picked() []figure {
	if v.Columns == nil {
		return figures()
	}
	var out []figure
	for _, name := range v.Columns {
		if f, ok := figureWhere(func(f figure) bool { return f.Name == name }); ok {
			out = append(out, f)
		}
	}
	return out
}
