package measure

import (
	"fmt"
	"math"
	"testing"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
)

const ms = time.Millisecond

func TestBestTurns(t *testing.T) {
	even := analyze.Spread{Fork: 1e-6, Turn: 1e-2}
	for _, c := range []struct {
		name        string
		had         []int
		fixed, turn time.Duration
		cells       int
		left        time.Duration
		spread      analyze.Spread
		least, most int
	}{
		{"first rounds are short", nil, 80 * ms, 10 * ms, 2, time.Minute, even, minTurns, minTurns},
		{"later ones grow, a little at a time", []int{15}, 80 * ms, 10 * ms, 2, time.Minute, even, 18, 19},
		{"as far as starting workers costs more than forks differ", []int{100}, 80 * ms, 10 * ms, 2, time.Minute, even, 80, 130},
		{"and no further where forks differ", []int{100}, 80 * ms, 10 * ms, 2, time.Minute, analyze.Spread{Fork: 1e-2, Turn: 1e-2}, minTurns, 20},
		{"long turns: no more of them than a second holds", []int{100}, 80 * ms, 100 * ms, 2, time.Hour, even, 20, 20},
		{"rounds as short as those before, where that was needed", []int{4, 4, 4}, 400 * ms, 150 * ms, 6, 8 * time.Second, even, 2, 8},
		{"a small budget: as many as leave enough rounds", nil, 400 * ms, 40 * ms, 4, 6 * time.Second, even, 1, 6},
		{"none for enough rounds: the shortest", nil, 400 * ms, 40 * ms, 4, time.Second, even, 1, 1},
		{"nothing left", []int{15, 15}, 400 * ms, 40 * ms, 4, 0, even, 1, 1},
		{"turns of no length", nil, 0, 0, 2, time.Second, even, minTurns, minTurns},
	} {
		if got := bestTurns(c.had, c.fixed, c.turn, c.cells, c.left, c.spread); got < c.least || got > c.most {
			t.Errorf("%s: %d turns, want %d to %d", c.name, got, c.least, c.most)
		}
	}
}

// The rounds that are planned leave room for as many as a verdict takes.
func TestBestTurnsLeaveRoomForVerdicts(t *testing.T) {
	for _, budget := range []time.Duration{2 * time.Second, 5 * time.Second, 20 * time.Second} {
		const fixed, turn = 150 * ms, 12 * ms
		var had []int
		for left := budget; ; {
			n := bestTurns(had, fixed, turn, 2, left, analyze.Spread{Fork: 1e-5, Turn: 1e-2})
			takes := fixed + time.Duration(n)*turn
			if takes > left {
				break
			}
			had, left = append(had, n), left-takes
		}
		if len(had) < analyze.MinPairs {
			t.Errorf("budget %v: rounds of %v turns, want at least %d", budget, had, analyze.MinPairs)
		}
	}
}

// logOfRounds is a log of one group of cells with forks of so many turns each, every
// slice at perTask.
func logOfRounds(cells, rounds, turns int, each func(cell, round int, f *result.Fork)) *journal.Log {
	log := &journal.Log{Schedule: &journal.Schedule{Groups: []journal.GroupSchedule{{TurnNS: int64(ms), FixedNS: int64(10 * ms)}}}}
	g := &log.Schedule.Groups[0]
	for i := range cells {
		g.Cells, g.Warm = append(g.Cells, i), append(g.Warm, 10)
		c := journal.CellLog{Cell: result.Cell{Runner: fmt.Sprint(i), Workers: 1}}
		for round := range rounds {
			f := result.NewFork(round)
			f.Warmup, f.Spent = 10, &result.Spent{}
			for turn := range turns {
				f.Turn, f.First, f.Tasks = append(f.Turn, turn), append(f.First, 0), append(f.Tasks, 10)
				f.WallNS, f.CPUNS = append(f.WallNS, 1e6), append(f.CPUNS, 1e6)
				f.IdleNS, f.WaitNS = append(f.IdleNS, 0), append(f.WaitNS, 0)
				f.Collect, f.CollectBefore = append(f.Collect, 0), append(f.CollectBefore, 0)
			}
			f.RunIn = []int64{1e6, 1e6}
			if each != nil {
				each(i, round, &f)
			}
			c.Forks = append(c.Forks, f)
		}
		log.Cells = append(log.Cells, c)
	}
	return log
}

// What a round takes is seen from the rounds before it, and one in a slow second
// counts no more than another.
func TestRoundCostsAreOfTheRounds(t *testing.T) {
	log := logOfRounds(2, 5, 20, func(_, round int, f *result.Fork) {
		f.Spent.Start, f.Spent.End, f.Spent.Turns = int64(20*ms), int64(5*ms), int64(20*6*ms)
		if round == 1 {
			f.Spent.Start, f.Spent.Turns = int64(time.Second), int64(time.Minute)
		}
	})
	g := log.Schedule.Groups[0]
	if fixed, turn := roundCosts(log, g, g.Cells); fixed != 50*ms || turn != 12*ms {
		t.Errorf("%v and %v a turn, want 50 ms and 12 ms: of both cells", fixed, turn)
	}
	for i := range log.Cells {
		log.Cells[i].Forks = nil
	}
	if fixed, turn := roundCosts(log, g, g.Cells); fixed != 10*ms || turn != ms {
		t.Errorf("%v and %v a turn before the first round, want what the pilot run said", fixed, turn)
	}
}

// A warm-up that proves too short is doubled, for both builds of a cell, up to a bound;
// other cells keep theirs.
func TestNextWarmUps(t *testing.T) {
	cold := func(cell, _ int, f *result.Fork) {
		if cell == 0 {
			for i := range f.WallNS {
				f.WallNS[i] = 1.2e6
			}
		}
	}
	log := logOfRounds(3, 8, 15, cold)
	log.Cells[1].Cell = log.Cells[0].Cell
	log.Cells[0].Cell.Build, log.Cells[1].Cell.Build = result.SideOld, result.SideNew
	want := func(what string, want ...int) {
		t.Helper()
		if got := nextWarmUps(log, log.Schedule.Groups[0]); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v tasks, want %v", what, got, want)
		}
	}
	want("slices of the first take 1.2 times what its run-in does", 20, 20, 10)
	again := func(warm int) {
		for i := range 2 {
			for k := range 8 {
				f := log.Cells[i].Forks[k]
				f.Fork, f.Warmup = len(log.Cells[i].Forks), warm
				log.Cells[i].Forks = append(log.Cells[i].Forks, f)
			}
		}
	}
	again(20)
	want("so they do after twice the warm-up", 40, 40, 10)
	again(40)
	want("and there it ends", 40, 40, 10)
}

// A cell is warm when its slices take as long as the last of its run-in, and noise is
// not coldness.
func TestNextWarmUpsStay(t *testing.T) {
	for name, each := range map[string]func(cell, round int, f *result.Fork){
		"no difference": nil,
		"seven rounds say nothing": func(_, round int, f *result.Fork) {
			for i := range f.WallNS {
				f.WallNS[i] = 1.2e6
			}
			if round > 6 {
				f.RunIn = nil
			}
		},
		"rounds that do not agree": func(_, round int, f *result.Fork) {
			for i := range f.WallNS {
				f.WallNS[i] = int64(1e6 * math.Exp(float64(round%2)*0.4-0.15))
			}
		},
	} {
		log := logOfRounds(1, 8, 15, each)
		if got := nextWarmUps(log, log.Schedule.Groups[0]); got[0] != 10 {
			t.Errorf("%s: %d tasks, want 10 as before", name, got[0])
		}
	}
}
