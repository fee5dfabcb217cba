package measure

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// sidesEngine is an engine of two programs over the cells of simPlan.
func sidesEngine(t *testing.T, s *sim) *engine {
	t.Helper()
	e := simEngine(t, s, simPlan())
	h := e.Journal.Log.Header
	h.Sides = &result.TwoSides{Old: "old", New: "new"}
	h.Cells, h.Verdicts = result.BothSides(h.Cells), true
	h.Arms = []journal.Arm{{Name: result.SideOld, Argv: []string{"old"}}, {Name: result.SideNew, Argv: []string{"new"}}}
	e.Journal = &journal.Journal{}
	if err := e.Journal.Append(journal.Record{Header: &h}); err != nil {
		t.Fatal(err)
	}
	return e
}

// A cell is compared with itself on the other side, and with nothing else. The
// verdict speaks of new, and turns round when the sides are swapped.
func TestSidesOfTwoPrograms(t *testing.T) {
	for _, c := range []struct {
		slow    string // side that takes a tenth longer
		verdict string
		ratio   float64
	}{
		{result.SideNew, result.VerdictSlower, 1.1},
		{result.SideOld, result.VerdictFaster, 1 / 1.1},
		{"", result.VerdictEquivalent, 1},
	} {
		s := newSim()
		s.noise = 0.001
		s.cost = func(c2 result.Cell) time.Duration {
			if c2.Build == c.slow {
				return 110 * time.Microsecond
			}
			return 100 * time.Microsecond
		}
		e := sidesEngine(t, s)
		if err := s.run(t.Context(), e, 30*time.Second); err != nil {
			t.Fatal(err)
		}
		r := analyze.Derive(&e.Journal.Log, e.Registry)
		if r.Sides == nil {
			t.Fatal("the result is no comparison")
		}
		times := slices.DeleteFunc(slices.Clone(r.Comparisons), func(c result.Comparison) bool { return c.Metric != result.MetricTime })
		if len(times) != 4 {
			t.Errorf("%d comparisons of time, want 4", len(times))
		}
		for _, v := range times {
			if strings.Replace(v.Old, "build=old", "build=new", 1) != v.New {
				t.Errorf("%s is compared with %s", v.New, v.Old)
			}
			if v.Verdict != c.verdict || math.Abs(v.TimeRatio.Est/c.ratio-1) > 0.005 {
				t.Errorf("slow side %q: %s, %v; want %s, %v", c.slow, v.Verdict, v.TimeRatio.Est, c.verdict, c.ratio)
			}
		}
	}
}

// Derive gives the exact metrics of two programs their verdicts.
func TestDeriveCompletesSides(t *testing.T) {
	s := newSim()
	s.onPrepare = func(c result.Cell, _ int, r *worker.Ready) error {
		if c.Build == result.SideNew {
			r.BytesOut += 1000
		}
		return nil
	}
	e := sidesEngine(t, s)
	if err := s.run(t.Context(), e, 30*time.Second); err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, c := range analyze.Derive(&e.Journal.Log, e.Registry).Comparisons {
		got[c.Metric+" "+c.Verdict]++
	}
	want := map[string]int{"time equivalent": 4, "ratio worse": 4, "allocs equivalent": 4}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("verdicts are %v, want %v", got, want)
	}
}
