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
	better direction
	right  bool // aligned to the right
	spare  int  // as figure.spare
}

// A row has a cell for every column of its table.
type row struct {
	cells   []cell
	ceiling bool
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
	if result.IsComparison(r) {
		return newComparison(r, o)
	}
	d := &document{facts: factsOf(r), models: slices.Concat(adviceLines(r), limitLines(r), scalingLines(r)), closing: closing(r)}
	notes := newFootnotes(r)
	marked := marks(r)
	if o.Rows != nil || o.Cols != nil {
		d.tables = pivot(r, notes, o)
	} else {
		for _, rows := range tableRows(r) {
			o.sorted(rows)
			d.tables = append(d.tables, newTable(rows, marked, notes, o))
		}
	}
	d.remarks, d.notes = notes.remarks, notes.texts
	d.legend = legendOf(d, r.Plan.Confidence)
	return d
}

// tableRows sorts the cells of r into tables, in order of first appearance.
// Inside a table cells that may be compared stand together, by tasks and
// level, otherwise in their old order, and the ceiling comes last.
func tableRows(r *result.Result) [][]*result.CellResult {
	type key struct {
		scenario, endpoint, corpus string
		block                      int64
		iters, rate                int
	}
	at := make(map[key]int)
	var tables [][]*result.CellResult
	for i := range r.Cells {
		c := &r.Cells[i]
		k := key{c.Scenario, value(c.Endpoint), value(c.Corpus), value(c.Block), value(c.Iters), value(c.Rate)}
		n, ok := at[k]
		if !ok {
			n = len(tables)
			at[k] = n
			tables = append(tables, nil)
		}
		tables[n] = append(tables[n], c)
	}
	last := func(c *result.CellResult) int {
		if isCeiling(c) {
			return 1
		}
		return 0
	}
	for _, rows := range tables {
		slices.SortStableFunc(rows, func(a, b *result.CellResult) int {
			return cmp.Or(
				cmp.Compare(last(a), last(b)),
				cmp.Compare(value(a.Tasks), value(b.Tasks)),
				cmp.Compare(value(a.Level), value(b.Level)),
			)
		})
	}
	return tables
}

// newTable lays out cells that share scenario, endpoint, corpus, block, iters and
// rate.
func newTable(cells []*result.CellResult, marked map[*result.CellResult]string, notes *footnotes, o Options) table {
	t := keyTable(cells)
	for i, c := range cells {
		t.rows[i].ceiling, t.rows[i].failed = isCeiling(c), c.Status != result.StatusOK
	}

	first := len(t.columns) // the first figure: it carries marks and statuses
	t.addFigures(cells, o)
	if first == len(t.columns) {
		t.add(column{name: "status", right: true}, cells, func(*result.CellResult) cell { return cell{} })
	}
	speed := slices.IndexFunc(t.columns, func(c column) bool { return isSpeed(c.name) })
	for i, c := range cells {
		leading := &t.rows[i].cells[first]
		if speed >= 0 {
			t.rows[i].cells[speed].mark = marked[c]
		}
		if c.Status != result.StatusOK && leading.value == nil {
			leading.text = c.Status
		}
	}

	if slices.ContainsFunc(cells, func(c *result.CellResult) bool { return c.Checksum != nil && hasSpeed(c) }) {
		t.add(column{name: "checksum", right: true}, cells, func(c *result.CellResult) cell {
			if c.Checksum == nil {
				return cell{}
			}
			return cell{text: strconv.FormatUint(*c.Checksum, 10)}
		})
	}
	_, used := dataOf(cells)
	noted := make(map[*result.CellResult][]int)
	for _, c := range cells {
		if n := notes.of(c, used == 0); n != nil {
			noted[c] = n
		}
	}
	if len(noted) > 0 {
		t.add(column{name: "notes"}, cells, func(c *result.CellResult) cell { return cell{notes: noted[c]} })
	}
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
		t.add(column{name: k.name, right: k.number}, cells, func(c *result.CellResult) cell { return cell{text: k.of(c)} })
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

// addFigures appends a column for each figure of this view that any cell has.
func (t *table) addFigures(cells []*result.CellResult, o Options) {
	wide := o.Wide
	for _, f := range o.picked() {
		if o.Columns == nil && (f.wide && !wide || !fits(f, cells, wide)) {
			continue
		}
		if o.Columns != nil {
			f.spare = len(o.Columns) - slices.Index(o.Columns, f.name) // the last one goes first
		}
		var values []float64
		var intervals []*result.Interval
		for _, c := range cells {
			if iv := f.of(c); iv != nil {
				values, intervals = append(values, iv.Est), append(intervals, iv)
			}
		}
		if values == nil {
			continue
		}
		u, n := f.unit(values), digits(intervals)
		col := column{name: f.name, unit: u.name, better: f.better, right: true, spare: f.spare}
		t.add(col, cells, func(c *result.CellResult) cell {
			iv := f.of(c)
			if iv == nil {
				return cell{}
			}
			return cell{text: f.draw(iv.Est, u, n), bounds: f.drawBounds(iv, u, n, wide), value: iv}
		})
	}
}

// fits reports whether a figure belongs in a table of these cells. Time per task
// is what throughput says already where there is one.
func fits(f figure, cells []*result.CellResult, wide bool) bool {
	switch {
	case cells[0].Scenario == busyOnly:
		return f.name == "cores" || wide && (f.name == "threads" || f.name == "peak RSS" || f.name == "forks")
	case f.name == "time/task" && !wide:
		return !slices.ContainsFunc(cells, func(c *result.CellResult) bool { return c.MBPerS != nil || c.Endpoint != nil })
	}
	return true
}

// A key is one that may vary inside a table.
type key struct {
	name   string
	number bool
	of     func(*result.CellResult) string
}

func tableKeys() []key {
	number := func(n *int) string {
		if n == nil {
			return ""
		}
		return strconv.Itoa(*n)
	}
	return []key{
		{"host", false, func(c *result.CellResult) string { return value(c.Host) }},
		{"codec", false, func(c *result.CellResult) string { return value(c.Codec) }},
		{"level", false, levelText},
		{"runner", false, func(c *result.CellResult) string { return c.Runner }},
		{"workers", true, func(c *result.CellResult) string { return strconv.Itoa(c.Workers) }},
		{"tasks", true, func(c *result.CellResult) string { return number(c.Tasks) }},
		{"gomaxprocs", true, func(c *result.CellResult) string { return number(c.GOMAXPROCSAsked) }},
		{"cpus", false, func(c *result.CellResult) string { return value(c.CPUs) }},
		{"env", false, func(c *result.CellResult) string { return value(c.Env) }},
		{"language", false, func(c *result.CellResult) string { return value(c.Language) }},
	}
}

// levelText is the level asked for, and what the codec makes of it where that
// is another: "9 → 7". Empty for a codec without levels.
func levelText(c *result.CellResult) string {
	if c.Level == nil {
		return ""
	}
	s := strconv.Itoa(*c.Level)
	if c.EffectiveLevel != nil && *c.EffectiveLevel != *c.Level {
		s += " → " + strconv.Itoa(*c.EffectiveLevel)
	}
	return s
}

// splitKeys tells the keys that all cells share from those that vary. A codec
// without levels leaves the level of the others shared. Tasks are a key where
// they are not the workers. One key varies always, so that a row has a name.
func splitKeys(cells []*result.CellResult) (shared []fact, varying []key) {
	var keep []key
	ownTasks := slices.ContainsFunc(cells, func(c *result.CellResult) bool { return value(c.Tasks) != c.Workers })
	for _, k := range tableKeys() {
		if k.name == "tasks" && !ownTasks {
			continue
		}
		values := make(map[string]bool)
		for _, c := range cells {
			if k.name == "level" && c.Level == nil {
				continue
			}
			values[k.of(c)] = true
		}
		if len(values) > 1 {
			varying = append(varying, k)
			continue
		}
		for text := range values {
			if text != "" {
				shared = append(shared, fact{k.name, text})
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
	c := cells[0]
	heading := []fact{{"scenario", c.Scenario}}
	if c.Endpoint != nil {
		heading = append(heading, fact{"endpoint", *c.Endpoint})
	}
	if c.Corpus != nil {
		heading = append(heading, fact{"corpus", *c.Corpus})
		if c.Block != nil {
			heading = append(heading, fact{"block", blockText(*c.Block)})
		}
	}
	if c.Iters != nil {
		heading = append(heading, fact{"iters", grouped(int64(*c.Iters))})
	}
	if c.Rate != nil {
		heading = append(heading, fact{"rate", grouped(int64(*c.Rate)) + " a second"})
	}
	return heading
}

// sizeOf is how much data the cells worked on.
func sizeOf(cells []*result.CellResult) []fact {
	whole, used := dataOf(cells)
	switch {
	case whole == 0:
		return nil
	case 0 < used && used < whole:
		return []fact{{"data", bytesText(used) + " sampled from " + bytesText(whole)}}
	}
	return []fact{{"data", bytesText(whole)}}
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
	var bounds, lopsided, unknown, up, down, sole, tied, cores, copies bool
	for _, t := range d.tables {
		copies = copies || slices.ContainsFunc(t.rows, func(r row) bool { return r.ceiling })
		for i, col := range t.columns {
			up, down = up || col.better == higher, down || col.better == lower
			cores = cores || col.name == "cores"
			for _, r := range t.rows {
				b := r.cells[i].bounds
				bounds = bounds || b != ""
				lopsided = lopsided || strings.Contains(b, "/")
				unknown = unknown || b == "±?"
				sole = sole || r.cells[i].mark == markFastest
				tied = tied || r.cells[i].mark == markLeading
			}
		}
	}
	var legend []string
	var parts []string
	add := func(is bool, text string) {
		if is {
			parts = append(parts, text)
		}
	}
	end := func() {
		if len(parts) > 0 {
			legend = append(legend, strings.Join(parts, "; "))
		}
		parts = nil
	}
	add(up, "↑ higher is better")
	add(down, "↓ lower is better")
	add(bounds, "± the wider side of the "+strconv.FormatFloat(100*confidence, 'f', -1, 64)+" % interval")
	add(lopsided, "-/+ both its sides")
	add(unknown, "±? too few forks for one")
	add(cores, "cores: CPU time per wall time")
	end()
	add(sole, markFastest+" faster than every other cell that it may be compared with")
	add(tied, markLeading+" cannot be told apart from the fastest")
	add(copies, ceiling+" only copies: the ceiling that memory sets")
	end()
	return legend
}
