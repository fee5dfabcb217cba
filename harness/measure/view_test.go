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
	p := simEquals()
	p.Precision = 0.015
	e := simEngine(t, s, p)
	e.Journal.Log.Header.Delta = neverEqual
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

// Who leads is asked first: what is surely behind waits with its figure until that is
// told, but not for good where it never is.
func TestEngineAsksWhoLeadsFirst(t *testing.T) {
	for _, c := range []struct {
		name    string
		gap     float64 // of the second to the first
		budget  time.Duration
		alone   bool // those two have more turns than the third
		answers bool
	}{
		{"a gap that many turns show", 1.02, 20 * time.Second, true, true},
		{"a gap that shows at once", 1.4, 20 * time.Second, false, true},
		{"none", 1, 120 * time.Second, true, false},
	} {
		s := newSim()
		s.noise = 0.2
		s.cost = func(cell result.Cell) time.Duration {
			us := 150.0
			if cell.Codec == "fast" {
				us = 100
				if cell.Runner == "one" {
					us *= c.gap
				}
			}
			return time.Duration(us * float64(time.Microsecond))
		}
		p := simEquals()
		p.Precision = 1e-9 // no figure is good enough
		e := simEngine(t, s, p)
		e.Journal.Log.Header.Delta = neverEqual
		if err := s.run(t.Context(), e, c.budget); err != nil {
			t.Fatal(err)
		}
		log := &e.Journal.Log
		turns, answered := map[string]int{}, true
		v := viewOf(log, e.Registry)
		for i, l := range log.Cells {
			turns[l.Cell.Codec+"/"+l.Cell.Runner] = v.turns(i)
			answered = answered && (v.relatives[i].Against == i || v.placed(i))
		}
		contender, slow := turns["fast/single"], turns["slow/single"]
		if answered != c.answers || turns["fast/one"] != contender || (contender > slow) != c.alone || contender > (aloneMost+2)*slow {
			t.Errorf("%s: turns %v, answered %t", c.name, turns, answered)
		}
	}
}

// The rounds that all cells need for a verdict take half of the time, whatever the budget
// holds: the other half is for those that cannot be told apart by then.
func TestEngineOpensWithShortRounds(t *testing.T) {
	s := newSim()
	s.noise = 0.5
	e := simEngine(t, s, simEquals())
	e.Journal.Log.Header.Delta = neverEqual
	if err := s.run(t.Context(), e, 6*time.Second); err != nil {
		t.Fatal(err)
	}
	log := &e.Journal.Log
	first, all := time.Duration(0), timeSpent(log, log.Schedule.Groups[0])
	for _, c := range log.Cells {
		for _, f := range c.Forks[:analyze.MinPairs] {
			first += time.Duration(f.Spent.Fixed() + f.Spent.Turns)
		}
	}
	if share := first.Seconds() / all.Seconds(); !within(share, opening, 0.15) {
		t.Errorf("the first %d rounds took %.2f of the time, want %v", analyze.MinPairs, share, opening)
	}
	if turns := len(log.Cells[0].Forks[0].Turn); turns >= minTurns {
		t.Errorf("rounds began with %d turns: the budget holds them all, and the test shows nothing", turns)
	}
}

// A group that does not know its leader has most of the time, and not all of it.
func TestEngineGivesTimeToOpenGroups(t *testing.T) {
	s := newSim()
	s.noise = 0.2
	s.cost = func(cell result.Cell) time.Duration {
		us := 100.0
		if cell.Level == 5 && cell.Codec == "slow" {
			us = 200 // the one group is told at once
		}
		return time.Duration(us * float64(time.Microsecond))
	}
	p := simPlan()
	p.Matrix["runner"], p.Matrix["level"] = []string{"single"}, []string{"3", "5"}
	p.Precision = 1e-9
	e := simEngine(t, s, p)
	e.Journal.Log.Header.Delta = neverEqual
	if err := s.run(t.Context(), e, 120*time.Second); err != nil {
		t.Fatal(err)
	}
	had := map[int]time.Duration{}
	for _, g := range e.Journal.Log.Schedule.Groups {
		had[e.Journal.Log.Cells[g.Cells[0]].Cell.Level] = timeSpent(&e.Journal.Log, g)
	}
	if most := float64(had[3]) / float64(had[5]); !within(most, aloneMost, 0.15) {
		t.Errorf("%v for the group of equals, %v for the other: want %d times as much for the open question", had[3], had[5], aloneMost)
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
