package analyze

import (
	"fmt"
	"testing"

	"zstdshop/harness/result"
	"zstdshop/scenarios"
)

// dictCell compresses 100 records of one size at a ratio with an interval.
func dictCell(size int, dict string, lo, est, hi float64) result.CellResult {
	c := result.NewCellResult(result.Cell{Scenario: "compress", Codec: "fast", Level: 3, Corpus: fmt.Sprintf("logs-%d", size), Dict: dict})
	c.Status, c.Items, c.BytesIn = result.StatusOK, 100, int64(100*size)
	c.About.Scenario = scenarios.Info{Compresses: true}
	c.CorpusRatio = &result.Interval{Est: est, Lo: &lo, Hi: &hi}
	return c
}

func TestDictSeries(t *testing.T) {
	r := &result.Result{}
	for _, p := range []struct {
		size         int
		lo, est, hi  float64 // with the dictionary; 2 without
		otherDigests bool
	}{{4096, 2.02, 2.06, 2.1, false}, {256, 6, 6, 6, false}, {1024, 2.9, 3, 3.1, false}, {16384, 2.01, 2.01, 2.01, false}, {65536, 9, 9, 9, true}} {
		without, with := dictCell(p.size, "", 2, 2, 2), dictCell(p.size, "d", p.lo, p.est, p.hi)
		if p.otherDigests {
			with.CorpusDigest = "other data"
		}
		r.Cells = append(r.Cells, with, without)
	}
	all := DictSeriesOf(r)
	if len(all) != 1 || all[0].Corpus != "logs" || all[0].Dict != "d" || *all[0].Level != 3 || len(all[0].Points) != 4 {
		t.Fatalf("%+v, want one series of 4 points on logs", all)
	}
	if p := all[0].Points[0]; p.Bytes != 256 || p.Without != 2 || p.With != 6 || p.Gain.Est != 3 || *p.Gain.Lo != 3 {
		t.Errorf("first %+v, want 256 bytes three times as small", p)
	}
	// Up to 1 KiB beyond doubt, at 4 KiB in doubt, from 16 KiB on by less than 2 %.
	if to, from := all[0].Pays(0.02); to != 1024 || from != 16384 {
		t.Errorf("it pays up to %v and not from %v on, want 1024 and 16384", to, from)
	}
	if to, from := all[0].Pays(5); to != 0 || from != 256 {
		t.Errorf("by 500 %% it pays up to %v and not from %v on, want 0 and 256", to, from)
	}
	if to, from := all[0].Pays(0.001); to != 16384 || from != 0 {
		t.Errorf("by 0.1 %% it pays up to %v and not from %v on, want 16384 and 0", to, from)
	}
}

func TestLengthless(t *testing.T) {
	for name, want := range map[string]string{"logs-256": "logs", "app.log-lines": "app.log-lines", "logs": "logs", "a-b-1024": "a-b", "-1": "-1"} {
		if got := lengthless(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
