package reports

import (
	"slices"
	"strconv"
	"strings"

	"zstdshop/harness/result"
)

// document is a Result laid out for people: all that a drawn format shows, in
// the order in which it shows it. Strings are as they came, names from users
// included, and hold the reports' own UTF-8 symbols; a format escapes them.
type document struct {
	facts   []fact   // machine, program, run
	tables  []table  // one per scenario, corpus, block and iters
	legend  []string // how to read the columns
	remarks []string // warnings of the run as a whole
	notes   []string // footnote n is notes[n-1]
	answers []string // what the figures come to, one for each set of cells that may be compared
	advice  []string // what to take, where that was asked for
	models  []string // in words: who escapes which limit, how models scale
}

// A fact is one name and what there is to say.
type fact struct{ name, text string }

// A table is the cells that share the keys in its heading.
type table struct {
	heading []fact
	words   string // the heading as a sentence begins, where there is room for it; may be ""
	columns []column
	keys    int // how many columns, from the first, tell the rows apart
	rows    []row
}

// A column has one unit, and for figures one number of digits.
type column struct {
	name   string
	unit   string
	better result.Direction
	right  bool // aligned to the right
	spare  int  // as Metric.Spare
	speed  bool // is what cells are compared by
	wide   bool // of the wide view only
}

// A row has a cell for every column of its table.
type row struct {
	cells   []cell
	ceiling string // the name of a codec that only copies; "" of any other
	failed  bool
	tone    tone
}

// A tone is what a row says to who only glances at it.
type tone int

const (
	tonePlain tone = iota
	toneGood
	toneBad
)

// A cell is one entry of a row.
type cell struct {
	text   string
	bounds string // the interval, as it stands after the text
	mark   string // markFastest, markLeading or ""
	notes  []int  // footnotes, ascending
	// value is the figure in base units that text draws; nil for keys, and
	// where the cell has no such figure.
	value *result.Interval
}

// add appends a column and its cell in every row.
func (t *table) add(col column, cells []*result.CellResult, draw func(*result.CellResult) cell) {
	t.columns = append(t.columns, col)
	for i, c := range cells {
		t.rows[i].cells = append(t.rows[i].cells, draw(c))
	}
}

// addUsed is add for a column that is left out where all its cells are empty.
func (t *table) addUsed(col column, cells []*result.CellResult, draw func(*result.CellResult) cell) {
	drawn := make(map[*result.CellResult]cell)
	used := false
	for _, c := range cells {
		drawn[c] = draw(c)
		used = used || drawn[c].text != "" || drawn[c].notes != nil
	}
	if used {
		t.add(col, cells, func(c *result.CellResult) cell { return drawn[c] })
	}
}

// has reports whether the tables have an entry that is so.
func (d *document) has(is func(column, cell) bool) bool {
	return slices.ContainsFunc(d.tables, func(t table) bool {
		return slices.ContainsFunc(t.rows, func(r row) bool {
			for i, c := range r.cells {
				if is(t.columns[i], c) {
					return true
				}
			}
			return false
		})
	})
}

// columnWhere is the first column with values that is so, -1 where there is none.
func (t *table) columnWhere(is func(column) bool) int {
	for i, c := range t.columns {
		if is(c) && t.largest(i) > 0 {
			return i
		}
	}
	return -1
}

// mainFigure is the column of the first figure with values, -1 where there is
// none.
func (t *table) mainFigure() int {
	return t.columnWhere(func(c column) bool { return c.better != result.Neither })
}

func (t *table) columnNamed(name string) int {
	return t.columnWhere(func(c column) bool { return c.name == name })
}

// competing is the table without the ceiling, which may be a hundred times as fast as
// all others; the table itself where there is nothing else.
func (t *table) competing() *table {
	own := *t
	own.rows = slices.DeleteFunc(slices.Clone(t.rows), func(r row) bool { return r.ceiling != "" })
	if len(own.rows) == 0 {
		return t
	}
	return &own
}

// largest is the largest value of a column, ends of intervals included; 0 where
// it has none.
func (t *table) largest(column int) float64 {
	most := 0.0
	for _, r := range t.rows {
		if v := r.cells[column].value; v != nil {
			most = max(most, v.Est)
			if v.Hi != nil && *v.Hi < 3*v.Est { // a wild interval must not squeeze all bars
				most = max(most, *v.Hi)
			}
		}
	}
	return most
}

// rowName is what tells a row from the others of its table.
func (t *table) rowName(i int) string {
	var parts []string
	for k, c := range t.columns[:t.keys] {
		if text := visible(t.rows[i].cells[k].text); text != "" {
			if c.right {
				text = c.name + " " + text
			}
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " ")
}

// title is the heading of a table in a line, made harmless by escape.
func (t *table) title(escape func(string) string) string { return titleOf(t.heading, escape) }

// titleOf is a heading in a line.
func titleOf(heading []fact, escape func(string) string) string {
	return strings.Join(mapped(heading, func(f fact) string { return f.name + " " + escape(f.text) }), ", ")
}

// head is a column's name, unit and direction in a line.
func (c column) head() string { return strings.TrimSpace(c.name + " " + unitText(c)) }

// unitText is what stands under a column's name: its unit and the direction in
// which it gets better.
func unitText(c column) string {
	s := c.unit
	switch c.better {
	case result.Higher:
		s += " ↑"
	case result.Lower:
		s += " ↓"
	}
	return strings.TrimSpace(s)
}

// numbers lists footnotes.
func numbers(notes []int) string {
	return strings.Join(mapped(notes, strconv.Itoa), ",")
}
