package measure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"
	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
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
	s.onSlice = func(_ result.Cell, _ int, sample *worker.Sample) error {
		// The neighbours come and go.
		sample.SentinelNS = []int64{6000 + int64(len(s.log)/50%2)*3000, 6000}
		return nil
	}
	e := simEngine(t, s, simEquals())
	e.Journal.Log.Header.Delta = neverEqual
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
	s.cost = costByName(map[string]float64{"fast": 50, "slow": 50}) // too short for a clock around each
	s.onSlice = func(c result.Cell, _ int, sample *worker.Sample) error {
		asked := s.log[len(s.log)-1].slice
		sample.SentinelNS = []int64{6000, 9000}
		if len(s.log) > 200 && asked.Place < 3 && c.Codec == "fast" {
			sample.SentinelNS[0] = 9000
		}
		return nil
	}
	if err := s.run(t.Context(), simEngine(t, s, simPlan()), 20*time.Second); err != nil {
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
	s.cost = func(c result.Cell) time.Duration {
		if c.Build == result.SideNew {
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
	if e.Journal, err = journal.CreateJournal(t.TempDir(), time.Unix(1e9, 0)); err != nil {
		t.Fatal(err)
	}
	if err := e.Journal.Append(journal.Record{Header: &header}); err != nil {
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
	s.onSlice = func(result.Cell, int, *worker.Sample) error {
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

	if e.Journal, err = journal.ResumeJournal(e.Journal.Dir); err != nil {
		t.Fatal(err)
	}
	defer e.Journal.Close()
	s.log, s.onSlice = nil, nil
	s.cost = func(result.Cell) time.Duration { return 700 * time.Microsecond }
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
// way out of it. What binds is seen by the pilot run.
func TestEngineLengthsByModel(t *testing.T) {
	const one, two = 100 * time.Microsecond, 50 * time.Microsecond // a task's share of one CPU or two
	for runner, want := range map[string]struct{ slice, warm int }{
		"single": {int(minSliceOne / one), int(warmUpTime / one)},
		"pool":   {max(2*minTasksPerCrew, int(minSliceMany/two)), int(crewWarmUps * warmUpTime / two)},
		"one":    {max(2*minTasksPerCrew, int(minSliceBound/one)), int(max(boundWarmUp, crewWarmUps*warmUpTime) / one)},
	} {
		s := newSim()
		p := simPlan()
		p.Matrix["codec"], p.Matrix["runner"] = []string{"fast"}, []string{runner}
		e := simEngine(t, s, p)
		if err := s.run(t.Context(), e, 5*time.Second); err != nil {
			t.Fatal(err)
		}
		g := e.Journal.Log.Schedule.Groups[0]
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
	s.onSlice = func(_ result.Cell, _ int, sample *worker.Sample) error {
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
		c := analyze.Derive(&e.Journal.Log, e.Registry).Cells[i]
		if !within(c.MBPerS.Est, want, 1e-6) || c.Disturbed == nil || math.Abs(*c.Disturbed-1.0/6) > 0.1 {
			t.Errorf("%s: %v MB/s with %v of slices disturbed; want %v and about a sixth", c.Name, c.MBPerS.Est, *c.Disturbed, want)
		}
	}
}

// Derived from a sim of known speeds: MB/s, ratio, speed-up, verdicts.
func TestDeriveFigures(t *testing.T) {
	s := newSim()
	s.noise = 0.01
	e := simEngine(t, s, simPlan())
	s.cost = costByName(map[string]float64{"fast": 100, "slow": 400})
	if err := s.run(t.Context(), e, 20e9); err != nil {
		t.Fatal(err)
	}
	e.Journal.Log.Header.Plan.Method = result.Method
	r := analyze.Derive(&e.Journal.Log, e.Registry)
	for i, want := range []struct{ mbPerS, speedUp float64 }{{10, 1}, {20, 2}, {2.5, 1}, {5, 2}} {
		c := r.Cells[i]
		if !within(c.MBPerS.Est, want.mbPerS, 0.01) || !(*c.MBPerS.Lo <= c.MBPerS.Est && c.MBPerS.Est <= *c.MBPerS.Hi) {
			t.Errorf("%s: %v MB/s, want %v", c.Name, c.MBPerS.Est, want.mbPerS)
		}
		if !within(c.SpeedUp.Est, want.speedUp, 0.01) {
			t.Errorf("%s: speed-up %v, want %v", c.Name, c.SpeedUp.Est, want.speedUp)
		}
		if *c.Ratio != 4 || *c.AllocsPerOp != 1 || *c.AllocBytesPerOp != 8 || *c.PeakRSSBytes != 2<<20 || result.Value(c.MemoryBytes) != 1<<20 || *c.Threads != 5 {
			t.Errorf("%s: ratio %v, allocs %v, %v B, RSS %v, threads %v", c.Name, *c.Ratio, *c.AllocsPerOp, *c.AllocBytesPerOp, *c.PeakRSSBytes, *c.Threads)
		}
		if items := fmt.Sprintf("%d items", e.Journal.Log.Schedule.Subsets[0].Items); c.CorpusDigest != "all the data" || c.ItemsDigest != items {
			t.Errorf("%s: of the corpus %q and the items %q", c.Name, c.CorpusDigest, c.ItemsDigest)
		}
		if back := c.Cell; back.Name() != c.Name {
			t.Errorf("keys of %s read back as %s", c.Name, back.Name())
		}
	}
	if len(r.Comparisons) != 6 {
		t.Fatalf("%d comparisons of 4 cells, want 6", len(r.Comparisons))
	}
	strictest := 0.0
	for _, c := range r.Comparisons {
		if c.TimeRatio.Confidence < 1-analyze.VerdictError {
			t.Errorf("%s against %s: confidence %v, promised %v", c.New, c.Old, c.TimeRatio.Confidence, 1-analyze.VerdictError)
		}
		strictest = max(strictest, c.TimeRatio.Confidence)
		if c.Verdict != result.VerdictFaster && c.Verdict != result.VerdictSlower || (c.Verdict == result.VerdictFaster) != (c.TimeRatio.Est < 1) {
			t.Errorf("%s against %s: %s at %v", c.New, c.Old, c.Verdict, c.TimeRatio.Est)
		}
	}
	if want := 1 - analyze.FamilyError/6; !within(strictest, want, 1e-9) {
		t.Errorf("the strictest of 6 comparisons has confidence %v, want Holm's %v", strictest, want)
	}
	// What was saved is derived again to the same bytes, warnings included.
	r.Warnings = append([]result.Warning{{Code: "loaded", Text: "known before"}}, r.Warnings...)
	again, err := analyze.Rederive(r, e.Registry)
	if err != nil {
		t.Fatal(err)
	}
	var was, is bytes.Buffer
	if err := errors.Join(result.Encode(&was, r), result.Encode(&is, again)); err != nil {
		t.Fatal(err)
	}
	if was.String() != is.String() || again == r {
		t.Error("a result derived again differs")
	}
	r.Plan.Method = "m0"
	if again, err = analyze.Rederive(r, e.Registry); !errors.Is(err, analyze.ErrFrozen) || again != r {
		t.Errorf("measured by another method: %v", err)
	}
}
