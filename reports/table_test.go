package reports

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"zstdshop/harness/result"
)

// columnNames lists the columns of the first table of r.
func columnNames(r *result.Result, wide bool) string {
	var names []string
	for _, c := range newDocument(r, Options{Wide: wide}).tables[0].columns {
		names = append(names, c.name)
	}
	return strings.Join(names, " ")
}

func headings(r *result.Result) []string {
	var all []string
	for _, t := range newDocument(r, Options{}).tables {
		var parts []string
		for _, f := range t.heading {
			parts = append(parts, f.name+"="+f.text)
		}
		all = append(all, strings.Join(parts, " "))
	}
	return all
}

// withMemory gives the first n cells a figure of their memory.
func withMemory(r *result.Result, n int) {
	for i := range r.Cells[:n] {
		r.Cells[i].MemoryBytes = ptr[int64](3 << 20)
	}
}

func TestColumns(t *testing.T) {
	trim := func(n int) func(*result.Result) { return func(r *result.Result) { r.Cells = r.Cells[:n] } }
	for _, c := range []struct {
		about  string
		result *result.Result
		change func(*result.Result)
		wide   bool
		want   string
	}{
		{"default", matrixResult(), nil, false, "codec level runner workers MB/s ratio speed-up cores p99 peak RSS"},
		{"wide", matrixResult(), nil, true, "codec level runner workers MB/s time/task ratio speed-up cores p50 p90 p99 max allocs/op B/op RSS before peak RSS threads disturbed forks"},
		{"memory stands for peak RSS", matrixResult(), func(r *result.Result) { withMemory(r, len(r.Cells)) }, false, "codec level runner workers MB/s ratio speed-up cores p99 memory"},
		{"unless a cell has none", matrixResult(), func(r *result.Result) { withMemory(r, 1) }, false, "codec level runner workers MB/s ratio speed-up cores p99 memory peak RSS"},
		{"both where there is room", matrixResult(), func(r *result.Result) { trim(1)(r); withMemory(r, 1) }, true, "codec MB/s time/task ratio cores p50 p90 p99 max allocs/op B/op RSS before memory peak RSS threads disturbed forks"},
		{"one cell keeps its codec", matrixResult(), trim(1), false, "codec MB/s ratio cores p99 peak RSS"},
		{"shared keys leave", matrixResult(), trim(3), false, "runner workers MB/s ratio speed-up cores p99 peak RSS"},
		{"other keys that vary", matrixResult(), func(r *result.Result) {
			trim(2)(r)
			r.Cells[0].Runner, r.Cells[0].Workers = "pool", 2
			r.Cells[0].Env, r.Cells[0].CPUs, r.Cells[0].Cell.GOMAXPROCS = "GOGC=100", "0", 1
		}, false, "gomaxprocs cpus env MB/s ratio speed-up cores p99 peak RSS"},
		{"cpuburn", cpuburnResult(), nil, false, "runner workers time/task speed-up cores peak RSS checksum"},
		{"randmul", randmulResult(), nil, false, "workers cores"},
		{"randmul keeps out a speed", randmulResult(), func(r *result.Result) {
			r.Cells[0].NSPerOp, r.Cells[0].SpeedUp = around(1, 0, 0), around(1, 0, 0)
		}, true, "workers cores peak RSS forks"},
		{"nothing measured", troubleResult(), func(r *result.Result) { r.Cells = r.Cells[1:] }, false, "codec runner status notes"},
	} {
		if c.change != nil {
			c.change(c.result)
		}
		if got := columnNames(c.result, c.wide); got != c.want {
			t.Errorf("%s: columns are %s, want %s", c.about, got, c.want)
		}
	}
}

func TestHeadings(t *testing.T) {
	two := matrixResult()
	two.Cells = append(two.Cells[:2], two.Cells[24])
	for i := range two.Cells {
		two.Cells[i].EffectiveLevel = nil
	}
	split := matrixResult()
	split.Cells = split.Cells[:4]
	split.Cells[1].Corpus, split.Cells[2].Block, split.Cells[3].Scenario = "json", 1<<20, "decompress"
	split.Cells[2].Items = 1
	records := matrixResult()
	records.Cells = records.Cells[:1]
	records.Cells[0].Items = 8192
	short := troubleResult()
	short.Cells = short.Cells[:1]
	short.Cells[0].Items, short.Cells[0].CorpusItems = 4, 16
	for _, c := range []struct {
		about  string
		result *result.Result
		want   []string
	}{
		{"the ceiling has no level and leaves it shared", two, []string{"scenario=compress corpus=logs block=64 KiB level=1 data=1.0 MB"}},
		{"a table per scenario, corpus and block", split, []string{
			"scenario=compress corpus=logs block=64 KiB level=1 runner=single workers=1 data=1.0 MB",
			"scenario=compress corpus=json block=64 KiB level=1 runner=pool workers=2 data=1.0 MB",
			"scenario=compress corpus=logs block=1 MiB level=1 runner=gomaxprocs1 workers=2 data=1.0 MB",
			"scenario=decompress corpus=logs block=64 KiB level=3 → 2 runner=single workers=1 data=1.0 MB",
		}},
		{"records", records, []string{"scenario=compress corpus=logs block=64 KiB level=1 runner=single workers=1 data=1.0 MB in items of 128 bytes"}},
		{"a sample", troubleResult(), []string{"scenario=compress corpus=logs block=64 KiB level=3 data=262.1 kB sampled from 1.0 MB"}},
		{"a short sample", short, []string{"scenario=compress corpus=logs block=64 KiB level=3 runner=single workers=1 data=262.1 kB sampled from 1.0 MB, speeds of only 4 of 16 items"}},
		{"tasks that are not workers", cpuburnResult(), []string{"scenario=cpuburn iters=2,500,000 tasks=4"}},
	} {
		if got := headings(c.result); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.about, got, c.want)
		}
	}
}

func TestLevelText(t *testing.T) {
	for _, c := range []struct {
		asked     int
		effective *int
		want      string
	}{
		{0, nil, ""},
		{0, ptr(0), ""},
		{3, nil, "3"},
		{3, ptr(3), "3"},
		{9, ptr(7), "9 → 7"},
		{-5, ptr(1), "-5 → 1"},
	} {
		if got := levelOf(&result.CellResult{Cell: result.Cell{Level: c.asked}, EffectiveLevel: c.effective}); got != c.want {
			t.Errorf("levelOf(%d, %d) = %q, want %q", c.asked, result.Value(c.effective), got, c.want)
		}
	}
}

// TestRowOrder sees cells that may be compared beside each other, the ceiling
// last, and the plan's order otherwise.
func TestRowOrder(t *testing.T) {
	r := matrixResult()
	slices.Reverse(r.Cells) // the ceiling comes first, high levels next
	var got []string
	for _, c := range tableRows(cellsOf(r))[0] {
		got = append(got, fmt.Sprintf("%s%d", (c.Codec)[:1], c.Level))
	}
	want := "d1 d1 d1 k1 k1 k1 d3 d3 d3 k3 k3 k3 d9 d9 d9 k9 k9 k9 d19 d19 d19 k19 k19 k19 m0"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("rows are %s, want %s", s, want)
	}
	if r.Cells[0].Codec != "memcpy" {
		t.Error("the result itself was put in order")
	}
}

func TestUnitsOfColumns(t *testing.T) {
	r := matrixResult()
	for i := range r.Cells {
		r.Cells[i].LatencyUS.P99 = 1500
	}
	r.Cells[0].LatencyUS.P99 = 0.5 // one stray value does not pick the unit
	for _, tab := range newDocument(r, Options{}).tables {
		for i, c := range tab.columns {
			if c.name != "p99" {
				continue
			}
			if c.unit != "ms" || tab.rows[0].cells[i].text != "0.000500" || tab.rows[1].cells[i].text != "1.50" {
				t.Errorf("p99 in %s: %s, %s", c.unit, tab.rows[0].cells[i].text, tab.rows[1].cells[i].text)
			}
		}
	}
}

// TestDigits sees a fourth digit where three would hide the interval.
func TestDigits(t *testing.T) {
	for _, c := range []struct {
		ivs  []*result.Interval
		want int
	}{
		{nil, 3},
		{[]*result.Interval{{Est: 500}}, 3},
		{[]*result.Interval{around(500, 0.01, 0.01)}, 3},
		{[]*result.Interval{around(500, 0.01, 0.01), around(500, 0.004, 0.004)}, 4},
	} {
		if got := digits(c.ivs); got != c.want {
			t.Errorf("%d digits for %d intervals, want %d", got, len(c.ivs), c.want)
		}
	}
}

// TestSpeedUpBounds sees the doubt of a speed-up, however small it is.
func TestSpeedUpBounds(t *testing.T) {
	f := figures()[slices.IndexFunc(figures(), func(f figure) bool { return f.Name == "speed-up" })]
	for _, c := range []struct {
		iv   *result.Interval
		wide bool
		want string
	}{
		{around(1.9, 0.01, 0.01), false, "±1%"},
		{around(1.9, 0.01, 0.01), true, "±1%"},
		{around(1.9, 0.08, 0.08), false, "±8%"},
		{around(1.01, 0.02, 0.02), false, "±2%"}, // may be none
		{&result.Interval{Est: 1.9}, false, "±?"},
	} {
		if got := (drawing{f, unit{"", 1}, 3, c.wide}).bounds(c.iv); got != c.want {
			t.Errorf("%v, wide %v: %q, want %q", c.iv.Est, c.wide, got, c.want)
		}
	}
}

// written is r in a format.
func written(t *testing.T, r *result.Result, format string) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, format, r, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A ratio that is estimated from a sample never looks like one that is known, in any
// format; nor does a speed from too few items look like one from enough.
func TestRatioOfASample(t *testing.T) {
	r := matrixResult()
	c := &r.Cells[0]
	c.CorpusItems, c.CorpusBytes, c.Items, c.BytesIn = 80, 5*mib, 1, 65536
	for _, test := range []struct {
		name                  string
		ratio                 result.Interval
		text, csv, json, data string
	}{
		{"an estimate", *around(2.5, 0.1, 0.2), "2.50x -10/+20%", ",2.5,2.25,3", `"lo": 2.25`, "only 1 of 80 items"},
		{"without an interval", result.Interval{Est: 2.5}, "2.50x ±?", ",2.5,", `"lo": null`, "only 1 of 80 items"},
		{"exact", *around(2.5, 0, 0), "2.50x ", ",2.5,2.5,2.5", `"lo": 2.5`, "only 1 of 80 items"},
	} {
		c.CorpusRatio = &test.ratio
		for format, want := range map[string]string{"table": test.text, "markdown": strings.TrimSpace(test.text), "json": test.json} {
			got := written(t, r, format)
			if !strings.Contains(got, want) {
				t.Errorf("%s as %s lacks %q", test.name, format, want)
			}
			if exact := strings.Contains(got, "2.50x ±") || strings.Contains(got, "2.50x -"); format == "table" && exact == (test.name == "exact") {
				t.Errorf("%s as %s is marked: %v", test.name, format, exact)
			}
			if format != "json" && !strings.Contains(got, test.data) {
				t.Errorf("%s as %s lacks %q", test.name, format, test.data)
			}
		}
		// A page has bounds in an element of their own.
		text, bounds, _ := strings.Cut(test.text, " ")
		page := strings.ReplaceAll(written(t, r, "html"), "&#43;", "+")
		if at := strings.Index(page, ">"+text); at < 0 || bounds != "" && !strings.Contains(page[at:at+100], bounds) {
			t.Errorf("%s as html lacks %q with %q", test.name, text, bounds)
		}
		records, err := csv.NewReader(strings.NewReader(written(t, r, "csv"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		of := func(name string) string { return records[1][slices.Index(records[0], name)] }
		if got := "," + of("ratio") + "," + of("ratio_lo") + "," + of("ratio_hi"); strings.TrimRight(got, ",") != strings.TrimRight(test.csv, ",") {
			t.Errorf("%s as csv: %s, want %s", test.name, got, test.csv)
		}
	}
	c.Items, c.BytesIn = 40, 2*mib
	if strings.Contains(written(t, r, "table"), "only 40") {
		t.Error("a sample that is large enough is called too small")
	}
}

func TestFootnotes(t *testing.T) {
	r := setOf("a b c d/single/failed e/single/unmeasured", "")
	a, b, c, d, e := r.Cells[0].Name, &r.Cells[1], r.Cells[2].Name, &r.Cells[3], r.Cells[4].Name
	d.Error = ptr("it broke")
	b.Warnings = []string{"few"}
	r.Cells[0].Warnings = []string{"code", "own text", "few"}
	r.Warnings = []result.Warning{
		{Text: "of the run"}, {Text: "of the run"},
		{Cell: c, Code: "few_forks", Text: "few"},
		{Cell: a, Code: "code", Text: "in words"},
		{Cell: e, Code: "unmeasured", Text: "ended early"},
		{Cell: "gone", Text: "of a cell that is not there"},
	}
	f := newFootnotes(r)
	var got []string
	for i := range r.Cells {
		got = append(got, numbers(f.numbersOf(f.about(&r.Cells[i], false))))
	}
	if s := strings.Join(got, " "); s != "1,2,3 3 3 4 5" {
		t.Errorf("footnotes are %s", s)
	}
	if want := []string{"in words", "own text", "few", "failed: it broke", "ended early"}; !slices.Equal(f.texts, want) {
		t.Errorf("texts are %q, want %q", f.texts, want)
	}
	if !slices.Equal(f.remarks, []string{"of the run"}) {
		t.Errorf("remarks are %q", f.remarks)
	}
}

// TestStatusRows sees every status as a row with a footnote.
func TestStatusRows(t *testing.T) {
	d := newDocument(troubleResult(), Options{})
	tab := d.tables[0]
	speed := slices.IndexFunc(tab.columns, func(c column) bool { return c.name == "MB/s" })
	var got []string
	for _, r := range tab.rows {
		got = append(got, r.cells[speed].text+" "+numbers(r.cells[len(r.cells)-1].notes))
	}
	if want := []string{"468 1", "failed 2", "unmeasured 3", "unavailable 4", "unavailable 4"}; !slices.Equal(got, want) {
		t.Errorf("rows are %q, want %q", got, want)
	}
}

// What all cells of a table lack in data is said once, above it.
func TestShortOfAllCells(t *testing.T) {
	r := matrixResult()
	for i := range r.Cells {
		c := &r.Cells[i]
		c.CorpusItems, c.CorpusBytes, c.Items, c.BytesIn = 80, 5*mib, 1, 65536
	}
	for _, table := range newDocument(r, Options{}).tables {
		said := slices.ContainsFunc(table.heading, func(f fact) bool {
			return f.name == "data" && strings.HasSuffix(f.text, ", speeds of only 1 of 80 items")
		})
		if column := slices.ContainsFunc(table.columns, func(c column) bool { return c.name == "data" }); !said || column {
			t.Errorf("the heading is %v, with a column of its own: %v", table.heading, column)
		}
	}
}
