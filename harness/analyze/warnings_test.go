package analyze

import (
	"strings"
	"testing"
	"time"
)

// A budget that would bring what was asked is named where somebody would wait for it; else
// what an hour comes to, and after an hour neither.
func TestPrecisionIn(t *testing.T) {
	for _, c := range []struct {
		took         time.Duration
		width, asked float64
		want         string
	}{
		{50 * time.Second, 0.026, 0.02, ", and at this noise --budget 84s would bring them to what was asked"},
		{50 * time.Second, 0.14, 0.02, ", and at this noise --budget 41m would bring them to what was asked"},
		{10 * time.Second, 0.37, 0.02, ", and at this noise --budget 57m would bring them to what was asked"},
		{50 * time.Second, 0.7, 0.02, ", and at this noise an hour would bring them to +-8.2 %: figures as precise as asked are out of reach here, though who leads may be told sooner"},
		{50 * time.Second, 1e12, 0.02, "figures as precise as asked are out of reach here, though who leads may be told sooner"}, // more than a Duration holds
		{2 * time.Hour, 0.04, 0.02, ", and figures as precise as asked are out of reach here"},
	} {
		if got := precisionIn(int64(c.took), c.width, c.asked); !strings.HasSuffix(got, c.want) {
			t.Errorf("+-%v after %v, %v asked: %q, want %q", c.width, c.took, c.asked, got, c.want)
		}
	}
}
