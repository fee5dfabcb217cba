package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

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

// Options is how the drawn formats look. The zero value is what a report in a
// file gets: no colour, UTF-8, the default columns, DefaultWidth.
type Options struct {
	View
	// Bars draws the main figure and the cores of each row as bars under its table,
	// in the table format only; markdown has them folded anyway.
	Bars bool
	// Wide shows every column and every interval there is, whatever the width.
	Wide bool
	// Width is the terminal's width in columns, 0 for DefaultWidth. A table of
	// the table format leaves out its least needed columns until it fits, and
	// says which. The other formats have no width.
	Width int
	// Color writes ANSI colour codes, in the table format only.
	Color bool
	// ASCII writes nothing outside ASCII, in the table format only.
	ASCII bool

	asked []string // figures that the result was asked about
}

// DefaultWidth is the width in columns that a table keeps to unless told.
const DefaultWidth = 120
