package history_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zstdshop/harness/result"
	"zstdshop/history"
	"zstdshop/stats"
)

// savedResult is a saved result of one cell, made n days after the first.
func savedResult(n int, machine string, ns float64) *result.Result {
	lo, hi, ratio, rss := ns*0.98, ns*1.02, 3.5, int64(1<<20)
	corpus, codec := "logs", "klauspost"
	c := result.CellResult{Cell: result.Cell{Scenario: "compress", Corpus: corpus, Codec: codec, Runner: "single", Workers: 1}, Status: result.StatusOK, NSPerOp: &result.Interval{Est: ns, Lo: &lo, Hi: &hi}, Ratio: &ratio, PeakRSSBytes: &rss, LatencyUS: &result.Latency{P99: 12.5}}
	c.Name = c.Cell.Name()
	failed := result.CellResult{Name: "failed", Status: result.StatusFailed, NSPerOp: &result.Interval{Est: 1}}
	r := &result.Result{Cells: []result.CellResult{c, failed}}
	r.Machine.Fingerprint, r.Machine.CPU = machine, "A CPU of "+machine
	r.Build.Commit, r.Build.Go = fmt.Sprintf("%040x", n+1), "go1.26"
	r.Build.Libraries = map[string]string{"klauspost": "v1", "datadog": "v2"}
	r.Plan.Started = time.Date(2026, 1, 1, 0, 0, 0, 123e6, time.UTC).AddDate(0, 0, n)
	r.Plan.Method = "m4"
	return r
}

func run(t testing.TB, n int, machine string, ns float64) history.Run {
	t.Helper()
	runs, err := history.FromResult(savedResult(n, machine, ns), history.Origin{Branch: "main"})
	if err != nil {
		t.Fatal(err)
	}
	return runs[0]
}

// suite is what every kind of store must do. open returns one that is empty.
func suite(t *testing.T, open func(t *testing.T) *history.Store) {
	ctx := context.Background()
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Run("gives back what was added, once, oldest first", func(t *testing.T) {
		s := open(t)
		var want []history.Run
		for _, n := range []int{2, 0, 1} {
			r := run(t, n, "m", 100+float64(n)/3)
			for i := range 2 {
				added, err := s.Add(ctx, r)
				must(t, err)
				if added != (i == 0) {
					t.Errorf("run %d added %v at time %d", n, added, i)
				}
			}
			want = append(want, r)
		}
		slices.SortFunc(want, func(a, b history.Run) int { return a.Started.Compare(b.Started) })
		got, err := s.Runs(ctx, history.Filter{})
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-added +read:\n%s", diff)
		}
		if len(got[0].Figures) != 4 {
			t.Errorf("%d figures, want time, ratio, memory and p99 of the cell that is ok", len(got[0].Figures))
		}
	})
	t.Run("keeps machines and metrics apart", func(t *testing.T) {
		s := open(t)
		for n := range 3 {
			for _, m := range []string{"a", "b"} {
				_, err := s.Add(ctx, run(t, n, m, 100))
				must(t, err)
			}
		}
		series, err := s.Series(ctx, history.Filter{Metric: "ns_per_op"})
		must(t, err)
		if len(series) != 2 {
			t.Fatalf("%d series of one cell on two machines, want 2", len(series))
		}
		for _, one := range series {
			if len(one.Points) != 3 || one.Metric != "ns_per_op" || one.Points[0].Commit != fmt.Sprintf("%040x", 1) || *one.Points[0].Lo != 98 {
				t.Errorf("series %+v", one)
			}
		}
		for filter, want := range map[history.Filter]int{
			{Machine: "a"}: 4, {Cell: "codec=klauspost"}: 8, {Cell: "nothing"}: 0, {Branch: "main"}: 8, {Branch: "other"}: 0, {Metric: "ratio", Machine: "b"}: 1,
		} {
			series, err := s.Series(ctx, filter)
			must(t, err)
			if len(series) != want {
				t.Errorf("%+v: %d series, want %d", filter, len(series), want)
			}
		}
	})
	t.Run("orders by commit and keeps branches apart", func(t *testing.T) {
		s := open(t)
		day := func(n int) time.Time { return time.Date(2025, 1, 1+n, 0, 0, 0, 0, time.UTC) }
		for n, origin := range []history.Origin{
			{Commit: "second", Branch: "main", Committed: day(2)}, {Commit: "other", Branch: "topic", Committed: day(1)},
			{Commit: "first", Branch: "main", Committed: day(1)}, {Branch: "main"}, // which goes by when it ran
		} {
			r, err := history.FromResult(savedResult(n, "m", 100), origin)
			must(t, err)
			_, err = s.Add(ctx, r[0])
			must(t, err)
		}
		series, err := s.Series(ctx, history.Filter{Metric: "ns_per_op"})
		must(t, err)
		if len(series) != 2 || len(series[0].Points) != 3 {
			t.Fatalf("%d series of two branches", len(series))
		}
		kept, others := history.OfDefaultBranch(series)
		if len(kept) != 1 || kept[0].Branch != "main" || !slices.Equal(others, []string{"topic"}) {
			t.Errorf("by itself %v is shown, others are %v", kept, others)
		}
		var order []string
		for _, p := range kept[0].Points {
			order = append(order, p.Commit[:min(6, len(p.Commit))])
		}
		if !slices.Equal(order, []string{"first", "second", "000000"}) {
			t.Errorf("the order is %v", order)
		}
		runs, err := s.Runs(ctx, history.Filter{})
		must(t, err)
		if !runs[0].Committed.Equal(day(2)) || !runs[3].Committed.IsZero() {
			t.Errorf("commits of %v and %v", runs[0].Committed, runs[3].Committed)
		}
	})
	t.Run("compares no level across data", func(t *testing.T) {
		s := open(t)
		for n := range 30 {
			r := savedResult(n, "m", 100+float64(n*7%5)/10)
			r.Cells[0].ItemsDigest = "old"
			if n >= 12 {
				r.Cells[0].ItemsDigest = "new"
				r.Cells[0].NSPerOp.Est *= 1.5
			}
			one, err := history.FromResult(r, history.Origin{Branch: "main"})
			must(t, err)
			_, err = s.Add(ctx, one[0])
			must(t, err)
		}
		series, err := s.Series(ctx, history.Filter{Metric: "ns_per_op"})
		must(t, err)
		if changes := series[0].Changes(stats.ChangeOptions{}); len(changes) != 0 {
			t.Errorf("a change between two data: %+v", changes)
		}
		parts, marks := series[0].Parts(), series[0].Breaks()
		if len(parts) != 2 || len(parts[1].Points) != 18 || len(marks) != 1 || marks[0].First.Commit != fmt.Sprintf("%040x", 13) {
			t.Errorf("parts %d, marks %+v", len(parts), marks)
		}
		var text strings.Builder
		must(t, history.WriteTable(&text, series, stats.ChangeOptions{MinSize: 0.01}, true))
		if !strings.Contains(text.String(), "other data, or another sample of them, from commit 000000000000 of 2026-01-13") {
			t.Errorf("the table does not say where the data changed:\n%s", text.String())
		}
	})
	t.Run("compares no time across methods", func(t *testing.T) {
		s := open(t)
		for n := range 30 {
			r := savedResult(n, "m", 100+float64(n*7%5)/10)
			if n >= 12 {
				r.Plan.Method = "m7"
				r.Cells[0].NSPerOp.Est *= 1.5
				*r.Cells[0].Ratio *= 1.5
			}
			one, err := history.FromResult(r, history.Origin{Branch: "main"})
			must(t, err)
			_, err = s.Add(ctx, one[0])
			must(t, err)
		}
		for metric, want := range map[string]int{"ns_per_op": 0, "ratio": 1} {
			series, err := s.Series(ctx, history.Filter{Metric: metric})
			must(t, err)
			if changes, breaks := series[0].Changes(stats.ChangeOptions{}), series[0].Breaks(); len(changes) != want || len(breaks) != 1-want {
				t.Errorf("%s: changes %+v, breaks %+v", metric, changes, breaks)
			}
			var text strings.Builder
			must(t, history.WriteTable(&text, series, stats.ChangeOptions{MinSize: 0.01}, true))
			if said := strings.Contains(text.String(), "measured by method m7, no longer m4, from commit 000000000000 of 2026-01-13"); said != (want == 0) {
				t.Errorf("%s: the table says where the method changed: %v\n%s", metric, said, text.String())
			}
		}
	})
	t.Run("prunes by age and keeps the newest", func(t *testing.T) {
		s := open(t)
		for n := range 10 {
			_, err := s.Add(ctx, run(t, n, "m", 100))
			must(t, err)
		}
		_, err := s.Add(ctx, run(t, 0, "idle", 100))
		must(t, err)
		removed, err := s.Prune(ctx, run(t, 8, "m", 1).Started, 3)
		must(t, err)
		left, err := s.Runs(ctx, history.Filter{})
		must(t, err)
		if removed != 7 || len(left) != 4 || len(left[0].Figures) == 0 {
			t.Errorf("%d removed, %d left; want 7 and 4: the newest 3 of m, the only one of idle", removed, len(left))
		}
	})
	t.Run("refuses what was damaged on its way", func(t *testing.T) {
		s := open(t)
		for name, damage := range map[string]func(*history.Run){
			"another value": func(r *history.Run) { r.Figures[0].Est++ },
			"no figures":    func(r *history.Run) { r.Figures = nil },
			"no machine":    func(r *history.Run) { r.Machine = "" },
			"no time":       func(r *history.Run) { r.Started = time.Time{} },
			"a metric":      func(r *history.Run) { r.Figures[0].Metric = "speed" },
		} {
			r := run(t, 1, "m", 100)
			damage(&r)
			if _, err := s.Add(ctx, r); err == nil {
				t.Errorf("%s: was added", name)
			}
		}
		got, err := s.Runs(ctx, history.Filter{})
		must(t, err)
		if len(got) != 0 {
			t.Errorf("%d runs are there", len(got))
		}
	})
	t.Run("a run survives its JSON form", func(t *testing.T) {
		s := open(t)
		r := run(t, 3, "m|<script>\x1b[31m", 1.0/3)
		text, err := json.Marshal(r)
		must(t, err)
		var back history.Run
		must(t, json.Unmarshal(text, &back))
		_, err = s.Add(ctx, back)
		must(t, err)
		got, err := s.Runs(ctx, history.Filter{})
		must(t, err)
		if diff := cmp.Diff([]history.Run{r}, got); diff != "" {
			t.Errorf("-made +read:\n%s", diff)
		}
	})
	t.Run("finds where a level changed", func(t *testing.T) {
		s := open(t)
		for n := range 30 {
			ns := 100 + float64(n*7%5)/10
			if n >= 18 {
				ns *= 1.08
			}
			if n == 7 {
				ns *= 1.5 // a spike
			}
			_, err := s.Add(ctx, run(t, n, "m", ns))
			must(t, err)
		}
		series, err := s.Series(ctx, history.Filter{Metric: "ns_per_op"})
		must(t, err)
		changes := series[0].Changes(stats.ChangeOptions{})
		if len(changes) != 1 || changes[0].Index != 18 || !changes[0].Worse || changes[0].Last.Commit != fmt.Sprintf("%040x", 18) || changes[0].First.Commit != fmt.Sprintf("%040x", 19) {
			t.Errorf("changes %+v, want one at 18, worse, after the 18th commit", changes)
		}
	})
}

func TestSQLite(t *testing.T) {
	suite(t, func(t *testing.T) *history.Store {
		s, err := history.Open(context.Background(), filepath.Join(t.TempDir(), "a ?%#b", "history.db"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	})
}

// A result of several machines is a run of each, with what is known of that machine, and
// its cells have the names that they have in a result of one.
func TestFromResultOfSeveralHosts(t *testing.T) {
	r := savedResult(0, "", 100)
	for i, name := range []string{"a", "b"} {
		h := result.Host{Name: name, Build: r.Build}
		h.Machine.Fingerprint, h.Machine.CPU = "print of "+name, "CPU of "+name
		h.Build.Go = "go of " + name
		r.Hosts = append(r.Hosts, h)
		c := r.Cells[0]
		c.Host, c.NSPerOp = name, &result.Interval{Est: float64(100 + i)}
		c.Name = c.Cell.Name()
		r.Cells = append(r.Cells, c)
	}
	r.Cells = r.Cells[2:]
	runs, err := history.FromResult(r, history.Origin{Branch: "main"})
	if err != nil || len(runs) != 2 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	plain := run(t, 0, "m", 100)
	for i, name := range []string{"a", "b"} {
		got := runs[i]
		if got.Machine != "print of "+name || got.Host != "CPU of "+name || got.Go != "go of "+name {
			t.Errorf("the run of %s is of machine %s, %s, %s", name, got.Machine, got.Host, got.Go)
		}
		if f := got.Figures[0]; f.Cell != plain.Figures[0].Cell || f.Est != float64(100+i) {
			t.Errorf("the run of %s has %s at %v", name, f.Cell, f.Est)
		}
	}
	if runs[0].ID == runs[1].ID {
		t.Error("two machines have one run")
	}
}

func TestFromResultRefuses(t *testing.T) {
	r := savedResult(0, "m", 1)
	r.Cells[0].Status = result.StatusFailed
	if _, err := history.FromResult(r, history.Origin{}); err == nil {
		t.Error("a result without figures was taken")
	}
	sides := savedResult(0, "m", 1)
	sides.Sides = &result.TwoSides{Old: "a", New: "b"}
	if _, err := history.FromResult(sides, history.Origin{}); err == nil {
		t.Error("a comparison was taken")
	}
}
