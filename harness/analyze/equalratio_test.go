package analyze

import (
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
