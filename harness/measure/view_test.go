package measure

import (
	"testing"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// A cell that is surely behind, by a figure that is good enough, leaves the time to those
// that cannot be told apart yet.
func TestEngineLeavesTimeToContenders(t *testing.T) {
	s := newSim()
	s.noise = 0.2
	s.cost = func(c result.Cell) time.Duration {
		if c.Codec == "slow" {
			return 150 * time.Microsecond
		}
		return 100 * time.Microsecond
	}
	p := simPlan()
	p.Matrix["runner"] = []string{"single", "one"}
	p.Precision = 0.015
	e := simEngine(t, s, p)
	e.Journal.Log.Header.Delta = 1e-6 // none of them are equivalent
	if err := s.run(t.Context(), e, 60*time.Second); err != nil {
		t.Fatal(err)
	}
	forks := map[string][]int{}
	for _, c := range e.Journal.Log.Cells {
		forks[c.Cell.Codec] = append(forks[c.Cell.Codec], len(c.Forks))
	}
	if forks["slow"][0] < analyze.MinPairs || forks["fast"][0] < 2*forks["slow"][0] || forks["fast"][0] != forks["fast"][1] {
		t.Errorf("forks %v: want those of slow to end early and those of fast to go on together", forks)
	}
	for _, c := range analyze.Derive(&e.Journal.Log, e.Registry).Cells {
		want := 1.0
		if c.Codec == "slow" {
			want = 1.5
		}
		if c.VsBest == nil || !within(c.VsBest.Est, want, 0.03) || *c.VsBest.Lo > c.VsBest.Est || c.VsBest.Est > *c.VsBest.Hi {
			t.Errorf("%s: %+v vs best, want %v", c.Name, c.VsBest, want)
		}
	}
}

// Groups share the time, whatever a round of each takes.
func TestEngineSharesTimeBetweenGroups(t *testing.T) {
	s := newSim()
	s.noise = 0.5
	s.cost = func(c result.Cell) time.Duration {
		return 20 * time.Microsecond * time.Duration(c.Level*c.Level)
	}
	p := simPlan()
	p.Matrix["level"] = []string{"1", "5"}
	p.Precision = 1e-9
	e := simEngine(t, s, p)
	if err := s.run(t.Context(), e, 60*time.Second); err != nil {
		t.Fatal(err)
	}
	log := &e.Journal.Log
	a, b := timeSpent(log, log.Schedule.Groups[0]), timeSpent(log, log.Schedule.Groups[1])
	if a < 20*time.Second || !within(float64(a), float64(b), 0.15) {
		t.Errorf("groups had %v and %v of 60 s, want half each", a, b)
	}
	if x, y := len(log.Cells[0].Forks), len(log.Cells[len(log.Cells)-1].Forks); x == y {
		t.Errorf("%d and %d forks though rounds take other times: the test shows nothing", x, y)
	}
}

// Where there is a reference a cell is told when it is by that one.
func TestEngineHoldsAgainstTheReference(t *testing.T) {
	s := newSim()
	s.noise = 0.2
	s.cost = costByName(map[string]float64{"fast": 100, "slow": 300})
	p := simPlan()
	p.Matrix["runner"] = []string{"single"}
	e := simEngine(t, s, p)
	reference := e.Journal.Log.Cells[1].Cell
	e.Journal.Log.Header.Plan.Reference = reference.Name()
	if err := s.run(t.Context(), e, 20*time.Second); err != nil {
		t.Fatal(err)
	}
	r := analyze.Derive(&e.Journal.Log, e.Registry)
	if c := r.Cells[0]; c.VsReference == nil || !within(c.VsReference.Est, 1.0/3, 0.03) || !within(c.VsBest.Est, 1, 1e-9) {
		t.Errorf("%s: %+v vs reference, %+v vs best", c.Name, c.VsReference, c.VsBest)
	}
	if c := r.Cells[1]; c.VsReference == nil || c.VsReference.Est != 1 || !within(c.VsBest.Est, 3, 0.03) {
		t.Errorf("%s: %+v vs reference, %+v vs best", c.Name, c.VsReference, c.VsBest)
	}
}
