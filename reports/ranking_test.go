package reports

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// setOf is a result of one set: cells are "codec" or "codec/runner" or
// "codec/runner/status"; the first takes 100 µs a task, the next 110 and so
// on. Comparisons are "a<b": a is faster, "b>a": b is slower, "a?b": undecided, "a=b":
// equivalent, with cells named as before.
func setOf(cells string, comparisons string) *result.Result {
	r := newResult()
	names := make(map[string]*result.CellResult)
	specs := strings.Fields(cells)
	r.Cells = make([]result.CellResult, len(specs))
	for i, spec := range specs {
		parts := append(strings.Split(spec, "/"), "single", result.StatusOK)
		if strings.Count(spec, "/") == 1 {
			parts = append(parts[:2], result.StatusOK)
		}
		workers := 2
		if parts[1] == "single" {
			workers = 1
		}
		c := corpusCell(parts[0], 3, parts[1], workers, 100_000*(1+float64(i)/10), 1)
		if parts[2] != result.StatusOK {
			strip(&c, parts[2])
		}
		r.Cells[i] = c
		names[spec] = &r.Cells[i]
	}
	for _, spec := range strings.Fields(comparisons) {
		at := strings.IndexAny(spec, "<>?=")
		a, b := names[spec[:at]], names[spec[at+1:]]
		verdict := map[byte]string{
			'<': result.VerdictSlower, '>': result.VerdictFaster, '?': result.VerdictUndecided, '=': result.VerdictEquivalent,
		}[spec[at]] // of b, the new one
		ratio := b.NSPerOp.Est / a.NSPerOp.Est
		r.Comparisons = append(r.Comparisons, result.Comparison{
			Old: a.Name, New: b.Name, Metric: "time", Verdict: verdict, Delta: 0.02, Pairs: forks,
			TimeRatio: result.Ratio{Est: ratio, Lo: new(ratio * 0.99), Hi: new(ratio * 1.01), Confidence: 0.99},
		})
	}
	return r
}

func TestMarks(t *testing.T) {
	for _, c := range []struct{ about, cells, comparisons, want string }{
		{"no comparisons", "a b c", "", ""},
		{"one cell", "a", "", ""},
		{"faster than all", "a b c", "a<b a<c b<c", "a*"},
		{"told from the other side", "a b c", "b>a c>a b<c", "a*"},
		{"verdicts count, figures do not", "a b c", "a>b c>b a<c", "b*"},
		{"one comparison is missing", "a b c", "a<b b<c", ""},
		{"undecided with the best", "a b c", "a?b a<c b<c", "a= b="},
		{"equivalent to the best", "a b c", "a=b a<c b<c", "a= b="},
		{"all undecided", "a b c", "a?b a?c b?c", "a= b= c="},
		{"undecided with the best, beaten by a third", "a b c", "a<b b<c a?c", "a= c="},
		{"beaten by one of two leaders", "a b c", "a?b a<c b?c", "a= b="},
		{"contradicting twice", "a b", "a<b a>b", "a= b="},
		{"a ring", "a b c", "a<b b<c c<a", ""},
		{"failed cells do not count", "a b c/single/failed", "a<b", "a*"},
		{"ceilings do not race", "memcpy/pool memcpy/single", "memcpy/pool<memcpy/single", ""},
		{"all compared with the fastest only", "a b c d", "a<b a?c a<d", "a= c="},
	} {
		r := setOf(c.cells, c.comparisons)
		m := marks(r)
		var got []string
		for i := range r.Cells {
			if mark := m[&r.Cells[i]]; mark != "" {
				got = append(got, r.Cells[i].Codec+mark)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", c.about, s, c.want)
		}
	}
}

// TestMarksLeaveOutLarger sees that what makes the data larger bears no mark where the
// sentence leaves it out, and that the legend says why.
func TestMarksLeaveOutLarger(t *testing.T) {
	const said = "what makes the data larger (ratio below 1) cannot be best"
	for _, c := range []struct {
		about   string
		ratios  []float64
		want    string // codec that is marked
		legends bool
	}{
		{"one is larger", []float64{0.97, 2.5, 2.5}, "b", true},
		{"all are larger", []float64{0.97, 0.96, 0.95}, "a", false},
		{"none is larger", []float64{1, 2.5, 2.5}, "a", false},
	} {
		r := setOf("a b c", "a<b a<c b<c")
		for i, ratio := range c.ratios {
			r.Cells[i].Ratio, r.Cells[i].CorpusRatio = ptr(ratio), nil
		}
		for cell, mark := range marks(r) {
			if cell.Codec != c.want || mark != markFastest {
				t.Errorf("%s: %s is marked %s, want %s", c.about, cell.Codec, mark, c.want)
			}
		}
		if legend := strings.Join(newDocument(r, Options{}).legend, " "); strings.Contains(legend, said) != c.legends {
			t.Errorf("%s: legend %q", c.about, legend)
		}
	}
}

// TestMarksKeepToSets sees that levels are not held against each other, and
// that the ceiling is in no race.
func TestMarksKeepToSets(t *testing.T) {
	r := matrixResult()
	m := marks(r)
	sole := 0
	for c, mark := range m {
		if isCeiling(c) {
			t.Errorf("the ceiling is marked %s", mark)
		}
		if mark == markFastest {
			sole++
			if c.Level != 1 || c.Codec != "datadog" || c.Runner != "pool" {
				t.Errorf("%s is marked %s", c.Name, mark)
			}
		}
	}
	if sole != 1 || len(m) != 1+3*2 {
		t.Errorf("%d cells lead alone and %d are marked, want 1 and 7", sole, len(m))
	}
	r.Comparisons = nil
	if n := len(marks(r)); n != 0 {
		t.Errorf("%d marks without comparisons", n)
	}
	r = matrixResult()
	for i := range r.Comparisons {
		r.Comparisons[i].Metric = "allocs"
	}
	if n := len(marks(r)); n != 0 {
		t.Errorf("%d marks from other metrics than time", n)
	}
}

func TestReversed(t *testing.T) {
	c := result.Comparison{Old: "a", New: "b", Verdict: result.VerdictFaster, TimeRatio: result.Ratio{Est: 0.5, Lo: new(0.4), Hi: new(0.625)}}
	got := reversed(c)
	want := result.Comparison{Old: "b", New: "a", Verdict: result.VerdictSlower, TimeRatio: result.Ratio{Est: 2, Lo: new(1.6), Hi: new(2.5)}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reversed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(c, reversed(got)); diff != "" {
		t.Errorf("twice reversed (-want +got):\n%s", diff)
	}
}

// A comparison of too few pairs is none: it gives no mark.
func TestMarksNeedPairs(t *testing.T) {
	r := setOf("a b", "a<b")
	if len(marks(r)) == 0 {
		t.Fatal("no mark where there is a verdict")
	}
	r.Comparisons[0].Pairs = analyze.MinPairs - 1
	r.Comparisons[0].Verdict = result.VerdictUndecided
	if m := marks(r); len(m) != 0 {
		t.Errorf("marks %v from %d pairs", m, r.Comparisons[0].Pairs)
	}
}
