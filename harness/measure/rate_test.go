package measure

import (
	"testing"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// Where tasks come at a rate, what is asked for is how long they take: of all of
// them, and of nothing but them. There is no speed and nobody is faster.
func TestEngineAtARate(t *testing.T) {
	s := newSim()
	s.onSlice = func(_ result.Cell, _ int, sample *worker.Sample) error {
		sample.WallNS = int64(sample.Tasks) * int64(time.Millisecond) // as planned
		return nil
	}
	p := simPlan()
	p.Matrix["rate"], p.Budget = []string{"1000"}, 10*time.Second
	e := simEngine(t, s, p)
	if err := s.run(t.Context(), e, p.Budget); err != nil {
		t.Fatal(err)
	}
	asked := map[string]int64{}
	for _, l := range s.log {
		if l.slice.Mode != worker.ModeLatency {
			t.Fatalf("%s was asked for a slice of mode %s", l.cell, l.slice.Mode)
		}
		asked[l.cell] += int64(l.slice.Count)
	}
	r := analyze.Derive(&e.Journal.Log, e.Registry)
	if len(r.Comparisons) > 0 {
		t.Errorf("cells whose pace was planned are compared: %+v", r.Comparisons[0])
	}
	for _, c := range r.Cells {
		switch {
		case c.Status != result.StatusOK || c.Rate == 0 || c.Rate != 1000 || c.Cell.Rate != 1000:
			t.Errorf("%s: status %s, rate %v", c.Name, c.Status, c.Rate)
		case c.NSPerOp != nil || c.MBPerS != nil || c.SpeedUp != nil:
			t.Errorf("%s has a speed", c.Name)
		case c.TasksPerS == nil || c.TasksPerS.Est < 999 || c.TasksPerS.Est > 1001:
			t.Errorf("%s: %+v tasks a second", c.Name, c.TasksPerS)
		case c.LatencyUS == nil || c.LatencyUS.N != asked[c.Name]:
			t.Errorf("%s: latency %+v of %d tasks", c.Name, c.LatencyUS, asked[c.Name])
		}
	}
}

// Cells that go elsewhere, or at another rate, do not do the same work.
func TestGroups(t *testing.T) {
	a := result.Cell{Scenario: "ask", Runner: "pool", Workers: 2}
	b, c := a, a
	b.Endpoint, c.Rate = "pack", 5
	if a.Group() == b.Group() || a.Group() == c.Group() {
		t.Errorf("groups %q, %q, %q", a.Group(), b.Group(), c.Group())
	}
}

// In a closed loop the rate is the reciprocal of the time.
func TestTasksPerSecond(t *testing.T) {
	s := newSim()
	p := simPlan()
	p.Matrix["scenario"], p.Matrix["runner"], p.Budget = []string{"ask"}, []string{"single"}, 6*time.Second
	e := simEngine(t, s, p)
	if err := s.run(t.Context(), e, p.Budget); err != nil {
		t.Fatal(err)
	}
	r := analyze.Derive(&e.Journal.Log, e.Registry)
	for _, c := range r.Cells {
		if c.NSPerOp == nil || c.TasksPerS == nil || !within(c.TasksPerS.Est, 1e9/c.NSPerOp.Est, 1e-9) || c.Cell.Endpoint == "" || c.Checksum != nil {
			t.Errorf("%s: %+v ns a task, %+v tasks a second, checksum %v", c.Name, c.NSPerOp, c.TasksPerS, c.Checksum)
		}
	}
	if len(r.Cells) != 3 { // two codecs, and the one without data
		t.Errorf("%d cells", len(r.Cells))
	}
}
