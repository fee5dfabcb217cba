package analyze

import (
	"strings"
	"testing"
	"time"

	"zstdshop/harness/result"
)

// A budget that would bring what was asked is named where somebody would wait for it; else
// what an hour comes to, and after an hour neither.
func TestPrecisionIn(t *testing.T) {
	for _, c := range []struct {
		took         time.Duration
		width, asked float64
		want         string
	}{
		{50 * time.Second, 0.026, 0.02, ", and at this noise --budget 84s would bring them to what was asked"},
		{50 * time.Second, 0.14, 0.02, ", and at this noise --budget 41m would bring them to what was asked"},
		{10 * time.Second, 0.37, 0.02, ", and at this noise --budget 57m would bring them to what was asked"},
		{50 * time.Second, 0.7, 0.02, ", and at this noise an hour would bring them to +-8.2 %: figures as precise as asked are out of reach here, though who leads may be told sooner"},
		{50 * time.Second, 1e12, 0.02, "figures as precise as asked are out of reach here, though who leads may be told sooner"}, // more than a Duration holds
		{2 * time.Hour, 0.04, 0.02, ", and figures as precise as asked are out of reach here"},
	} {
		if got := precisionIn(int64(c.took), c.width, c.width/c.asked); !strings.HasSuffix(got, c.want) {
			t.Errorf("+-%v after %v, %v asked: %q, want %q", c.width, c.took, c.asked, got, c.want)
		}
	}
}

// The note of a sample says that speeds are from it, and of what the ratios are.
func TestSampledRatios(t *testing.T) {
	ratio := &result.Interval{Est: 2}
	whole := result.CellResult{Status: result.StatusOK, Items: 1, BytesIn: 1 << 22, CorpusItems: 32, CorpusBytes: 1 << 27, CorpusBytesOut: 1 << 26, CorpusRatio: ratio}
	whole.Corpus = "data"
	part, old, other := whole, whole, whole
	part.CorpusBytesOut = 0
	old.CorpusBytesOut, old.CorpusRatio = 0, nil
	other.Corpus, other.BytesIn = "other", other.CorpusBytes
	const some = "whole corpus, but where one has an interval: that is estimated from a sample"
	for _, c := range []struct {
		name  string
		cells []result.CellResult
		want  string
	}{
		{"all whole", []result.CellResult{whole, whole, other}, "; ratios are of the whole corpus"},
		{"one estimated", []result.CellResult{whole, part}, some},
		{"all estimated", []result.CellResult{part, other}, "those of few items"},
		{"an earlier program's", []result.CellResult{old}, "those of few items"},
	} {
		text := ""
		for _, w := range warnings(&result.Result{Cells: c.cells}) {
			if w.Code == "sampled" {
				text += w.Text
			}
		}
		if !strings.HasPrefix(text, "data in whole files: speeds were measured on a seeded sample") || !strings.HasSuffix(text, c.want+"; memory holds the items of the sample, so it goes by how many they are") {
			t.Errorf("%s: %q, want it to end in %q", c.name, text, c.want)
		}
	}
}

// A run that stops since its cells are as precise as it asks does not say that they are not:
// a cell that is behind may be half as wide again.
func TestNoisyAsksAsTheRunDoes(t *testing.T) {
	figure := func(est, half float64) *result.Interval {
		lo, hi := est*(1-half), est*(1+half)
		return &result.Interval{Est: est, Lo: &lo, Hi: &hi}
	}
	cell := func(vsBest *result.Interval) result.CellResult {
		return result.CellResult{Status: result.StatusOK, NSPerOp: figure(100, 0.1), VsBest: vsBest}
	}
	r := &result.Result{Cells: []result.CellResult{cell(figure(1, 0)), cell(figure(1.2, 0.029))}}
	r.Plan.Precision, r.Plan.Delta, r.Plan.Elapsed = 0.02, 0.05, 10e9
	if w := noisy(r); w != nil {
		t.Errorf("behind by 20 %% +-2.9 %%, 2 asked: %s", w.Text)
	}
	r.Cells[1].VsBest = figure(1.05, 0.029) // may not be behind
	if w := noisy(r); w == nil || !strings.Contains(w.Text, "+-2 % was asked for and 0 of 1 cell reached it; half of them are within +-2.9 %, and at this noise --budget 21s") {
		t.Errorf("not surely behind: %+v", w)
	}
	r.Cells[1].VsBest = figure(1.2, 0.06)
	if w := noisy(r); w == nil || !strings.Contains(w.Text, "+-2 % (+-3 % of cells that are behind) was asked for and 0 of 1 cell reached it; half of them are within +-6 %, and at this noise --budget 40s") {
		t.Errorf("behind, and wider: %+v", w)
	}
}

// Where there were too few forks it is said what budget has enough at the run's pace, if
// that is known.
func TestBudgetForForks(t *testing.T) {
	for _, c := range []struct {
		took  time.Duration
		forks int
		want  string
	}{
		{50 * time.Second, 5, ", about 88s might do,"},
		{36 * time.Second, 2, ", about 3m might do,"},
		{30 * time.Minute, 2, ""},
		{50 * time.Second, 0, ""},
		{0, 5, ""},
	} {
		if got := budgetForForks(int64(c.took), c.forks); got != c.want {
			t.Errorf("%d forks in %v: %q, want %q", c.forks, c.took, got, c.want)
		}
	}
	few := result.CellResult{Status: result.StatusOK, Forks: 4}
	enough := result.CellResult{Status: result.StatusOK, Forks: 9}
	r := &result.Result{Cells: []result.CellResult{enough, few}}
	r.Plan.Elapsed = 20e9
	all := warnings(r)
	if len(all) != 1 || all[0].Text != "1 cell had fewer than 8 forks, too few to tell cells apart: raise --budget, about 44s might do, or ask for fewer cells" {
		t.Errorf("said %+v", all)
	}
}
