package reports

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"

	"zstdshop/harness/result"
)

func TestSelect(t *testing.T) {
	r := matrixResult()
	all := len(r.Cells)
	for _, c := range []struct {
		expression string
		want       func(*result.CellResult) bool
	}{
		{"*", func(*result.CellResult) bool { return true }},
		{"codec:datadog", func(c *result.CellResult) bool { return c.Codec == "datadog" }},
		{"/codec:datadog", func(c *result.CellResult) bool { return c.Codec == "datadog" }},
		{"runner:(single OR pool) -codec:memcpy", func(c *result.CellResult) bool {
			return (c.Runner == "single" || c.Runner == "pool") && c.Codec != "memcpy"
		}},
		{"level:3 workers:2", func(c *result.CellResult) bool { return c.Level != 0 && c.Level == 3 && c.Workers == 2 }},
	} {
		got, err := Select(r, c.expression)
		if err != nil {
			t.Errorf("%s: %v", c.expression, err)
			continue
		}
		n := 0
		for i := range r.Cells {
			if c.want(&r.Cells[i]) {
				n++
			}
		}
		if len(got.Cells) != n || slices.ContainsFunc(got.Cells, func(cell result.CellResult) bool { return !c.want(&cell) }) {
			t.Errorf("%s: %d cells, want %d", c.expression, len(got.Cells), n)
		}
		for _, v := range got.Comparisons {
			if !slices.ContainsFunc(got.Cells, func(c result.CellResult) bool { return c.Name == v.Old }) {
				t.Errorf("%s: a comparison with %s", c.expression, v.Old)
			}
		}
	}
	if len(r.Cells) != all {
		t.Error("the result itself has changed")
	}
	r.Recommendations = []result.Advice{{For: "speed", Cell: r.Cells[0].Name}}
	some, _ := Select(r, "codec:klauspost")
	if whole, _ := Select(r, "*"); some.Recommendations != nil || len(whole.Recommendations) != 1 {
		t.Errorf("advice among some cells %+v, among all %+v", some.Recommendations, whole.Recommendations)
	}
	if !strings.Contains(tableOf(t, some), "cells are shown, those that match") || strings.Contains(tableOf(t, r), "cells are shown") {
		t.Error("a table does not say that cells were left out")
	}
	for expression, words := range map[string]string{"codec:(": "syntax error", "codec:none": "no cell matches; there are scenario compress"} {
		if _, err := Select(r, expression); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v, want %q", expression, err, words)
		}
	}
}

func TestViewCheck(t *testing.T) {
	for _, c := range []struct {
		view View
		want string
	}{
		{View{}, ""},
		{View{Columns: []string{"cores", "MB/s"}, Sort: "-MB/s", Rows: []string{"codec"}, Cols: []string{"runner"}}, ""},
		{View{Sort: "level"}, ""},
		{View{Columns: []string{"speed"}}, `column "speed" is not known: there are MB/s`},
		{View{Columns: []string{}}, "no column is named"},
		{View{Columns: []string{"MB/s", "MB/s"}}, `column "MB/s" is named twice`},
		{View{Sort: "speed"}, `cannot sort by "speed"`},
		{View{Rows: []string{"colour"}}, `key "colour" is not known: there are host`},
		{View{Rows: []string{"codec"}, Cols: []string{"codec"}}, "cannot be of rows and of columns"},
	} {
		err := c.view.Check()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.view, err, c.want)
		}
	}
}

func TestViewColumnsAndSort(t *testing.T) {
	r := matrixResult()
	d := newDocument(r, Options{View: View{Columns: []string{"cores", "MB/s"}, Sort: "-MB/s"}})
	for _, table := range d.tables {
		var names []string
		for _, c := range table.columns[table.keys:] {
			if c.name != "notes" {
				names = append(names, c.name)
			}
		}
		if !slices.Equal(names, []string{"cores", "MB/s"}) {
			t.Errorf("columns %v", names)
		}
		at := table.columnNamed("MB/s")
		for i := 1; i < len(table.rows); i++ {
			if a, b := table.rows[i-1].cells[at].value, table.rows[i].cells[at].value; a == nil && b != nil || a != nil && b != nil && a.Est < b.Est {
				t.Errorf("row %d is out of order", i)
			}
		}
	}
}

// A pivot has every cell once, its figure under the values of its keys.
func TestPivot(t *testing.T) {
	r := matrixResult()
	o := Options{View: View{Rows: []string{"codec"}, Cols: []string{"runner"}, Columns: []string{"cores"}}}
	entries := 0
	for _, table := range pivot(r, newFootnotes(r), o) {
		level := ""
		for _, f := range table.heading {
			if f.name == "level" {
				level = f.text
			}
		}
		for _, row := range table.rows {
			for k, c := range row.cells[1:] {
				if c.value == nil {
					continue
				}
				entries++
				i := slices.IndexFunc(r.Cells, func(cell result.CellResult) bool {
					return cell.Codec == row.cells[0].text && cell.Runner == table.columns[k+1].name && keyOf(&cell, "level") == level
				})
				if i < 0 || r.Cells[i].Parallelism.Est != c.value.Est {
					t.Errorf("level %s, %s, %s: %v", level, row.cells[0].text, table.columns[k+1].name, c.value.Est)
				}
			}
		}
	}
	if entries != len(r.Cells) {
		t.Errorf("%d entries for %d cells", entries, len(r.Cells))
	}
}

func TestBarsInText(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		var b bytes.Buffer
		if err := Write(&b, "table", matrixResult(), Options{Bars: true, ASCII: ascii}); err != nil {
			t.Fatal(err)
		}
		if bar := map[bool]string{false: "████", true: "####"}[ascii]; !strings.Contains(b.String(), bar) {
			t.Errorf("ASCII %v: no bars", ascii)
		}
		if ascii && strings.ContainsFunc(b.String(), func(r rune) bool { return r > 127 }) {
			t.Error("not ASCII")
		}
	}
}

// Keys across that have one value stand above a pivot, and keys down that no row has are no
// column; heads that nothing else tells apart have all of their values.
func TestPivotHeads(t *testing.T) {
	cell := func(scenario, codec string, iters int) *result.CellResult {
		c := result.Cell{Scenario: scenario, Codec: codec, Iters: iters, Runner: "pool"}
		if codec != "" {
			c.Level = 3
		}
		return &result.CellResult{Cell: c}
	}
	keys := []string{"scenario", "codec", "level", "iters"}
	for _, c := range []struct {
		about  string
		heads  []*result.CellResult
		names  string
		shared []fact
	}{
		{"shared by those that have it", []*result.CellResult{cell("compress", "a", 0), cell("compress", "b", 0), cell("burn", "", 20000)},
			"compress a|compress b|burn", []fact{{"level", "3"}, {"iters", "20,000"}}},
		{"told apart by what one has", []*result.CellResult{cell("burn", "", 20000), cell("burn", "a", 0)}, "burn - - 20,000|burn a 3 -", nil},
		{"one head", []*result.CellResult{cell("compress", "a", 0)}, "compress a 3 -", nil},
	} {
		names, shared := headNames(c.heads, keys)
		if got := strings.Join(names, "|"); got != c.names || !slices.Equal(shared, c.shared) {
			t.Errorf("%s: heads %q, above %v; want %q, %v", c.about, got, shared, c.names, c.shared)
		}
	}
	if got := used([]string{"language", "runner"}, []*result.CellResult{cell("burn", "", 1)}); !slices.Equal(got, []string{"runner"}) {
		t.Errorf("keys down are %q", got)
	}
	if got := used([]string{"language"}, []*result.CellResult{cell("burn", "", 1)}); !slices.Equal(got, []string{"language"}) {
		t.Errorf("keys down without any are %q", got)
	}
}

// Names of users are harmless as heads of columns, too.
func TestPivotIsHarmless(t *testing.T) {
	o := Options{View: View{Rows: []string{"corpus"}, Cols: []string{"codec", "env", "cpus"}}}
	for _, format := range []string{"table", "markdown", "html"} {
		var b bytes.Buffer
		if err := Write(&b, format, nastyResult(), o); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		for _, bad := range []string{"\x1b", "\u202e", "\u2066", "\u2028", "\x00", "\r"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: %q in it", format, bad)
			}
		}
		if format != "table" && strings.Contains(text, "<script>alert") {
			t.Errorf("%s: a script of a name", format)
		}
		if format == "markdown" {
			columns := map[int]bool{}
			for line := range strings.Lines(text) {
				if strings.HasPrefix(line, "|") {
					line = strings.ReplaceAll(strings.ReplaceAll(line, `\\`, ""), `\|`, "")
					columns[strings.Count(line, "|")] = true
				}
			}
			if len(columns) != 1 {
				t.Errorf("markdown: rows of different lengths: %v", columns)
			}
		}
	}
}

// A view keeps to the width, too, and says what it leaves out; a pivot says why a cell
// failed, and without rows has those that vary.
func TestViewsFit(t *testing.T) {
	for name, o := range map[string]View{
		"columns": {Columns: Figures()},
		"pivot":   {Rows: []string{"codec"}, Cols: []string{"level", "runner"}},
	} {
		var b bytes.Buffer
		if err := Write(&b, "table", matrixResult(), Options{View: o, Width: 80}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if w := displaywidth.String(strings.TrimSuffix(line, "\n")); w > 80 {
				t.Errorf("%s: a line of %d columns: %s", name, w, line)
			}
		}
		if !strings.Contains(b.String(), "(no room for ") {
			t.Errorf("%s: it does not say what is left out", name)
		}
	}
	var b bytes.Buffer
	if err := Write(&b, "table", troubleResult(), Options{View: View{Cols: []string{"codec"}}}); err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"[1]", "failed: ", "runner"} {
		if !strings.Contains(b.String(), words) {
			t.Errorf("a pivot with failures lacks %q:\n%s", words, b.String())
		}
	}
}
