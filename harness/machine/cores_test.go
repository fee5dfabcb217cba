package machine

import (
	"slices"
	"testing"
)

func TestParseCoreTimes(t *testing.T) {
	for _, c := range []struct {
		name, stat string
		want       []CoreTime
	}{
		{"two CPUs", "cpu  30 0 0 170 0 0 0 0 0 0\ncpu0 10 0 0 90 0 0 0 0 0 0\ncpu1 20 0 0 80 0 0 0 0 0 0\nintr 1 2 3\n", []CoreTime{{10, 100}, {20, 100}}},
		{"waiting for a disk is idle, time of guests is in user's", "cpu0 40 0 5 130 20 0 0 5 50 0\n", []CoreTime{{50, 200}}},
		{"no such file", "", nil},
		{"no CPU", "intr 1\n", nil},
		{"not a number", "cpu0 40 0 x 130\n", nil},
	} {
		if got := parseCoreTimes(c.stat); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
