package measure

import (
	"testing"
	"time"

	"zstdshop/harness/worker"
)

// Tasks too short for a clock around each are timed in slices of their own, of which no
// more than one comes on turnsPerLatency turns; longer ones in the last turn of each round,
// which counts for speed as well.
func TestEngineTimesTasks(t *testing.T) {
	for _, c := range []struct {
		name  string
		us    float64 // of a task
		apart bool
	}{
		{"short tasks", 80, true},
		{"long tasks", 150, false},
	} {
		s := newSim()
		s.noise = 0.5
		s.cost = costByName(map[string]float64{"fast": c.us, "slow": c.us})
		p := simPlan()
		p.Matrix["runner"] = []string{"single", "pool", "one"}
		p.Precision = 1e-9
		e := simEngine(t, s, p)
		if err := s.run(t.Context(), e, 3*time.Second); err != nil {
			t.Fatal(err)
		}
		name, asked := e.Journal.Log.Cells[0].Cell.Name(), 0
		slices := 0
		for _, l := range s.log {
			if l.cell == name {
				slices++
				if l.slice.Mode == worker.ModeLatency {
					asked++
				}
			}
		}
		turns, timed, forks := 0, 0, e.Journal.Log.Cells[0].Forks
		for _, f := range forks {
			turns += len(f.Turn)
			if f.TimedTasks > 0 {
				timed++
			}
		}
		if timed != asked || forks[0].TimedTasks == 0 {
			t.Errorf("%s: %d latency slices, kept in %d forks", c.name, asked, timed)
		}
		switch {
		case c.apart && (slices != turns+asked || asked > turns/turnsPerLatency+1 || asked < turns/turnsPerLatency-1 || asked >= len(forks)):
			t.Errorf("%s: %d slices, of them %d latency slices, for %d turns in %d rounds", c.name, slices, asked, turns, len(forks))
		case !c.apart && (slices != turns || asked != len(forks)):
			t.Errorf("%s: %d slices, of them %d latency slices, for %d turns in %d rounds", c.name, slices, asked, turns, len(forks))
		}
	}
}
