package measure

import (
	"slices"
	"testing"
	"time"

	"zstdshop/harness/worker"
)

// A fork whose first slices are slow has them off the record, as many as it takes, and
// one that is warm at once has two.
func TestRunInEndsWhenSlicesNoLongerFall(t *testing.T) {
	for _, c := range []struct {
		name   string
		factor []float64 // of the run-in's slices; then 1
		want   int
	}{
		{"warm at once", nil, minRunIn},
		{"one cold slice", []float64{3}, 3},
		{"slices that fall for long", []float64{9, 5, 3, 2}, 6},
		{"that never end falling", []float64{1e6, 1e5, 1e4, 1e3, 500, 200, 100, 50, 20, 10, 5}, maxRunIn},
		{"a slow one among warm ones", []float64{1, 2}, minRunIn},
	} {
		s := newSim()
		done := 0
		s.onRunIn = func(sample *worker.Sample) {
			if done < len(c.factor) {
				sample.WallNS = int64(float64(sample.WallNS) * c.factor[done])
			}
			done++
		}
		p := simPlan()
		p.Matrix["codec"], p.Matrix["runner"] = []string{"fast"}, []string{"single"}
		e := simEngine(t, s, p)
		if err := s.run(t.Context(), e, 5*time.Second); err != nil {
			t.Fatal(err)
		}
		f := e.Journal.Log.Cells[0].Forks[0]
		if len(f.RunIn) != c.want {
			t.Errorf("%s: %d slices of run-in, want %d", c.name, len(f.RunIn), c.want)
		}
		if slices.Max(f.WallNS) > 2*slices.Min(f.WallNS) {
			t.Errorf("%s: a cold slice counts: %v", c.name, f.WallNS)
		}
	}
}
