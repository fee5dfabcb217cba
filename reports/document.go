package reports

import (
	"slices"
	"strings"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// newDocument lays r out.
func newDocument(r *result.Result, o Options) *document {
	if r.Sides != nil {
		return newComparison(r, o)
	}
	o.asked = askedFor(r, o.View)
	all, behind := answers(r)
	dicts, more := dictAnswers(r)
	d := &document{
		facts: factsOf(r, o.Wide), advice: slices.Concat(answerLines(r), adviceLines(r)), answers: slices.Concat(dicts, all),
		models: slices.Concat(behind, limitLines(r), scalingLines(r), equalRatioLines(r, o.Wide), more),
	}
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
	d.legend = legendOf(d, r)
	return d
}

// newTable lays out cells that share scenario, endpoint, corpus, block, iters and
// rate.
func newTable(cells []*result.CellResult, marked map[*result.CellResult]string, notes *footnotes, o Options) table {
	t := keyTable(cells)
	t.words = inWords(cells)
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
	t.addShort(cells)
	_, used := dataOf(cells)
	t.addUsed(column{name: "notes"}, cells, func(c *result.CellResult) cell { return cell{notes: notes.numbersOf(notes.about(c, used == 0))} })
	return t
}

// askedFor names the figures that somebody asked about: with a goal, or to sort by.
func askedFor(r *result.Result, v View) (names []string) {
	for _, a := range r.Recommendations {
		if g, err := analyze.ParseGoal(a.For); err == nil { // else of a later program
			names = append(names, g.Figures()...)
		}
	}
	return append(names, strings.TrimPrefix(v.Sort, "-"))
}

// spareLast is more than what says when a column is done without.
const spareLast = 100

// addFigures appends a column for each figure of this view that any cell has. What was
// asked about is no matter of the wide view, and the last that a narrow table does without.
func (t *table) addFigures(cells []*result.CellResult, o Options) {
	for _, f := range o.picked() {
		at := slices.Index(o.asked, f.Name)
		asked := at >= 0
		wide := o.Columns == nil && !asked && (f.wideOnly(cells) || !fits(f, cells, false))
		if wide && !o.Wide || o.Columns == nil && !fits(f, cells, o.Wide) {
			continue
		}
		if o.Columns != nil {
			f.Spare = len(o.Columns) - slices.Index(o.Columns, f.Name) // the last one goes first
		}
		if asked && (f.Spare > 0 || f.Wide) {
			f.Spare = spareLast - at // the first one goes last
		}
		if ivs := f.each(cells); ivs != nil {
			d := f.drawing(ivs, o.Wide)
			col := d.column()
			col.wide = wide
			t.add(col, cells, func(c *result.CellResult) cell { return d.cell(f.of(c)) })
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

// otherLevel is the first level of the tables that its codec makes another of, and which.
func (d *document) otherLevel() (asked, done string, ok bool) {
	level, _ := result.KeyOf("level")
	d.has(func(c column, one cell) bool {
		if c.name == level.Name && !ok {
			asked, done, ok = strings.Cut(one.text, becomes)
		}
		return ok
	})
	return asked, done, ok
}

// legendOf explains the symbols that the tables use, and no others.
func legendOf(d *document, r *result.Result) []string {
	has := func(is func(cell) bool) bool { return d.has(func(_ column, c cell) bool { return is(c) }) }
	var first, second list
	asItWas := asTheMachineWas(cellsOf(r))
	first.addIf(d.has(func(c column, _ cell) bool { return c.better == result.Higher }), "↑ higher is better")
	first.addIf(d.has(func(c column, _ cell) bool { return c.better == result.Lower }), "↓ lower is better")
	first.addIf(has(func(c cell) bool { return c.bounds != "" }), "± the wider side of the %s %% interval", percentText(r.Plan.Confidence))
	first.addIf(has(func(c cell) bool { return strings.Contains(c.bounds, "/") }), "-/+ both its sides")
	first.addIf(has(func(c cell) bool { return c.bounds == noBounds }), noBounds+" too little data for one")
	if asked, done, ok := d.otherLevel(); ok {
		second.addIf(true, "%s → %s: asked for level %[1]s, the codec does what it does at %s", asked, done)
	}
	first.addIf(d.has(func(c column, _ cell) bool { return c.name == "cores" }), "cores: CPU time per wall time")
	second.addIf(d.has(func(c column, _ cell) bool { return strings.HasPrefix(c.name, "vs ") }),
		"vs: time over that one's, of turns beside each other, with the machine as it was; speeds are brought to the calm machine")
	second.addIf(slices.ContainsFunc(sets(r), func(s set) bool { return len(s.leftOut()) > 0 }),
		"what makes the data larger (ratio below 1) cannot be best")
	second.addIf(len(asItWas) > 0, "speeds in %s are those of the machine as it was", strings.Join(asItWas, ", "))
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
