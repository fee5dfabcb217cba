package analyze

import (
	"slices"
	"testing"

	"zstdshop/codecs"
	"zstdshop/harness/result"
)

// The ratio of a default level is reached by what is fastest of all that was measured
// with at least that ratio; what its interval does not tell apart is said.
func TestEqualRatios(t *testing.T) {
	r := &result.Result{Schema: result.Schema}
	for _, c := range []struct {
		codec        string
		level        int
		ratio, speed float64
	}{{"a", 1, 2, 200}, {"a", 3, 3, 100}, {"b", 2, 2.9, 400}, {"b", 3, 3.1, 150}, {"b", 4, 3.2, 145}, {"b", 5, 4, 20}} {
		cell := result.NewCellResult(result.Cell{Scenario: "compress", Codec: c.codec, Level: c.level, Corpus: "logs", Runner: "single", Workers: 1})
		cell.Status, cell.Ratio = result.StatusOK, &c.ratio
		cell.About.Codec.Levels = &codecs.Levels{Default: 3}
		lo, hi := c.speed*0.95, c.speed*1.05
		cell.MBPerS = &result.Interval{Est: c.speed, Lo: &lo, Hi: &hi}
		r.Cells = append(r.Cells, cell)
	}
	all := EqualRatios(r)
	if len(all) != 2 {
		t.Fatalf("%d of them, want one for each codec: %+v", len(all), all)
	}
	for i, want := range []struct {
		own, by string
		tied    int
	}{{"a", "b", 1}, {"b", "b", 1}} {
		e := all[i]
		if e.Own.Cells[0].Codec != want.own || e.By.Cells[0].Codec != want.by || e.By.Cells[0].Level != 3 || len(e.Tied) != want.tied || e.Tied[0].Cells[0].Level != 4 {
			t.Errorf("%d: own %s, by %s, tied %+v", i, e.Own.Cells[0].Name, e.By.Cells[0].Name, e.Tied)
		}
	}
	r.Cells = r.Cells[2:]
	if got := EqualRatios(r); got != nil {
		t.Errorf("one codec alone: %+v", got)
	}
}

// What several runners agree on, or do not deny, is told once, of the first of them; what is
// in doubt, or so by itself, is not told.
func TestToldEqualRatios(t *testing.T) {
	at := func(codec string, level int, runner string) FrontPoint {
		return FrontPoint{Cells: []*result.CellResult{{Cell: result.Cell{Scenario: "compress", Codec: codec, Level: level, Runner: runner}}}}
	}
	of := func(runner, by string, tied ...string) EqualRatio {
		e := EqualRatio{Own: at("own", 3, runner), By: at(by, 1, runner)}
		if by == "own" {
			e.By = e.Own
		}
		for _, codec := range tied {
			p := at(codec, 1, runner)
			if codec == "own" {
				p = e.Own
			}
			e.Tied = append(e.Tied, p)
		}
		return e
	}
	for _, c := range []struct {
		about string
		all   []EqualRatio
		want  []string // the fastest under which runner, and under which others
	}{
		{"by itself", []EqualRatio{of("single", "own")}, nil},
		{"in doubt", []EqualRatio{of("single", "a", "own")}, nil},
		{"agreed", []EqualRatio{of("single", "a"), of("pool", "a"), of("procs", "a", "b")}, []string{"a single pool procs"}},
		{"not denied", []EqualRatio{of("single", "a"), of("pool", "b", "a")}, []string{"a single pool"}},
		{"denied", []EqualRatio{of("single", "a"), of("pool", "b")}, []string{"a single", "b pool"}},
		{"in doubt under one", []EqualRatio{of("single", "a"), of("pool", "a", "own"), of("procs", "own")}, []string{"a single"}},
	} {
		var got []string
		for _, e := range ToldEqualRatios(c.all) {
			text := e.By.Cells[0].Codec + " " + e.By.Cells[0].Runner
			for _, p := range e.Also {
				text += " " + p.Cells[0].Runner
			}
			got = append(got, text)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: told are %q, want %q", c.about, got, c.want)
		}
	}
}

// A verdict of turns beside each other tells two points apart where their intervals meet, and
// keeps them tied where those do not.
func TestEqualRatioByVerdicts(t *testing.T) {
	r := &result.Result{Schema: result.Schema}
	for i, c := range []struct {
		codec        string
		ratio, speed float64
	}{{"own", 3, 100}, {"near", 3.1, 104}, {"far", 3.1, 50}} {
		cell := result.NewCellResult(result.Cell{Scenario: "compress", Codec: c.codec, Level: 3, Corpus: "logs", Runner: "single", Workers: 1})
		cell.Status, cell.Ratio = result.StatusOK, &c.ratio
		if i == 0 {
			cell.About.Codec.Levels = &codecs.Levels{Default: 3}
		}
		lo, hi := c.speed*0.95, c.speed*1.05
		cell.MBPerS = &result.Interval{Est: c.speed, Lo: &lo, Hi: &hi}
		r.Cells = append(r.Cells, cell)
	}
	for _, c := range []struct {
		verdict string // on own against near, and on far
		tied    int
	}{{"", 1}, {result.VerdictSlower, 0}, {result.VerdictUndecided, 2}} {
		r.Comparisons = nil
		for _, i := range []int{0, 2} {
			if c.verdict != "" {
				r.Comparisons = append(r.Comparisons, result.Comparison{Old: r.Cells[1].Name, New: r.Cells[i].Name, Metric: result.MetricTime, Verdict: c.verdict, Pairs: MinPairs})
			}
		}
		all := EqualRatios(r)
		if len(all) != 1 || all[0].By.Cells[0].Codec != "near" || len(all[0].Tied) != c.tied {
			t.Errorf("verdict %q: %+v", c.verdict, all)
		}
	}
}
