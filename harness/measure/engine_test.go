package measure

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

func TestEngineMeasuresWithinBudget(t *testing.T) {
	for _, budget := range []time.Duration{5 * time.Second, 20 * time.Second, 60 * time.Second} {
		s := newSim()
		s.noise = 0.5 // never precise enough to stop early
		e := simEngine(t, s, simPlan())
		begin := s.now
		if err := s.run(t.Context(), e, budget); err != nil {
			t.Fatal(err)
		}
		if took := s.now.Sub(begin); took > budget || took < budget*7/10 {
			t.Errorf("budget %v: took %v", budget, took)
		}
		for _, c := range e.Journal.Log.Cells {
			if len(c.Forks) < analyze.MinPairs {
				t.Errorf("budget %v: %s has %d forks, want at least %d", budget, c.Cell.Name(), len(c.Forks), analyze.MinPairs)
			}
		}
		if s.alive != 0 {
			t.Errorf("budget %v: %d workers left", budget, s.alive)
		}
	}
}

// Every cell of a group does the same windows in the same turns, whatever it
// costs: unequal work is not comparable.
func TestEngineEqualWork(t *testing.T) {
	s := newSim()
	s.cost = func(c result.Cell) time.Duration {
		if c.Codec == "slow" {
			return 700 * time.Microsecond
		}
		return 50 * time.Microsecond
	}
	p := simPlan()
	p.Precision = 1e-9 // no cell ends before the others
	e := simEngine(t, s, p)
	if err := s.run(t.Context(), e, 20*time.Second); err != nil {
		t.Fatal(err)
	}
	cells := e.Journal.Log.Cells
	for i := range cells {
		if len(cells[i].Forks) != len(cells[0].Forks) {
			t.Fatalf("%s has %d forks, %s %d", cells[i].Cell.Name(), len(cells[i].Forks), cells[0].Cell.Name(), len(cells[0].Forks))
		}
		for k, f := range cells[i].Forks {
			first := cells[0].Forks[k]
			if !slices.Equal(f.Turn, first.Turn) || !slices.Equal(f.First, first.First) || !slices.Equal(f.Tasks, first.Tasks) {
				t.Fatalf("fork %d: %s did %v of %v, %s %v of %v", k, cells[i].Cell.Name(), f.Tasks, f.First, cells[0].Cell.Name(), first.Tasks, first.First)
			}
		}
	}
	// and every fork covers every item equally often
	times := map[int]int{}
	for _, w := range e.Journal.Log.Schedule.Groups[0].Windows {
		for i := range w.Count {
			times[(w.First+i)%e.Journal.Log.Schedule.Subsets[0].Items]++
		}
	}
	for item, n := range times {
		if n != times[0] {
			t.Errorf("item %d is done %d times a walk, item 0 %d times", item, n, times[0])
		}
	}
	if len(times) != e.Journal.Log.Schedule.Subsets[0].Items {
		t.Errorf("a walk covers %d of %d items", len(times), e.Journal.Log.Schedule.Subsets[0].Items)
	}
}

func TestEngineOrderIsRandomAndSeeded(t *testing.T) {
	order := func(seed uint64) []string {
		s := newSim()
		s.noise = 0.5
		p := simEquals()
		p.Seed = seed
		e := simEngine(t, s, p)
		e.Journal.Log.Header.Delta = neverEqual
		if err := s.run(t.Context(), e, 10*time.Second); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, l := range s.log {
			names = append(names, l.cell)
		}
		return names
	}
	a, again, b := order(1), order(1), order(2)
	if !slices.Equal(a, again) {
		t.Error("the same seed gave another order")
	}
	if slices.Equal(a, b) {
		t.Error("two seeds gave the same order")
	}
	// Each cell comes first in about a quarter of the turns.
	first := map[string]int{}
	for i := 0; i+4 <= len(a); i += 4 {
		first[a[i]]++
	}
	for name, n := range first {
		if share := float64(n) / float64(len(a)/4); share < 0.1 || share > 0.4 {
			t.Errorf("%s is first in %.0f %% of turns", name, 100*share)
		}
	}
}

func TestEngineStopsWhenPrecise(t *testing.T) {
	s := newSim()
	p := simPlan()
	p.Budget = 4 * time.Second
	e := simEngine(t, s, p)
	if err := s.run(t.Context(), e, p.Budget); err != nil {
		t.Fatal(err)
	}
	if took := time.Duration(e.Journal.Log.Elapsed); took < p.Budget/2 {
		t.Errorf("precise after %v of %v: that is too soon to have seen interference", took, p.Budget)
	}
}

func TestEngineStopsEarly(t *testing.T) {
	s := newSim()
	e := simEngine(t, s, simPlan())
	if err := s.run(t.Context(), e, 60*time.Second); err != nil {
		t.Fatal(err)
	}
	took := time.Duration(e.Journal.Log.Elapsed)
	if took < settleTime || took > 40*time.Second {
		t.Errorf("a machine without noise took %v of 60 s: want at least %v, and an early end", took, settleTime)
	}
	for _, c := range e.Journal.Log.Cells {
		if len(c.Forks) < analyze.MinPairs {
			t.Errorf("%s: %d forks, want at least %d", c.Cell.Name(), len(c.Forks), analyze.MinPairs)
		}
	}
}

// What goes wrong with a worker costs its cell, never the run.
func TestEngineFailedCell(t *testing.T) {
	isSlowPool := func(c result.Cell) bool { return c.Codec == "slow" && c.Runner == "pool" }
	for _, tc := range []struct {
		name, want string
		prepare    func(result.Cell, int, *worker.Ready) error
		slice      func(result.Cell, int, *worker.Sample) error
	}{
		{name: "dies while preparing", want: "boom", prepare: func(c result.Cell, _ int, _ *worker.Ready) error { return boomIf(isSlowPool(c)) }},
		{name: "dies in a slice of a later fork", want: "boom", slice: func(c result.Cell, fork int, _ *worker.Sample) error { return boomIf(isSlowPool(c) && fork == 3) }},
		{name: "does less work than asked", want: "unequal work", slice: func(c result.Cell, _ int, s *worker.Sample) error {
			if isSlowPool(c) {
				s.Tasks--
			}
			return nil
		}},
		{name: "other output in a later fork", want: "the output differs", prepare: func(c result.Cell, fork int, r *worker.Ready) error {
			if isSlowPool(c) && fork == 4 {
				r.Digest = "other"
			}
			return nil
		}},
		{name: "sentinel nonsense", want: "sentinel_ns", slice: func(c result.Cell, _ int, s *worker.Sample) error {
			if isSlowPool(c) {
				s.SentinelNS = []int64{1}
			}
			return nil
		}},
		{name: "a sentinel in some slices only", want: "sentinel_ns", slice: func(c result.Cell, _ int, s *worker.Sample) error {
			if isSlowPool(c) && s.SliceID == 1 {
				s.SentinelNS = nil
			}
			return nil
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newSim()
			s.onPrepare, s.onSlice = tc.prepare, tc.slice
			e := simEngine(t, s, simPlan())
			if err := s.run(t.Context(), e, 20*time.Second); err != nil {
				t.Fatal(err)
			}
			for _, c := range analyze.Derive(&e.Journal.Log, e.Registry).Cells {
				switch {
				case isSlowPool(c.Cell):
					if c.Status != result.StatusFailed || c.Error == nil || !strings.Contains(*c.Error, tc.want) {
						t.Errorf("%s: status %s, error %q; want failed for %q", c.Name, c.Status, result.Value(c.Error), tc.want)
					}
				case c.Status != result.StatusOK || c.Forks < analyze.MinPairs:
					t.Errorf("%s: status %s after %d forks; another cell's failure is not its own", c.Name, c.Status, c.Forks)
				}
			}
			if s.alive != 0 {
				t.Errorf("%d workers left", s.alive)
			}
		})
	}
}

func boomIf(yes bool) error {
	if yes {
		return &WorkerError{errors.New("boom"), "last words"}
	}
	return nil
}

func TestEngineUnavailableCodec(t *testing.T) {
	s := newSim()
	p := simPlan()
	p.Matrix["codec"] = append(p.Matrix["codec"], "gone")
	e := simEngine(t, s, p)
	if err := s.run(t.Context(), e, 20*time.Second); err != nil {
		t.Fatal(err)
	}
	for _, c := range analyze.Derive(&e.Journal.Log, e.Registry).Cells {
		want := result.StatusOK
		if c.Codec == "gone" {
			want = result.StatusUnavailable
		}
		if c.Status != want {
			t.Errorf("%s: %s, want %s", c.Name, c.Status, want)
		}
	}
}

func TestEngineBudgetTooSmall(t *testing.T) {
	s := newSim()
	e := simEngine(t, s, simPlan())
	err := s.run(t.Context(), e, 150*time.Millisecond)
	if !errors.Is(err, result.ErrPlan) || !strings.Contains(err.Error(), "--budget") {
		t.Errorf("got %v, want ErrPlan that names --budget", err)
	}
}

// The full round trip is made once for each cell, by its first measured worker;
// the pilot run's small ones before it are not measured.
func TestEngineVerifiesOnce(t *testing.T) {
	s := newSim()
	e := simEngine(t, s, simPlan())
	if err := s.run(t.Context(), e, 20*time.Second); err != nil {
		t.Fatal(err)
	}
	for _, c := range e.Journal.Log.Cells {
		asked := s.verified[c.Cell.Name()]
		first := len(asked) - len(c.Forks)
		for i, verify := range asked {
			if verify != (i == first) {
				t.Errorf("%s: worker %d of %d, the pilot run's %d included: verify %v", c.Cell.Name(), i, len(asked), first, verify)
			}
		}
	}
}

// An interrupted run keeps what was finished and goes on to the same end.
func TestEngineInterruptAndResume(t *testing.T) {
	s := newSim()
	s.noise = 0.5
	e := simEngine(t, s, simPlan())
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stop")
	slices := 0
	s.onSlice = func(result.Cell, int, *worker.Sample) error {
		if slices++; slices == 200 {
			cancel(stop)
			return stop
		}
		return nil
	}
	if err := s.run(ctx, e, 20*time.Second); !errors.Is(err, stop) {
		t.Fatalf("got %v, want the cause of the end", err)
	}
	if s.alive != 0 {
		t.Errorf("%d workers left", s.alive)
	}
	for _, c := range e.Journal.Log.Cells {
		if c.Failed != nil {
			t.Errorf("%s is marked failed: %v", c.Cell.Name(), c.Failed)
		}
	}
	if analyze.Derive(&e.Journal.Log, e.Registry).Plan.Complete {
		t.Error("an interrupted run calls itself complete")
	}
	before := e.Journal.Log.Cells[0].Forks
	s.onSlice = nil
	if err := s.run(t.Context(), e, 20*time.Second); err != nil {
		t.Fatal(err)
	}
	for _, c := range e.Journal.Log.Cells {
		if len(c.Forks) < analyze.MinPairs {
			t.Errorf("%s: %d forks after the resume", c.Cell.Name(), len(c.Forks))
		}
		for i, f := range c.Forks {
			if f.Fork != i {
				t.Errorf("%s: fork %d is numbered %d", c.Cell.Name(), i, f.Fork)
			}
		}
	}
	if got := e.Journal.Log.Cells[0].Forks[:len(before)]; !reflect.DeepEqual(got, before) {
		t.Error("the resume changed what was finished")
	}
	if !analyze.Derive(&e.Journal.Log, e.Registry).Plan.Complete {
		t.Error("a finished run does not call itself complete")
	}
}

// Where the budget ends before every cell had its turn, the run is not complete
// and can be resumed.
func TestEngineNotComplete(t *testing.T) {
	s := newSim()
	p := simPlan()
	p.Matrix["block"] = []string{fmt.Sprint(simItemBytes), fmt.Sprint(2 * simItemBytes), fmt.Sprint(3 * simItemBytes)}
	e := simEngine(t, s, p)
	s.onPrepare = func(result.Cell, int, *worker.Ready) error {
		s.now = s.now.Add(time.Second) // far more than the pilot run saw
		return nil
	}
	e.Journal.Append(journal.Record{Schedule: &journal.Schedule{Subsets: []journal.Subset{{Corpus: "data", Block: simItemBytes, Items: 16}},
		Groups: []journal.GroupSchedule{{Cells: []int{0, 1, 2, 3}, Warm: []int{0, 0, 0, 0}, Windows: []journal.Window{{First: 0, Count: 16}}}}}})
	if err := s.run(t.Context(), e, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	if analyze.Derive(&e.Journal.Log, e.Registry).Plan.Complete {
		t.Error("complete, though eight cells have no fork")
	}
}

// A corpus too slow for the budget is sampled, and the result says so.
func TestEngineSamplesSlowLevels(t *testing.T) {
	s := newSim()
	s.cost = func(result.Cell) time.Duration { return 10 * time.Millisecond } // 6.4 s a pass
	e := simEngine(t, s, simPlan())
	if err := s.run(t.Context(), e, 30*time.Second); err != nil {
		t.Fatal(err)
	}
	r := analyze.Derive(&e.Journal.Log, e.Registry)
	for _, c := range r.Cells {
		if c.Status != result.StatusOK || c.BytesIn >= c.CorpusBytes {
			t.Errorf("%s: %s, %d of %d bytes", c.Name, c.Status, c.BytesIn, c.CorpusBytes)
		}
		if c.BytesIn != r.Cells[0].BytesIn {
			t.Errorf("%s works on %d bytes, %s on %d", c.Name, c.BytesIn, r.Cells[0].Name, r.Cells[0].BytesIn)
		}
	}
	if !slices.ContainsFunc(r.Warnings, func(w result.Warning) bool { return w.Code == "sampled" }) {
		t.Errorf("no warning of the sample: %v", r.Warnings)
	}
}

// What a worker says of itself first is in its cell's result.
func TestHelloInResult(t *testing.T) {
	s := newSim()
	e := simEngine(t, s, simPlan())
	if err := s.run(t.Context(), e, 5*time.Second); err != nil {
		t.Fatal(err)
	}
	for _, c := range analyze.Derive(&e.Journal.Log, e.Registry).Cells {
		if c.Implementation == nil || *c.Implementation != "sim" || c.GILEnabled == nil || *c.GILEnabled != (c.Runner == "pool") {
			t.Errorf("%s: implementation %v, gil_enabled %v", c.Name, c.Implementation, c.GILEnabled)
		}
	}
}
