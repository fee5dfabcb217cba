package reports

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"zstdshop/harness/result"
)

// sidesOf is a comparison of single-goroutine cells by codecs a, b, c ...; each
// word is a verdict on time and new over old, "slower:1.05", or the status that
// new has.
func sidesOf(words string) *result.Result {
	r := newResult()
	r.Sides = &result.TwoSides{Old: "not known", New: "not known"}
	for i, word := range strings.Fields(words) {
		verdict, times, compared := strings.Cut(word, ":")
		ratio, _ := strconv.ParseFloat(times, 64)
		for _, side := range []string{result.SideOld, result.SideNew} {
			c := corpusCell(string(rune('a'+i)), 3, "single", 1, 100_000, 1)
			c.Build = side
			c.Name = c.Cell.Name()
			if !compared && side == result.SideNew {
				strip(&c, verdict)
			}
			r.Cells = append(r.Cells, c)
		}
		if !compared {
			continue
		}
		names := r.Cells[len(r.Cells)-2:]
		r.Comparisons = append(r.Comparisons, result.Comparison{Old: names[0].Name, New: names[1].Name, Metric: result.MetricTime,
			Verdict: verdict, Delta: 0.02, Pairs: 12, TimeRatio: result.Ratio{Est: ratio, Lo: &ratio, Hi: &ratio, Confidence: 0.99}})
	}
	return r
}

// exactly adds a verdict on another metric of cell n.
func addExact(r *result.Result, n int, metric, verdict string, est float64) {
	r.Comparisons = append(r.Comparisons, result.Comparison{Old: r.Cells[2*n].Name, New: r.Cells[2*n+1].Name, Metric: metric, Verdict: verdict,
		TimeRatio: result.Ratio{Est: est, Lo: &est, Hi: &est, Confidence: 1}})
}

// TestComparisonSentence sees the closing sentence count the verdicts, and say
// nothing that they do not.
func TestComparisonSentence(t *testing.T) {
	for _, c := range []struct {
		about, words string
		change       func(*result.Result)
		want         string
	}{
		{"one slower", "slower:1.05", nil, "New is slower than old: it takes 1.050 times as long."},
		{"one faster", "faster:0.5", nil, "New is faster than old: it takes 0.500 times as long."},
		{"an effect that rounds to nothing", "slower:1.0004", nil, "New is slower than old: it takes 1.0004 times as long."},
		{"one equivalent", "equivalent:1.001", nil, "New takes as long as old within 2 %."},
		{"one undecided", "undecided:1.3", nil, "New cannot be told from old: undecided."},
		{"both equivalent", "equivalent:1 equivalent:1.01", nil, "New takes as long as old within 2 % in both cells."},
		{"all undecided", "undecided:1 undecided:2 undecided:3", func(r *result.Result) {
			r.Comparisons[1].MoreNS, r.Comparisons[2].MoreNS = ptr[int64](9.5e9), ptr[int64](3e9)
		}, "New cannot be told from old: undecided in all 3 cells (about 10 s more might decide)."},
		{"undecided, and nobody would wait", "undecided:1", func(r *result.Result) {
			r.Comparisons[0].MoreNS, r.Comparisons[0].MDE = ptr[int64](3600e9+1), ptr(0.031)
		}, "New cannot be told from old: undecided (this machine does not tell in an hour; in the time given it tells differences of 3.1 %)."},
		{"all slower", "slower:1.1 slower:1.2 slower:1.5", nil,
			"Of 3 cells compared, new is slower in 3 (c in a single goroutine: 1.500 times as long; b in a single goroutine: 1.200 times as long; 1 more)."},
		{"some of each", "faster:0.5 slower:1.1 equivalent:1 undecided:1 undecided:1", nil,
			"Of 5 cells compared, new is slower in 1 (b in a single goroutine: 1.100 times as long), " +
				"faster in 1 (a in a single goroutine: 0.500 times as long), equivalent within 2 % in 1, undecided in 2."},
		{"one failed", "equivalent:1 failed", nil, "New takes as long as old within 2 %; 1 cell could not be compared."},
		{"nothing compared", "failed unavailable", nil, "Nothing was compared: 2 cells, none of which both sides have a time of."},
		{"interrupted", "slower:1.05", func(r *result.Result) { r.Plan.Complete = false },
			"The run is not complete; so far: New is slower than old: it takes 1.050 times as long."},
		{"other metrics the same", "slower:1.05", func(r *result.Result) {
			addExact(r, 0, result.MetricRatio, result.VerdictEquivalent, 1)
			addExact(r, 0, result.MetricAllocs, result.VerdictEquivalent, 1)
		}, "New is slower than old: it takes 1.050 times as long. Compression ratio and allocations per task are the same."},
		{"other metrics differ", "slower:1.05 slower:1.05", func(r *result.Result) {
			addExact(r, 0, result.MetricRatio, result.VerdictBetter, 1.00001)
			addExact(r, 1, result.MetricRatio, result.VerdictEquivalent, 1)
			addExact(r, 1, result.MetricAllocs, result.VerdictEquivalent, 1)
		}, "Of 2 cells compared, new is slower in 2 (a in a single goroutine: 1.050 times as long; b in a single goroutine: 1.050 times as long). " +
			"Compression ratio: better in 1 (a in a single goroutine: 1.00001), the same in 1. Allocations per task are the same."},
		{"what varies is said", "slower:1.05 equivalent:1", func(r *result.Result) {
			for i := range 2 {
				r.Cells[i].Scenario, r.Cells[i].Level, r.Cells[i].Corpus, r.Cells[i].Block = "decompress", 9, "html", 1<<20
			}
		}, "Of 2 cells compared, new is slower in 1 (decompress, html, 1 MiB, a in a single goroutine, level 9: 1.050 times as long), equivalent within 2 % in 1."},
		{"names are made harmless", "slower:1.05 slower:1.05", func(r *result.Result) { r.Cells[0].Codec, r.Cells[1].Codec = "\x1b", "\x1b" },
			`Of 2 cells compared, new is slower in 2 (\x1b in a single goroutine: 1.050 times as long; b in a single goroutine: 1.050 times as long).`},
	} {
		r := sidesOf(c.words)
		if c.change != nil {
			c.change(r)
		}
		if got := Sentence(r); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.about, got, c.want)
		}
	}
}

// TestComparisonRows sees what stands in the rows of each kind of verdict.
func TestComparisonRows(t *testing.T) {
	r := sidesOf("slower:1.05 equivalent:1 failed unmeasured")
	r.Cells[5].Error = ptr("it broke")
	r.Comparisons[0].TimeRatio.Lo, r.Comparisons[0].TimeRatio.Hi = ptr(1.04), ptr(1.06)
	r.Comparisons[0].MDE, r.Comparisons[1].MoreNS = ptr(0.0151), ptr[int64](1.2e9)
	r.Warnings = append(r.Warnings, result.Warning{Cell: r.Cells[2].Name, Text: "about old"}, result.Warning{Cell: r.Cells[2].Name, Text: "about both"},
		result.Warning{Cell: r.Cells[3].Name, Text: "about both"})
	d := newDocument(r, Options{})
	var got []string
	for _, row := range d.tables[0].rows {
		var parts []string
		for _, c := range row.cells {
			parts = append(parts, strings.TrimSpace(c.text+" "+c.bounds+numbers(c.notes)))
		}
		got = append(got, strings.Join(parts, "|"))
	}
	want := []string{
		"a|655|655|1.050 ±1%|slower|1.6||",
		"b|655|655|1.000 ±0%|equivalent||2|1,2",
		"c|655|failed||not compared|||3",
		"d|655|unmeasured||not compared|||4",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("rows are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	notes := []string{"old: about old", "about both", "new: failed: it broke", "new: unmeasured: the run ended before this cell had an interval"}
	if fmt.Sprint(d.notes) != fmt.Sprint(notes) {
		t.Errorf("notes are %q, want %q", d.notes, notes)
	}
}

// TestExactTables sees a table for a metric where a cell differs in it, and in
// the wide view.
func TestExactTables(t *testing.T) {
	r := sidesOf("slower:1.05 slower:1.05")
	addExact(r, 0, result.MetricRatio, result.VerdictEquivalent, 1)
	addExact(r, 0, result.MetricAllocs, result.VerdictWorse, 5)
	r.Cells[1].AllocsPerOp = ptr(0.2500004)
	tables := func(wide bool) (names []string) {
		for _, tab := range newDocument(r, Options{Wide: wide}).tables {
			names = append(names, fmt.Sprint(tab.heading[0].name, " ", len(tab.rows)))
		}
		return names
	}
	if got := fmt.Sprint(tables(false)); got != "[scenario 2 allocations per task of 1]" {
		t.Errorf("tables are %s", got)
	}
	if got := fmt.Sprint(tables(true)); got != "[scenario 2 compression ratio of 1 allocations per task of 1]" {
		t.Errorf("wide tables are %s", got)
	}
	row := newDocument(r, Options{}).tables[1].rows[0]
	if row.cells[1].text != "0.250000" || row.cells[3].text != "5.000" || row.tone != toneBad {
		t.Errorf("row is %+v", row)
	}
}

func TestQuotient(t *testing.T) {
	for _, c := range []struct {
		v    float64
		want string
	}{
		{1, "1.000"}, {1.05, "1.050"}, {0.93, "0.930"}, {12.3456, "12.346"}, {0, "0.000"},
		{1.0004, "1.0004"}, {0.99996, "0.99996"}, {1.0000026, "1.000003"}, {1 + 1e-12, "1.000"},
	} {
		if got := quotient(c.v, 3); got != c.want {
			t.Errorf("quotient(%v) = %s, want %s", c.v, got, c.want)
		}
	}
}

// TestComparisonCSV sees a row for every metric of a cell, and one for a cell
// without a verdict.
func TestComparisonCSV(t *testing.T) {
	rows := records(t, sidesResult())
	if want := 5*3 + 1; len(rows) != want {
		t.Fatalf("%d rows, want %d", len(rows), want)
	}
	for _, c := range []struct {
		row    int
		fields map[string]string
	}{
		{0, map[string]string{"metric": "time", "unit": "ns/op", "codec": "klauspost", "old": "100000", "new": "105000", "new_over_old": "1.05", "verdict": "slower",
			"delta": "0.02", "mde": "0.0123", "pairs": "24", "more_ns": "", "confidence": "0.9958", "old_status": "ok", "fingerprint": "f1"}},
		{1, map[string]string{"metric": "ratio", "unit": "ratio", "verdict": "worse", "confidence": "1", "old_lo": ""}},
		{6, map[string]string{"metric": "time", "verdict": "undecided", "more_ns": "41200000000"}},
		{15, map[string]string{"metric": "time", "verdict": "", "new": "", "old": "20000", "new_status": "failed"}},
	} {
		for column, want := range c.fields {
			if got, ok := rows[c.row][column]; !ok || got != want {
				t.Errorf("row %d: %s is %q, want %q", c.row, column, got, want)
			}
		}
	}
}

// TestComparisonIsNoRace sees neither marks nor a winner where two sides are
// compared.
func TestComparisonIsNoRace(t *testing.T) {
	for _, format := range []string{"table", "markdown"} {
		var b strings.Builder
		if err := Write(&b, format, sidesOf("faster:0.5 faster:0.4"), Options{}); err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"fastest", "* ", "lead"} {
			if strings.Contains(b.String(), word) && format == "table" {
				t.Errorf("%s: %q occurs in\n%s", format, word, b.String())
			}
		}
	}
}
