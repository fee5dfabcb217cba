package analyze

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// groupsOf is a log of groups at levels 1, 2, 3 ... with so many cells each.
func groupsOf(groups, cells int) *journal.Log {
	log := &journal.Log{Header: journal.Header{Delta: LeadDelta}, Elapsed: 10e9}
	for level := range groups {
		for i := range cells {
			log.Cells = append(log.Cells, journal.CellLog{Facts: &worker.Ready{PassNS: 1},
				Cell: result.Cell{Scenario: "s", Codec: fmt.Sprint("codec", i), Runner: "single", Workers: 1, Level: level + 1}})
		}
	}
	return log
}

// Each group of a bench is a question of its own; two programs are one question.
func TestFamilies(t *testing.T) {
	log := groupsOf(2, 4)
	all := make([][]forkFigures, len(log.Cells))
	for i := range all {
		for fork := range 10 {
			wobble := 1 + 0.001*float64((fork+i)%3)
			all[i] = append(all[i], forkFigures{fork: fork, turns: turnsOf(float64(100+10*(i%4))*wobble, 100+10*float64(i%4))})
		}
	}
	for _, c := range []struct {
		verdicts bool
		family   float64
	}{{false, 6}, {true, 12}} {
		log.Header.Verdicts = c.verdicts
		strictest := 0.0
		for _, v := range Comparisons(log, all) {
			strictest = max(strictest, v.TimeRatio.Confidence)
		}
		if want := 1 - FamilyError/c.family; !near(strictest, want) {
			t.Errorf("verdicts %v: the strictest of two groups of four has confidence %v, want %v", c.verdicts, strictest, want)
		}
	}
}

// Ten equal cells, looked at after each of up to 16 rounds on a machine that drifts: the
// group as a whole must be wrong in at most 5 %, and hardly ever name a leader.
func TestGroupsOfEquals(t *testing.T) {
	groups := 60
	if testing.Short() {
		groups = 15
	}
	for _, c := range noises {
		rng := rand.New(rand.NewPCG(15, 16))
		wrong, led := 0, 0
		for range groups {
			w, l := groupOfEquals(rng, c.turn)
			wrong, led = wrong+w, led+l
		}
		n := float64(groups)
		t.Logf("%-34s %5.2f %% of groups wrong, %5.2f %% name a leader", c.name, 100*float64(wrong)/n, 100*float64(led)/n)
		if bound := FamilyError + 3.1*math.Sqrt(FamilyError*(1-FamilyError)/n); float64(wrong)/n > bound {
			t.Errorf("%s: %d of %d groups of equals wrong, want at most 5 %%", c.name, wrong, groups)
		}
	}
}

// groupOfEquals reports whether one such group ever called a cell faster than another, and
// whether one was faster than all others. 1 is yes.
func groupOfEquals(rng *rand.Rand, draw func(*rand.Rand, *float64) float64) (wrong, led int) {
	const cells, rounds, turns = 10, 16, 6
	log, all := groupsOf(1, cells), make([][]forkFigures, cells)
	states := make([]float64, cells)
	drift := 0.0
	for round := range rounds {
		machine := make([]float64, turns)
		for k := range machine {
			drift += 0.02 * rng.NormFloat64()
			machine[k] = drift
		}
		for i := range all {
			f, own := forkFigures{fork: round}, 0.01*rng.NormFloat64()
			for range 5 { // starting a round takes as long as some turns
				draw(rng, &states[i])
			}
			for k := range turns {
				f.turns = append(f.turns, turnFigures{turn: k, log: machine[k] + own + draw(rng, &states[i])})
			}
			all[i] = append(all[i], f)
		}
		if n := round + 1; n < 3 || n > 9 && n%3 != 0 {
			continue
		}
		beats := make(map[string]int)
		for _, v := range Comparisons(log, all) {
			switch v.Verdict {
			case result.VerdictFaster:
				beats[v.New]++
			case result.VerdictSlower:
				beats[v.Old]++
			}
		}
		for _, n := range beats {
			wrong = 1
			if n == cells-1 {
				led = 1
			}
		}
	}
	return wrong, led
}
