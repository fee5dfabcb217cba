package harness

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"zstdshop/harness/worker"
)

// turnsAsked cuts the sim's record into turns: the slices that cells had one
// after another with the same number and mode.
func turnsAsked(s *sim) [][]simSlice {
	var turns [][]simSlice
	for i, l := range s.log {
		last := len(turns) - 1
		if i == 0 || l.slice.ID != s.log[i-1].slice.ID || l.slice.Mode != s.log[i-1].slice.Mode {
			turns = append(turns, nil)
			last++
		}
		turns[last] = append(turns[last], l)
	}
	return turns
}

// A turn is asked of every cell alike: the same work on the same CPUs.
func TestEngineTurnsAreAlike(t *testing.T) {
	s := newSim()
	s.noise = 0.5
	s.onSlice = func(_ Cell, _ int, sample *worker.Sample) error {
		// The neighbours come and go.
		sample.SentinelNS = []int64{6000 + int64(len(s.log)/50%2)*3000, 6000}
		return nil
	}
	e := simEngine(t, s, simPlan())
	if err := s.run(t.Context(), e, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	places := map[int]bool{}
	for n, turn := range turnsAsked(s) {
		if len(turn) != 4 {
			t.Fatalf("turn %d has %d slices, want one of each of 4 cells", n, len(turn))
		}
		for _, l := range turn {
			want := turn[0].slice
			want.Warmup = l.slice.Warmup // a cell's own
			if l.slice != want {
				t.Errorf("turn %d: %s was asked %+v, %s %+v", n, l.cell, l.slice, turn[0].cell, turn[0].slice)
			}
		}
		places[turn[0].slice.Place] = true
	}
	if len(places) < 3 {
		t.Errorf("places %v: this machine never drove a turn away, and the test shows nothing", places)
	}
}

// Turns move on when the sentinel before a slice was slow where they are, and
// not for a slow one after it, which may be the slice's own doing.
func TestEnginePlaceFollowsTheSentinel(t *testing.T) {
	s := newSim()
	s.noise = 0.5
	s.onSlice = func(c Cell, _ int, sample *worker.Sample) error {
		asked := s.log[len(s.log)-1].slice
		sample.SentinelNS = []int64{6000, 9000}
		if len(s.log) > 200 && asked.Place < 3 && c.Codec == "fast" {
			sample.SentinelNS[0] = 9000
		}
		return nil
	}
	if err := s.run(t.Context(), simEngine(t, s, simPlan()), 10*time.Second); err != nil {
		t.Fatal(err)
	}
	turns, end := turnsAsked(s), 0
	for n, turn := range turns {
		place := turn[0].slice.Place
		if n == 0 {
			continue
		}
		before := turns[n-1][0].slice
		// A latency slice has no say.
		slow := n*4 > 200 && before.Place < 3 && before.Mode == worker.ModeThroughput
		switch {
		case n*4 <= 200 && place != 0:
			t.Fatalf("turn %d: place %d on a calm machine, want 0", n, place)
		case n*4 > 208 && slow && place != before.Place+1:
			t.Fatalf("turn %d: place %d after a slow turn on %d", n, place, before.Place)
		case !slow && n*4 > 208 && place != before.Place:
			t.Fatalf("turn %d: place %d after a calm turn on %d", n, place, before.Place)
		}
		end = place
	}
	if end != 3 {
		t.Errorf("ended on place %d, want 3, the first calm one", end)
	}
}

// Two builds of a cell warm up alike though one takes three times as long, and
// the record says with how many tasks.
func TestEngineWarmsBuildsUpAlike(t *testing.T) {
	s := newSim()
	s.cost = func(c Cell) time.Duration {
		if c.Build == SideNew {
			return 300 * time.Microsecond
		}
		return 100 * time.Microsecond
	}
	e := sidesEngine(t, s)
	if err := s.run(t.Context(), e, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	asked := map[string]int{}
	for _, l := range s.log {
		if before, ok := asked[l.cell]; ok && before != l.slice.Warmup {
			t.Fatalf("%s: warm-ups of %d and %d tasks", l.cell, before, l.slice.Warmup)
		}
		asked[l.cell] = l.slice.Warmup
	}
	cells := e.Journal.Log.Cells
	for i := 0; i < len(cells); i += 2 {
		old, new := cells[i].Cell.Name(), cells[i+1].Cell.Name()
		if asked[old] != asked[new] || asked[old] == 0 {
			t.Errorf("%s warms up with %d tasks, %s with %d", old, asked[old], new, asked[new])
		}
		for _, f := range cells[i+1].Forks {
			if f.Warmup != asked[new] {
				t.Errorf("%s: fork %d records a warm-up of %d tasks, asked for %d", new, f.Fork, f.Warmup, asked[new])
			}
		}
	}
}

// A run that goes on later warms up as before, whatever the machine is like by
// then: slices after another warm-up would be other work.
func TestEngineWarmUpSurvivesResume(t *testing.T) {
	s := newSim()
	s.noise = 0.5
	e := simEngine(t, s, simPlan())
	header := e.Journal.Log.Header
	var err error
	if e.Journal, err = CreateJournal(t.TempDir(), time.Unix(1e9, 0)); err != nil {
		t.Fatal(err)
	}
	if err := e.Journal.Append(Record{Header: &header}); err != nil {
		t.Fatal(err)
	}
	warmUps := func() map[string]int {
		asked := map[string]int{}
		for _, l := range s.log {
			asked[l.cell] = l.slice.Warmup
		}
		return asked
	}
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	s.onSlice = func(Cell, int, *worker.Sample) error {
		if len(s.log) == 400 {
			cancel(stop)
			return stop
		}
		return nil
	}
	if err := s.run(ctx, e, 20*time.Second); !errors.Is(err, stop) {
		t.Fatalf("got %v, want the cause of the end", err)
	}
	if err := e.Journal.Close(); err != nil {
		t.Fatal(err)
	}
	first := warmUps()

	if e.Journal, err = ResumeJournal(e.Journal.Dir); err != nil {
		t.Fatal(err)
	}
	defer e.Journal.Close()
	s.log, s.onSlice = nil, nil
	s.cost = func(Cell) time.Duration { return 700 * time.Microsecond }
	if err := s.run(t.Context(), e, 20*time.Second); err != nil {
		t.Fatal(err)
	}
	if len(s.log) == 0 {
		t.Fatal("nothing was left to do")
	}
	for name, n := range warmUps() {
		if n != first[name] || n == 0 {
			t.Errorf("%s: warm-ups of %d tasks, before the interruption %d", name, n, first[name])
		}
	}
}

// A model that GOMAXPROCS binds needs long warm-ups, until calls have found their
// way out of it. What binds is seen by the survey.
func TestEngineLengthsByModel(t *testing.T) {
	const one, two = 100 * time.Microsecond, 50 * time.Microsecond // a task's share of one CPU or two
	for runner, want := range map[string]struct{ slice, warm int }{
		"single": {int(minSliceOne / one), int(warmUpTime / one)},
		"pool":   {max(2*minTasksPerCrew, int(minSliceMany/two)), int(crewWarmUps * warmUpTime / two)},
		"one":    {max(2*minTasksPerCrew, int(minSliceBound/one)), int(max(boundWarmUp, crewWarmUps*warmUpTime) / one)},
	} {
		s := newSim()
		p := simPlan()
		p.Codecs, p.Runners = []CodecLevels{{"fast", []int{3}}}, []string{runner}
		e := simEngine(t, s, p)
		if err := s.run(t.Context(), e, 5*time.Second); err != nil {
			t.Fatal(err)
		}
		g := e.Journal.Log.Layout.Groups[0]
		if g.Warm[0] != want.warm {
			t.Errorf("%s: warm-up of %d tasks, want %d", runner, g.Warm[0], want.warm)
		}
		for _, w := range g.Windows {
			if w.Count < want.slice*4/5 || w.Count > want.slice*5/4 {
				t.Errorf("%s: a slice of %d tasks, want %d or so", runner, w.Count, want.slice)
			}
		}
	}
}

// The figures of a machine that is slow at times are those of the rest: its
// sentinels tell.
func TestDeriveLeavesDisturbedSlicesOut(t *testing.T) {
	s := newSim()
	s.cost = costByName(map[string]float64{"fast": 100, "slow": 400})
	s.onSlice = func(_ Cell, _ int, sample *worker.Sample) error {
		if s.rng.IntN(6) == 0 {
			sample.WallNS, sample.CPUNS = 2*sample.WallNS, 2*sample.CPUNS
			sample.SentinelNS = []int64{12_000, 12_000}
		}
		return nil
	}
	e := simEngine(t, s, simPlan())
	if err := s.run(t.Context(), e, 20*time.Second); err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{10, 20, 2.5, 5} {
		c := Derive(&e.Journal.Log).Cells[i]
		if !within(c.MBPerS.Est, want, 1e-6) || c.Disturbed == nil || math.Abs(*c.Disturbed-1.0/6) > 0.1 {
			t.Errorf("%s: %v MB/s with %v of slices disturbed; want %v and about a sixth", c.Name, c.MBPerS.Est, *c.Disturbed, want)
		}
	}
}

// On a machine that gets slower round by round, forks that one side lost shift
// no other's pair and no turn's.
func TestComparisonsWithoutLostForks(t *testing.T) {
	log := &Log{Header: Header{Delta: 0.02}, Cells: make([]CellLog, 2)}
	for i, c := range []Cell{{Scenario: "s", Runner: "single", Workers: 1, Level: 3}, {Scenario: "s", Runner: "pool", Workers: 2, Level: 3}} {
		log.Cells[i] = CellLog{Cell: c, Facts: &worker.Ready{PassNS: 1}}
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
	cs := comparisons(log, log.figures())
	if len(cs) != 1 || cs[0].Pairs != 10 || !near(cs[0].TimeRatio.Est, 1.1) || cs[0].Verdict != VerdictSlower {
		t.Errorf("got %+v, want 1.1 of 10 pairs, slower", cs)
	}
}
