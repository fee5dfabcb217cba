package measure

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
)

// simShard measures the units of a shard on a sim of their own, each in a run, and puts
// them together.
func simShard(t *testing.T, shard plan.Shard, matrix simMatrix, units []plan.Unit) *result.Result {
	t.Helper()
	mine, about := shard.Cut(units)
	var parts []*result.Result
	var names []string
	for _, u := range mine {
		parts, names = append(parts, simCells(t, matrix, u.Cells, matrix.Budget)), append(names, u.Name)
	}
	r := &result.Result{Plan: result.PlanInfo{Complete: true}}
	if len(parts) > 0 {
		var err error
		if r, err = analyze.Merge(parts, names); err != nil {
			t.Fatal(err)
		}
	}
	r.Shard = about
	return r
}

// simCells measures cells of known cost: codecs and levels are far apart, or the same.
func simCells(t *testing.T, matrix simMatrix, cells []result.Cell, budget time.Duration) *result.Result {
	t.Helper()
	s := newSim()
	s.noise = 0.01
	s.cost = func(c result.Cell) time.Duration {
		us := map[string]int{"fast": 50, "slow": 90, "own": 90}[c.Codec] * (2 + c.Level)
		return time.Duration(max(us, 100)) * time.Microsecond
	}
	e := simEngine(t, s, matrix)
	h := e.Journal.Log.Header
	h.Cells, h.Plan.Budget = cells, int64(budget)
	e.Journal = &journal.Journal{}
	if err := e.Journal.Append(journal.Record{Header: &h}); err != nil {
		t.Fatal(err)
	}
	if err := s.run(t.Context(), e, budget); err != nil {
		t.Fatal(err)
	}
	return analyze.Derive(&e.Journal.Log, e.Registry)
}

// All shards of a matrix put together have the cells, the comparisons with their verdicts
// and the advice of the matrix measured in one run, in its order.
func TestShardsAreTheWhole(t *testing.T) {
	matrix := simPlan()
	matrix.Matrix["block"] = []string{"1000", "2000", "4000"}
	matrix.Matrix["scenario"] = []string{"compress", "burn", "ask"}
	matrix.Matrix["level"] = []string{"1", "3"}
	e := simEngine(t, newSim(), matrix)
	whole := plan.Plan{Cells: e.Journal.Log.Header.Cells}
	units := whole.Units()
	if len(units) != 8 { // 3 blocks of compress and of ask pack, ask hello, burn
		t.Fatalf("%d units", len(units))
	}
	want := simCells(t, matrix, whole.Cells, time.Duration(len(units))*matrix.Budget)
	var shards []*result.Result
	var names []string
	for _, index := range []int{4, 2, 5, 1, 3} {
		shards = append(shards, simShard(t, plan.Shard{Index: index, Of: 5}, matrix, units))
		names = append(names, fmt.Sprintf("%d.json", index))
	}
	got, err := analyze.Merge(shards, names)
	if err != nil {
		t.Fatal(err)
	}
	if got.Shard != nil || len(got.Missing()) != 0 {
		t.Errorf("it lacks %+v", got.Missing())
	}
	said := func(r *result.Result) (cells, verdicts, advice []string) {
		for _, c := range r.Cells {
			cells = append(cells, c.Name+" "+c.Status)
		}
		for _, v := range r.Comparisons {
			verdicts = append(verdicts, fmt.Sprintln(v.Old, v.New, v.Metric, v.Verdict))
		}
		for _, text := range []string{"speed", "size", "balanced", "fastest at ratio>=2"} {
			goal, err := analyze.ParseGoal(text)
			if err != nil {
				t.Fatal(err)
			}
			all, err := analyze.Recommend(r, goal)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range all {
				advice = append(advice, fmt.Sprintln(text, a.Scenario, result.Value(a.Block), a.Cell, a.ToldApart, a.Ties, a.RunnerUp))
			}
		}
		return cells, verdicts, advice
	}
	wantCells, wantVerdicts, wantAdvice := said(want)
	gotCells, gotVerdicts, gotAdvice := said(got)
	for _, c := range []struct {
		what      string
		want, got []string
	}{{"cells", wantCells, gotCells}, {"verdicts", wantVerdicts, gotVerdicts}, {"advice", wantAdvice, gotAdvice}} {
		if !slices.Equal(c.want, c.got) || len(c.want) == 0 {
			t.Errorf("%d %s of the whole, %d of the shards: %q", len(c.want), c.what, len(c.got), firstDifference(c.want, c.got))
		}
	}

	// Without one of them its units are what is missing.
	less, err := analyze.Merge(shards[:4], names[:4])
	if err != nil {
		t.Fatal(err)
	}
	mine, _ := plan.Shard{Index: 3, Of: 5}.Cut(units)
	missing := less.Missing()
	if len(missing) != len(mine) {
		t.Errorf("it lacks %+v, want the %d units of shard 3", missing, len(mine))
	}
	for i, m := range missing {
		if m.Shard != 3 || m.ID != mine[i].ID || m.Lacks != len(mine[i].Cells) {
			t.Errorf("it lacks %+v", m)
		}
	}
	// And the last one makes it whole.
	if again, err := analyze.Merge([]*result.Result{less, shards[4]}, []string{"1245.json", "3.json"}); err != nil || again.Shard != nil || len(again.Cells) != len(want.Cells) {
		t.Errorf("with the last one: %v", err)
	}
}

// firstDifference returns the first place where two lists are not the same.
func firstDifference(a, b []string) [2]string {
	for i := range max(len(a), len(b)) {
		at := func(s []string) string {
			if i < len(s) {
				return s[i]
			}
			return "nothing"
		}
		if at(a) != at(b) {
			return [2]string{at(a), at(b)}
		}
	}
	return [2]string{}
}
