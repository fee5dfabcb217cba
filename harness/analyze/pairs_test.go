package analyze

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
	"zstdshop/stats"
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
	if got := PairLogs(a, b); !slices.EqualFunc(got, want, near) {
		t.Errorf("got %v, want %v: new over old of rounds 1 and 3 only", got, want)
	}
	none := []forkFigures{{fork: 0, turns: []turnFigures{{turn: 7}}}}
	if got := PairLogs(a, none); len(got) != 0 {
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
	a, b := forkFigures{turns: turnsOf(100, 100, 100)}, forkFigures{turns: turnsOf(110, 130, 110)}
	b.turns[1].starved = true
	if got := PairLogs([]forkFigures{a}, []forkFigures{b}); !slices.EqualFunc(got, []float64{math.Log(1.1)}, near) {
		t.Errorf("one starved turn: %v, want that of the others, %v", got, math.Log(1.1))
	}
	for i := range a.turns {
		a.turns[i].starved = true
	}
	want := (2*math.Log(1.1) + math.Log(1.3)) / 3
	if got := PairLogs([]forkFigures{a}, []forkFigures{b}); !slices.EqualFunc(got, []float64{want}, near) {
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
	there, back := PairLogs(a, b), PairLogs(b, a)
	if len(there) < 30 || len(there) != len(back) {
		t.Fatalf("%d quotients one way, %d the other", len(there), len(back))
	}
	for i := range there {
		if there[i] != -back[i] {
			t.Errorf("quotient %d is %v one way and %v the other", i, there[i], back[i])
		}
	}
}

// A turn far off the others is the machine's, wherever its round is: a round of one turn
// has no middle of its own to be held against.
func TestPairTurnsFarOff(t *testing.T) {
	var a, b []forkFigures
	for round := range 10 {
		a = append(a, forkFigures{fork: round, turns: turnsOf(100)})
		b = append(b, forkFigures{fork: round, turns: turnsOf(101)})
	}
	b[3].turns, b[7].turns = turnsOf(200), turnsOf(50)
	// Two of ten pull, one as far down as the other up.
	logs := PairLogs(a, b)
	for i, got := range logs {
		want := math.Log(1.01)
		switch i {
		case 3:
			want += turnReach / 0.8
		case 7:
			want -= turnReach / 0.8
		}
		if !near(got, want) {
			t.Errorf("round %d: %v, want %v", i, got, want)
		}
	}
	// A difference of all turns is no outlier, however large.
	for i := range b {
		b[i].turns = turnsOf(200)
	}
	if got, want := PairLogs(a, b)[0], math.Log(2); !near(got, want) {
		t.Errorf("twice the time in all turns: %v, want %v", got, want)
	}
}

// What hits one slice in five of one side counts in full: it is what the two differ by.
func TestPairTurnsKeepRareCosts(t *testing.T) {
	var a, b []forkFigures
	for round := range 8 {
		old, new := make([]float64, 15), make([]float64, 15)
		for i := range old {
			old[i], new[i] = 100, 100
			if (15*round+i)%5 == 0 {
				new[i] = 115
			}
		}
		a = append(a, forkFigures{fork: round, turns: turnsOf(old...)})
		b = append(b, forkFigures{fork: round, turns: turnsOf(new...)})
	}
	s := pairSequence(a, b)
	if want := math.Log(1.15) / 5; !near(s.Mean(), want) {
		t.Errorf("a cost in every fifth slice counts %v, want %v", s.Mean(), want)
	}
}

// Rounds count by what their numbers of turns say: twice the turns, half the variance of
// a mean of independent turns.
func TestPairSequenceWeights(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	var a, b []forkFigures
	for round := range 200 {
		n := 10
		if round%2 == 1 {
			n = 90
		}
		f := forkFigures{fork: round}
		for turn := range n {
			f.turns = append(f.turns, turnFigures{turn: turn, log: 0.1 * rng.NormFloat64()})
		}
		a = append(a, forkFigures{fork: round, turns: turnsOf(slices.Repeat([]float64{1}, n)...)})
		b = append(b, f)
	}
	var plain stats.Sequence
	for _, l := range PairLogs(a, b) {
		plain.Add(l)
	}
	// 200 rounds have 10,000 turns: the mean of all is the best there is.
	s := pairSequence(a, b)
	best := 0.1 / math.Sqrt(10_000) // Huber's is within 3 % of it
	if s.SE() > 1.15*best || plain.SE() < 1.4*best {
		t.Errorf("standard error %v weighted and %v not, want about %v and %v", s.SE(), plain.SE(), best, 0.1*math.Sqrt((1/10.+1/90.)/2/200))
	}
}

// Each side's collections are added back to its time.
func TestPairLogsCollecting(t *testing.T) {
	a := []forkFigures{{turns: turnsOf(100, 100), collecting: 0.05}}
	b := []forkFigures{{turns: turnsOf(110, 110), collecting: 0.02}}
	if got, want := PairLogs(a, b)[0], math.Log(1.1)+0.02-0.05; !near(got, want) {
		t.Errorf("got %v, want %v", got, want)
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
