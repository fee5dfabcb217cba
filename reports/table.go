package reports

import (
	"cmp"
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
	models  []string // in words: who escapes which limit, how models scale
	closing string
}

// A fact is one name and what there is to say.
type fact struct{ name, text string }

// A table is the cells that share the keys in its heading.
type table struct {
	heading []fact
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

// newDocument lays r out.
func newDocument(r *result.Result, o Options) *document {
	if r.Sides != nil {
		return newComparison(r, o)
	}
	d := &document{facts: factsOf(r), models: slices.Concat(adviceLines(r), limitLines(r), scalingLines(r)), closing: closing(r)}
	notes := newFootnotes(r)
	marked := marks(r)
	if o.Rows != nil || o.Cols != nil {
		d.tables = pivot(r, notes, o)
	} else {
		for _, rows := range tableRows(cellsOf(r)) {
			o.sorted(rows)
			d.tables = append(d.tables, newTable(rows, marked, notes, o))
		}
	}
	d.remarks, d.notes = notes.remarks, notes.texts
	d.legend = legendOf(d, r.Plan.Confidence)
	return d
}

// tableRows sorts cells into tables, in order of first appearance.
// Inside a table cells that may be compared stand together, by tasks and
// level, otherwise in their old order, and the ceiling comes last.
func tableRows(cells set) []set {
	tables := groupBy(cells, func(c *result.CellResult) string {
		return strings.Join(mapped(keysOfKind(result.Data), func(k result.Key) string { return k.Raw(c.Cell) }), "\x00")
	})
	for _, rows := range tables {
		slices.SortStableFunc(rows, func(a, b *result.CellResult) int {
			return cmp.Or(cmp.Compare(last(a), last(b)), cmp.Compare(a.Tasks, b.Tasks), cmp.Compare(a.Level, b.Level))
		})
	}
	return tables
}

// last is 1 for a cell that stands behind all others.
func last(c *result.CellResult) int {
	if isCeiling(c) {
		return 1
	}
	return 0
}

// newTable lays out cells that share scenario, endpoint, corpus, block, iters and
// rate.
func newTable(cells []*result.CellResult, marked map[*result.CellResult]string, notes *footnotes, o Options) table {
	t := keyTable(cells)
	for i, c := range cells {
		t.rows[i].ceiling, t.rows[i].failed = ceilingName(c), c.Status != result.StatusOK
	}

	first := len(t.columns) // the first figure: it carries marks and statuses
	t.addFigures(cells, o)
	if first == len(t.columns) {
		t.add(column{name: "status", right: true}, cells, func(*result.CellResult) cell { return cell{} })
	}
	speed := slices.IndexFunc(t.columns, func(c column) bool { return c.speed })
	for i, c := range cells {
		if speed >= 0 {
			t.rows[i].cells[speed].mark = marked[c]
		}
		if leading := &t.rows[i].cells[first]; c.Status != result.StatusOK && leading.value == nil {
			leading.text = c.Status
		}
	}

	if slices.ContainsFunc(cells, func(c *result.CellResult) bool { return c.Checksum != nil && hasSpeed(c) }) {
		t.add(column{name: "checksum", right: true}, cells, func(c *result.CellResult) cell { return cell{text: csvValue(c.Checksum)} })
	}
	_, used := dataOf(cells)
	t.addUsed(column{name: "notes"}, cells, func(c *result.CellResult) cell { return cell{notes: notes.of(c, used == 0)} })
	return t
}

// keyTable begins a table with what the cells share and a column for each key
// that varies.
func keyTable(cells []*result.CellResult) table {
	t := table{heading: headingOf(cells), rows: make([]row, len(cells))}
	shared, varying := splitKeys(cells)
	t.heading = append(t.heading, shared...)
	t.heading = append(t.heading, sizeOf(cells)...)
	for _, k := range varying {
		t.add(column{name: k.Name, right: k.Number && k.Effective == nil}, cells, func(c *result.CellResult) cell { return cell{text: drawKey(k, c)} })
	}
	t.keys = len(t.columns)
	return t
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

// addFigures appends a column for each figure of this view that any cell has.
func (t *table) addFigures(cells []*result.CellResult, o Options) {
	for _, f := range o.picked() {
		if o.Columns == nil && (f.Wide && !o.Wide || !fits(f, cells, o.Wide)) {
			continue
		}
		if o.Columns != nil {
			f.Spare = len(o.Columns) - slices.Index(o.Columns, f.Name) // the last one goes first
		}
		if ivs := f.each(cells); ivs != nil {
			d := f.drawing(ivs, o.Wide)
			t.add(d.column(), cells, func(c *result.CellResult) cell { return d.cell(f.of(c)) })
		}
	}
}

// fits reports whether a figure belongs in a table of these cells. Time per task
// is what throughput says already where there is one.
func fits(f figure, cells []*result.CellResult, wide bool) bool {
	switch {
	case cells[0].About.Scenario.TimedSlice:
		return f.Timed && (wide || f.Key == result.MetricCores)
	case f.Key == result.MetricTime && !wide:
		return !slices.ContainsFunc(cells, func(c *result.CellResult) bool { return c.MBPerS != nil || c.Endpoint != "" })
	}
	return true
}

// keysOfKind are the keys of data, which a table shares, or of models, which may vary in it.
func keysOfKind(kind result.KeyKind) []result.Key {
	return slices.DeleteFunc(result.Keys(), func(k result.Key) bool { return k.Kind != kind })
}

// drawKey is a cell's value of a key as tables show it, with what became of it where
// that is something else: "9 → 7".
func drawKey(k result.Key, c *result.CellResult) string {
	if !k.Applies(c.Cell) {
		return ""
	}
	text := k.Raw(c.Cell)
	switch k.Unit {
	case result.Bytes:
		return blockText(k.Int(c.Cell))
	case result.Count:
		return grouped(k.Int(c.Cell))
	case result.PerSecond:
		return grouped(k.Int(c.Cell)) + " a second"
	}
	if k.Effective != nil {
		if became := k.Effective(c); became != nil && int64(*became) != k.Int(c.Cell) {
			text += " → " + strconv.Itoa(*became)
		}
	}
	return text
}

// levelOf is the level asked for and what the codec makes of it; "" without levels.
func levelOf(c *result.CellResult) string {
	k, _ := result.KeyOf("level")
	return drawKey(k, c)
}

// splitKeys tells the keys that all cells share from those that vary. A codec
// without levels leaves the level of the others shared. Tasks are a key where
// they are not the workers. One key varies always, so that a row has a name.
func splitKeys(cells []*result.CellResult) (shared []fact, varying []result.Key) {
	var keep []result.Key
	for _, k := range keysOfKind(result.Model) {
		// Of a number that names leave out where another says it, this table says no
		// more than names do.
		if !slices.ContainsFunc(cells, func(c *result.CellResult) bool { return k.Text(c.Cell) != "" }) {
			continue
		}
		values := make(map[string]bool)
		for _, c := range cells {
			if k.Effective != nil && !k.Applies(c.Cell) {
				continue
			}
			values[drawKey(k, c)] = true
		}
		if len(values) > 1 {
			varying = append(varying, k)
			continue
		}
		for text := range values {
			if text != "" {
				shared = append(shared, fact{k.Name, text})
				keep = append(keep, k)
			}
		}
	}
	if len(varying) == 0 && len(keep) > 0 {
		return shared[1:], keep[:1]
	}
	return shared, varying
}

// headingOf is the keys that make the table one.
func headingOf(cells []*result.CellResult) []fact {
	var heading []fact
	for _, k := range keysOfKind(result.Data) {
		if text := drawKey(k, cells[0]); text != "" {
			heading = append(heading, fact{k.Name, text})
		}
	}
	return heading
}

// sizeOf is how much data the cells worked on.
func sizeOf(cells []*result.CellResult) []fact {
	whole, used := dataOf(cells)
	if whole == 0 {
		return nil
	}
	size := bytesText(whole)
	if 0 < used && used < whole {
		size = bytesText(used) + " sampled from " + size
	}
	return []fact{{"data", size}}
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

// legendOf explains the symbols that the tables use, and no others.
func legendOf(d *document, confidence float64) []string {
	has := func(is func(cell) bool) bool { return d.has(func(_ column, c cell) bool { return is(c) }) }
	var first, second list
	first.addIf(d.has(func(c column, _ cell) bool { return c.better == result.Higher }), "↑ higher is better")
	first.addIf(d.has(func(c column, _ cell) bool { return c.better == result.Lower }), "↓ lower is better")
	first.addIf(has(func(c cell) bool { return c.bounds != "" }), "± the wider side of the %s %% interval", percentText(confidence))
	first.addIf(has(func(c cell) bool { return strings.Contains(c.bounds, "/") }), "-/+ both its sides")
	first.addIf(has(func(c cell) bool { return c.bounds == noBounds }), noBounds+" too few forks for one")
	first.addIf(d.has(func(c column, _ cell) bool { return c.name == "cores" }), "cores: CPU time per wall time")
	second.addIf(has(func(c cell) bool { return c.mark == markFastest }), markFastest+" faster than every other cell that it may be compared with")
	second.addIf(has(func(c cell) bool { return c.mark == markLeading }), markLeading+" cannot be told apart from the fastest")
	for _, t := range d.tables {
		if i := slices.IndexFunc(t.rows, func(r row) bool { return r.ceiling != "" }); i >= 0 {
			second.addIf(true, "%s only copies: the ceiling that memory sets", t.rows[i].ceiling)
			break
		}
	}
	return legendLines(first, second)
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

// legendLines is a line of each that says anything.
func legendLines(all ...list) (lines []string) {
	for _, l := range all {
		if len(l) > 0 {
			lines = append(lines, strings.Join(l, "; "))
		}
	}
	return lines
}
