package analyze

import (
	"math"
	"math/rand/v2"
	"testing"
)

// What is predicted of normal noise is what is seen, whatever was planted and
// however much came after the first pairs.
func TestSmallestEffects(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var rows []Trial
	for range 400 {
		r := Trial{}
		for i := range 20 {
			noise := 0.01
			if i >= seenAt {
				noise = 1
			}
			r.Logs = append(r.Logs, 0.05+noise*rng.NormFloat64())
		}
		rows = append(rows, r)
	}
	predicted, seen := smallestEffects(rows)
	if !(predicted > 0.02 && predicted < 0.04) || math.Abs(seen-1) > 0.1 {
		t.Errorf("predicted %.4f, of which %.2f is seen; want 1 within a tenth", predicted, seen)
	}
	if predicted, seen := smallestEffects(rows[:seenTrials-1]); !math.IsNaN(predicted) || !math.IsNaN(seen) {
		t.Errorf("of %d rows %v and %v, want nothing", seenTrials-1, predicted, seen)
	}
	if predicted, _ := smallestEffects([]Trial{{Logs: make([]float64, seenAt-1)}}); !math.IsNaN(predicted) {
		t.Errorf("of short rows %v, want nothing", predicted)
	}
}
