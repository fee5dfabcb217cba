package measure

import (
	"maps"
	"testing"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// gateSim gates two builds of which new takes so much longer, and returns the
// checks and what was recorded.
func gateSim(t *testing.T, s *sim, longer float64, limits result.Limits) ([]result.Check, *journal.Log) {
	t.Helper()
	if s.noise == 0 {
		s.noise = 0.02
	}
	s.cost = func(c result.Cell) time.Duration {
		if c.Build == result.SideNew {
			return time.Duration((1 + longer) * 1e5)
		}
		return 1e5
	}
	plan := simPlan()
	plan.Matrix["codec"], plan.Matrix["runner"] = []string{"fast"}, []string{"single"}
	e := simEngine(t, s, plan)
	e.Progress = s.progress
	h := e.Journal.Log.Header
	name := h.Cells[0].Name()
	h.Cells, h.Verdicts = result.BothSides(h.Cells), true
	h.Arms = []journal.Arm{{Name: result.SideOld}, {Name: result.SideNew}}
	h.Limits = map[string]result.Limits{name: limits}
	e.Journal = &journal.Journal{}
	if err := e.Journal.Append(journal.Record{Header: &h}); err != nil {
		t.Fatal(err)
	}
	if err := s.run(t.Context(), e, 60e9); err != nil {
		t.Fatal(err)
	}
	r := analyze.Derive(&e.Journal.Log, e.Registry)
	for _, c := range r.Checks {
		if c.Cell != name {
			t.Fatalf("a check of %s, want %s only", c.Cell, name)
		}
	}
	return r.Checks, &e.Journal.Log
}

// Progress tells what is decided, and what will be by the end.
func TestGateTellsWhatItWillSee(t *testing.T) {
	s := newSim()
	var known []Known
	s.progress = func(p Progress) { known = append(known, p.Known) }
	gateSim(t, s, 0.03, result.Limits{result.MetricTime: 0.03}) // undecided to the end
	visible := 0.0
	for i, k := range known {
		if k.Decided != 0 || k.Leader != nil || k.Asked > 1 {
			t.Fatalf("step %d: %+v, want an open comparison of one", i, k)
		}
		if visible == 0 {
			visible = k.Visible
		}
	}
	last := known[len(known)-1]
	if visible <= 0 || visible > 0.03 || last.Visible <= 0 || last.Visible > 2*visible || last.Visible < visible/3 {
		t.Errorf("after the first rounds %v will be told by the end, at the end %v: want about the same, within the noise", visible, last.Visible)
	}
}

// A bench tells which cell of the group at work leads.
func TestProgressTellsWhoLeads(t *testing.T) {
	s := newSim()
	s.cost = func(c result.Cell) time.Duration {
		if c.Codec == "fast" && c.Runner == "pool" {
			return 80 * time.Microsecond
		}
		return 100 * time.Microsecond
	}
	e := simEngine(t, s, simPlan())
	last := map[string]string{} // by group
	e.Progress = func(p Progress) {
		if p.Leader != nil {
			last[p.Leader.Group()] = p.Leader.Name()
		}
	}
	if err := s.run(t.Context(), e, 5*time.Second); err != nil {
		t.Fatal(err)
	}
	best := map[string]string{}
	for _, c := range analyze.Derive(&e.Journal.Log, e.Registry).Cells {
		if c.VsBest != nil && c.VsBest.Est == 1 {
			best[c.Group()] = c.Name
		}
	}
	if len(last) == 0 || !maps.Equal(last, best) {
		t.Errorf("%v led last, want %v", last, best)
	}
}

// The engine measures until it is clear on which side of the limit a cell is, and
// no longer: what is called slower at once may have to go on, and the other way
// round.
func TestGateStopsAtItsLimit(t *testing.T) {
	for _, c := range []struct {
		longer, limit float64
		want          string
	}{
		{0.05, 0.03, result.OutcomeRegression},
		{0, 0.03, result.OutcomePass},
		{-0.2, 0.03, result.OutcomePass},
		{0.02, 0.03, result.OutcomePass}, // slower, within the limit
		{0.20, 0.10, result.OutcomeRegression},
	} {
		checks, log := gateSim(t, newSim(), c.longer, result.Limits{result.MetricTime: c.limit})
		check, took := checks[0], log.Elapsed
		if check.Outcome != c.want || took >= 50e9 {
			t.Errorf("%+.0f %% against %.0f %%: %s after %d s, want %s in less than the budget", 100*c.longer, 100*c.limit, check.Outcome, took/1e9, c.want)
		}
	}
	checks, log := gateSim(t, newSim(), 0.03, result.Limits{result.MetricTime: 0.03})
	near, long := checks[0], log.Elapsed
	if near.Outcome != result.OutcomeUndecided || long < 50e9 || near.MoreNS == nil && near.Change.Est > 1.04 {
		t.Errorf("at the limit: %s after %d s, want undecided and the whole budget", near.Outcome, long/1e9)
	}
}

// Times that are clear at once do not end a gate whose p99 is not, and a gate
// without a limit on times does not wait for them.
func TestGateGoesOnForOtherLimits(t *testing.T) {
	s := newSim()
	s.onSlice = func(c result.Cell, fork int, sample *worker.Sample) error {
		for i := range sample.TaskNS {
			sample.TaskNS[i] *= 10
			if c.Build == result.SideNew {
				sample.TaskNS[i] += sample.TaskNS[i] / 10 * int64(fork%2)
			}
		}
		return nil
	}
	checks, log := gateSim(t, s, 0, result.Limits{result.MetricTime: 0.5, result.MetricP99: 0.12})
	if len(checks) != 2 || checks[0].Outcome != result.OutcomePass || checks[1].Outcome != result.OutcomePass {
		t.Errorf("checks %+v, want both passed", checks)
	}
	if n := len(log.Cells[0].Forks); n <= analyze.MinPairs || log.Elapsed >= 50e9 {
		t.Errorf("%d rounds in %d s, want more than the %d that decide the time, and less than the budget", n, log.Elapsed/1e9, analyze.MinPairs)
	}
	s = newSim()
	s.noise = 1
	_, log = gateSim(t, s, 0, result.Limits{result.MetricRSS: 0.1})
	if n := len(log.Cells[0].Forks); n != analyze.MinPairs {
		t.Errorf("%d rounds where only RSS is gated, which is the same always, want %d", n, analyze.MinPairs)
	}
}
