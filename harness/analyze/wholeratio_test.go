package analyze

import (
	"math"
	"testing"

	"zstdshop/harness/internal/standin"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// The ratio of a cell is that of the whole corpus: exact where all of it was compressed,
// and of a subset an estimate with an interval.
func TestWholeRatio(t *testing.T) {
	// four items of 100, 200, 300 and 400 bytes compressed to 50, 60, 150 and 140
	pass := worker.Ready{Items: 4, BytesIn: 1000, BytesOut: 400, SumInIn: 300_000, SumInOut: 118_000, SumOutOut: 48_200}
	two := worker.Ready{Items: 2, BytesIn: 300, BytesOut: 110, SumInIn: 50_000, SumInOut: 17_000, SumOutOut: 6100}
	untold := pass
	untold.SumInIn, untold.SumInOut, untold.SumOutOut = 0, 0, 0
	one := worker.Ready{Items: 1, BytesIn: 100, BytesOut: 50, SumInIn: 10_000, SumInOut: 5000, SumOutOut: 2500}
	for _, c := range []struct {
		name         string
		facts        worker.Ready
		whole        *journal.Whole
		items        int
		bytes        int64
		ratio        float64
		exact, drawn bool  // has no width, has one
		out          int64 // of the whole
	}{
		{"compressed whole before", two, &journal.Whole{Items: 10, BytesIn: 2500, BytesOut: 1000}, 10, 2500, 2.5, true, false, 1000},
		{"a pass over all of it", pass, nil, 4, 1000, 2.5, true, false, 400},
		{"a pass over a part", pass, nil, 8, 2000, 2.5, false, true, 0},
		{"of less than a subset should have", two, &journal.Whole{Items: 4, BytesIn: 1000, BytesOut: 400, SumInIn: 300_000, SumInOut: 118_000, SumOutOut: 48_200}, 8, 2000, 2.5, false, true, 0},
		{"a part, from a worker that does not tell", untold, nil, 8, 2000, 2.5, false, false, 0},
		{"one item", one, nil, 8, 2000, 2, false, false, 0},
		{"compressing it whole failed", pass, &journal.Whole{Error: "no"}, 8, 2000, 2.5, false, true, 0},
	} {
		out := result.CellResult{CorpusItems: c.items, CorpusBytes: c.bytes, Ratio: result.Finite(float64(c.facts.BytesIn) / float64(c.facts.BytesOut))}
		wholeRatio(&out, &journal.CellLog{Facts: &c.facts, Whole: c.whole}, 0.95)
		got := out.CorpusRatio
		if got == nil || got.Est != c.ratio || out.CorpusBytesOut != c.out {
			t.Errorf("%s: %+v and %d bytes, want %v and %d", c.name, got, out.CorpusBytesOut, c.ratio, c.out)
			continue
		}
		if exact := got.Lo != nil && *got.Lo == *got.Hi; exact != c.exact {
			t.Errorf("%s: exact: %v, want %v", c.name, exact, c.exact)
		}
		if drawn := got.Lo != nil && *got.Lo < *got.Hi; drawn != c.drawn || drawn && (*got.Lo >= c.ratio || *got.Hi <= c.ratio) {
			t.Errorf("%s: an interval: %v, want %v", c.name, drawn, c.drawn)
		}
		if iv := out.WholeRatio(); iv.Open != (!c.exact && !c.drawn) {
			t.Errorf("%s: %+v: an estimate without bounds is not told from an exact figure", c.name, iv)
		}
	}
}

// A saved result is shown with the ratio and interval that it was saved with.
func TestWholeRatioIsDerivedAgain(t *testing.T) {
	facts := worker.Ready{Items: 4, BytesIn: 1000, BytesOut: 400, SumInIn: 300_000, SumInOut: 118_000, SumOutOut: 48_200, PassNS: 1000, Lanes: 1}
	for _, whole := range []*journal.Whole{nil, {Items: 8, BytesIn: 2000, BytesOut: 700}} {
		log := &journal.Log{Cells: []journal.CellLog{{Cell: result.Cell{Scenario: "compress", Corpus: "c", Runner: "single", Workers: 1}, Facts: &facts, Whole: whole}}}
		log.Header.Plan.Confidence = 0.95
		log.Header.Corpora = []journal.CorpusInfo{{Name: "c", Bytes: 2000}}
		log.Schedule = &journal.Schedule{Subsets: []journal.Subset{{Corpus: "c", WholeItems: 8}}}
		r := Derive(log, standin.Registry(t))
		again := Derive(LogOf(r), standin.Registry(t))
		a, b := r.Cells[0].CorpusRatio, again.Cells[0].CorpusRatio
		if a == nil || b == nil || a.Est != b.Est || math.Abs(*a.Lo-*b.Lo) > 1e-12 || math.Abs(*a.Hi-*b.Hi) > 1e-12 || again.Cells[0].CorpusBytesOut != r.Cells[0].CorpusBytesOut {
			t.Errorf("%+v, derived again %+v", a, b)
		}
	}
}

// Advice and fronts hold cells against each other by the ratio of the same data: all of
// the corpus where all of them know it, else what each compressed in a pass.
func TestRatioAmong(t *testing.T) {
	exact, pass := 3.0, 2.0
	known := &result.CellResult{Ratio: &pass, CorpusRatio: &result.Interval{Est: exact}, CorpusBytesOut: 1}
	unknown := &result.CellResult{Ratio: &pass, CorpusRatio: &result.Interval{Est: 2.2}}
	if got := ratioAmong([]*result.CellResult{known, known})(known); got != exact {
		t.Errorf("all known: %v, want %v", got, exact)
	}
	of := ratioAmong([]*result.CellResult{known, unknown})
	if of(known) != pass || of(unknown) != pass {
		t.Errorf("one is not known: %v and %v, want %v", of(known), of(unknown), pass)
	}
}
