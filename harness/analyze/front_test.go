package analyze

import (
	"math"
	"testing"

	"zstdshop/codecs"
	"zstdshop/harness/result"
	"zstdshop/runners"
	"zstdshop/scenarios"
)

func frontCell(codec string, level, effective int, ratio, speed, half float64) result.CellResult {
	lo, hi, block := speed*(1-half), speed*(1+half), int64(1)
	corpus := "data"
	return result.CellResult{Cell: result.Cell{Scenario: "compress", Corpus: corpus, Block: block, Codec: codec, Level: level, Runner: "single", Workers: 1},
		About:          result.About{Codec: codecs.Info{Ceiling: codec == "memcpy"}, Runner: runners.Info{Baseline: true}, Scenario: scenarios.Info{Advised: true}},
		EffectiveLevel: &effective, Forks: MinPairs, Status: result.StatusOK, Ratio: &ratio, MBPerS: &result.Interval{Est: speed, Lo: &lo, Hi: &hi}}
}

// Levels that are the same to a codec are one point, a codec that another beats in
// both figures is off the front, and what cannot be told apart shares it.
func TestFronts(t *testing.T) {
	r := &result.Result{Plan: result.PlanInfo{Confidence: 0.95}, Cells: []result.CellResult{
		frontCell("good", 1, 1, 2, 400, 0.05),
		frontCell("good", 9, 9, 3, 100, 0.05),
		frontCell("bad", 1, 1, 1.9, 200, 0.05),
		frontCell("bad", 6, 7, 3, 96, 0.08), // not told apart from good 9
		frontCell("bad", 7, 7, 3, 92, 0.08),
		frontCell("memcpy", 0, 0, 1, 9000, 0.01),
	}}
	all := Fronts(r)
	if len(all) != 1 || len(all[0].Points) != 4 {
		t.Fatalf("fronts %+v", all)
	}
	for i, want := range []struct {
		on    bool
		speed float64
		cells int
	}{{true, 400, 1}, {true, 100, 1}, {false, 200, 1}, {true, 94, 2}} {
		p := all[0].Points[i]
		if p.On != want.on || p.MBPerS.Est != want.speed || len(p.Cells) != want.cells {
			t.Errorf("point %d: on %v at %v from %d cells, want %+v", i, p.On, p.MBPerS.Est, len(p.Cells), want)
		}
	}
	p := all[0].Points[3]
	if half := (*p.MBPerS.Hi - *p.MBPerS.Lo) / 2; math.Abs(half-math.Hypot(96*0.08, 92*0.08)/2) > 1e-9 {
		t.Errorf("half width of the mean is %v", half)
	}
	if p.Chance >= all[0].Points[1].Chance {
		t.Errorf("chances %v of the slower, %v of the faster", p.Chance, all[0].Points[1].Chance)
	}
	r.Cells = r.Cells[:2]
	if got := Fronts(r); got != nil {
		t.Errorf("two points make a front: %+v", got)
	}
}
