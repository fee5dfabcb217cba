package analyze

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// turnsOf is undisturbed turns 0, 1, 2 ... of one window with the times given.
func turnsOf(times ...float64) []turnFigures {
	var out []turnFigures
	for i, t := range times {
		out = append(out, turnFigures{turn: i, log: math.Log(t)})
	}
	return out
}

// Rounds belong together by their number. One that a side lost is left out and
// moves no other.
func TestPairLogsByRound(t *testing.T) {
	round := func(n int, time float64) forkFigures { return forkFigures{fork: n, turns: turnsOf(time, time)} }
	a := []forkFigures{round(0, 100), round(1, 200), round(3, 50)}
	b := []forkFigures{round(1, 300), round(2, 999), round(3, 25)}
	want := []float64{math.Log(1.5), math.Log(0.5)}
	if got := PairLogs(a, b, false); !slices.EqualFunc(got, want, near) {
		t.Errorf("got %v, want %v: new over old of rounds 1 and 3 only", got, want)
	}
	none := []forkFigures{{fork: 0, turns: []turnFigures{{turn: 7}}}}
	if got := PairLogs(a, none, false); len(got) != 0 {
		t.Errorf("a round without a turn of both: %v, want no pair", got)
	}
}

// Turns belong together by number and work: what one side lost is left out and
// moves no other.
func TestTurnLogs(t *testing.T) {
	turn := func(n, first int, log float64) turnFigures { return turnFigures{turn: n, first: first, log: log} }
	starved := func(f turnFigures) turnFigures { f.starved = true; return f }
	whole := []turnFigures{turn(0, 0, 1), turn(1, 10, 2), turn(2, 20, 3), turn(3, 0, 4)}
	for _, c := range []struct {
		name     string
		a, b     []turnFigures
		fed, all []float64
	}{
		{"both whole", whole, []turnFigures{turn(0, 0, 11), turn(1, 10, 22), turn(2, 20, 33), turn(3, 0, 44)},
			[]float64{10, 20, 30, 40}, []float64{10, 20, 30, 40}},
		{"new lost one", whole, []turnFigures{turn(0, 0, 11), turn(2, 20, 33), turn(3, 0, 44)},
			[]float64{10, 30, 40}, []float64{10, 30, 40}},
		{"new lost the first", whole, []turnFigures{turn(1, 10, 22), turn(2, 20, 33), turn(3, 0, 44)},
			[]float64{20, 30, 40}, []float64{20, 30, 40}},
		{"old lost one", []turnFigures{turn(0, 0, 1), turn(3, 0, 4)}, []turnFigures{turn(0, 0, 11), turn(1, 10, 22), turn(2, 20, 33), turn(3, 0, 44)},
			[]float64{10, 40}, []float64{10, 40}},
		{"new ended early", whole, []turnFigures{turn(0, 0, 11)}, []float64{10}, []float64{10}},
		{"other work in one", whole, []turnFigures{turn(0, 0, 11), turn(1, 20, 22), turn(2, 20, 33), turn(3, 0, 44)},
			[]float64{10, 30, 40}, []float64{10, 30, 40}},
		{"old starved in one, new in another", []turnFigures{turn(0, 0, 1), starved(turn(1, 10, 2)), turn(2, 20, 3)},
			[]turnFigures{turn(0, 0, 11), turn(1, 10, 22), starved(turn(2, 20, 33))}, []float64{10}, []float64{10, 20, 30}},
		{"nothing in common", whole, []turnFigures{turn(9, 0, 1)}, nil, nil},
	} {
		fed, all := turnLogs(c.a, c.b)
		if !slices.Equal(fed, c.fed) || !slices.Equal(all, c.all) {
			t.Errorf("%s: %v, all %v; want %v, all %v", c.name, fed, all, c.fed, c.all)
		}
	}
}

// A turn in which a worker was kept from running says nothing, unless all do.
func TestPairLogsStarved(t *testing.T) {
	a, b := forkFigures{turns: turnsOf(100, 100, 100)}, forkFigures{turns: turnsOf(110, 300, 110)}
	b.turns[1].starved = true
	if got := PairLogs([]forkFigures{a}, []forkFigures{b}, false); !slices.EqualFunc(got, []float64{math.Log(1.1)}, near) {
		t.Errorf("one starved turn: %v, want that of the others, %v", got, math.Log(1.1))
	}
	for i := range a.turns {
		a.turns[i].starved = true
	}
	want := (2*math.Log(1.1) + math.Log(3)) / 3
	if got := PairLogs([]forkFigures{a}, []forkFigures{b}, false); !slices.EqualFunc(got, []float64{want}, near) {
		t.Errorf("all turns starved: %v, want that of all, %v", got, want)
	}
}

// Swapping the sides turns every quotient round, to the last bit: neither is
// favoured.
func TestPairLogsSwapped(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	side := func() (fs []forkFigures) {
		for fork := range 50 {
			f := forkFigures{fork: fork, collecting: rng.Float64()}
			for turn := range 1 + rng.IntN(9) {
				f.turns = append(f.turns, turnFigures{turn: turn, first: rng.IntN(2), log: rng.NormFloat64(), starved: rng.IntN(4) == 0})
			}
			fs = append(fs, f)
		}
		return fs
	}
	a, b := side(), side()
	for _, sameCell := range []bool{false, true} {
		there, back := PairLogs(a, b, sameCell), PairLogs(b, a, sameCell)
		if len(there) < 30 || len(there) != len(back) {
			t.Fatalf("same cell %v: %d quotients one way, %d the other", sameCell, len(there), len(back))
		}
		for i := range there {
			if there[i] != -back[i] {
				t.Errorf("same cell %v: quotient %d is %v one way and %v the other", sameCell, i, there[i], back[i])
			}
		}
	}
}

// Builds of one cell differ little, so a turn far off is the machine's. Cells
// that differ may do so by rare slow slices, which count in full.
func TestPairLogsClip(t *testing.T) {
	a := []forkFigures{{turns: turnsOf(100, 100, 100, 100)}}
	b := []forkFigures{{turns: turnsOf(101, 101, 101, 200)}}
	one, far := math.Log(1.01), math.Log(2)
	if got, want := PairLogs(a, b, true)[0], (3*one+one+maxTurnSays)/4; !near(got, want) {
		t.Errorf("builds of a cell: %v, want %v", got, want)
	}
	if got, want := PairLogs(b, a, true)[0], -(3*one+one+maxTurnSays)/4; !near(got, want) {
		t.Errorf("builds of a cell, swapped: %v, want %v", got, want)
	}
	if got, want := PairLogs(a, b, false)[0], (3*one+far)/4; !near(got, want) {
		t.Errorf("two cells: %v, want %v", got, want)
	}
	// A difference of all turns is no outlier, however large.
	if got, want := PairLogs(a, []forkFigures{{turns: turnsOf(200, 200, 200, 200)}}, true)[0], far; !near(got, want) {
		t.Errorf("twice the time in all turns: %v, want %v", got, want)
	}
}

// What clips is that two cells differ in nothing but the build.
func TestComparisonsClipBuildsOnly(t *testing.T) {
	compare := func(old, new result.Cell) float64 {
		log := &journal.Log{Header: journal.Header{Delta: 0.02}, Cells: []journal.CellLog{
			{Cell: old, Facts: &worker.Ready{PassNS: 1}}, {Cell: new, Facts: &worker.Ready{PassNS: 1}}}}
		for n := range 2 {
			log.Cells[0].Forks = append(log.Cells[0].Forks, forkOf(n, []int64{1000, 1000, 1000}, nil))
			log.Cells[1].Forks = append(log.Cells[1].Forks, forkOf(n, []int64{1000, 1000, 8000}, nil))
			for i := range log.Cells {
				f := log.Cells[i].Forks[n]
				copy(f.CPUNS, f.WallNS)
			}
		}
		cs := Comparisons(log, AllFigures(log))
		if len(cs) != 1 {
			t.Fatalf("%d comparisons, want one", len(cs))
		}
		return math.Log(cs[0].TimeRatio.Est)
	}
	old := result.Cell{Scenario: "s", Runner: "single", Workers: 1, Build: "old"}
	new := old
	new.Build = "new"
	if got, want := compare(old, new), maxTurnSays/3; !near(got, want) {
		t.Errorf("two builds of a cell: %v, want %v", got, want)
	}
	old.Build, new.Build = "", ""
	new.Runner = "pool"
	if got, want := compare(old, new), math.Log(8)/3; !near(got, want) {
		t.Errorf("two cells: %v, want %v", got, want)
	}
}

// Each side's collections are added back to its time.
func TestPairLogsCollecting(t *testing.T) {
	a := []forkFigures{{turns: turnsOf(100, 100), collecting: 0.05}}
	b := []forkFigures{{turns: turnsOf(110, 110), collecting: 0.02}}
	if got, want := PairLogs(a, b, true)[0], math.Log(1.1)+0.02-0.05; !near(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestClippedMean(t *testing.T) {
	for _, c := range []struct {
		values []float64
		reach  float64
		want   float64
	}{
		{[]float64{3}, 0.5, 3},
		{[]float64{1, 2}, 0.1, 1.5}, // both moved to the middle between them
		{[]float64{100, 0, 1}, 2, (0 + 1 + 3) / 3.0},
		{[]float64{-100, 0, 1, 2, 3}, 2, (-1 + 0 + 1 + 2 + 3) / 5.0},
		{[]float64{0, 1, 101}, math.Inf(1), 34},
	} {
		given := slices.Clone(c.values)
		if got := clippedMean(given, c.reach); !near(got, c.want) {
			t.Errorf("%v, reach %v: %v, want %v", c.values, c.reach, got, c.want)
		}
		if !slices.Equal(given, c.values) {
			t.Errorf("%v became %v", c.values, given)
		}
	}
}

// On a machine that gets slower round by round, forks that one side lost shift
// no other's pair and no turn's.
func TestComparisonsWithoutLostForks(t *testing.T) {
	log := &journal.Log{Header: journal.Header{Delta: 0.02}, Cells: make([]journal.CellLog, 2)}
	for i, c := range []result.Cell{{Scenario: "s", Runner: "single", Workers: 1, Level: 3}, {Scenario: "s", Runner: "pool", Workers: 2, Level: 3}} {
		log.Cells[i] = journal.CellLog{Cell: c, Facts: &worker.Ready{PassNS: 1}}
		for n := range 12 {
			if i == 1 && (n == 0 || n == 5) {
				continue
			}
			speed := int64(1000 * (n + 1))
			f := forkOf(n, []int64{speed, 3 * speed, 7 * speed}, nil)
			if i == 1 {
				for k := range f.WallNS {
					f.WallNS[k] += f.WallNS[k] / 10
				}
			}
			copy(f.CPUNS, f.WallNS)
			log.Cells[i].Forks = append(log.Cells[i].Forks, f)
		}
	}
	cs := Comparisons(log, AllFigures(log))
	if len(cs) != 1 || cs[0].Pairs != 10 || !near(cs[0].TimeRatio.Est, 1.1) || cs[0].Verdict != result.VerdictSlower {
		t.Errorf("got %+v, want 1.1 of 10 pairs, slower", cs)
	}
}
