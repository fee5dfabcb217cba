package result

import "testing"

func TestForkP99(t *testing.T) {
	for _, c := range []struct {
		counted [][2]int64
		want    int64
		ok      bool
	}{
		{nil, 0, false},
		{[][2]int64{{5, 0}}, 0, false},
		{[][2]int64{{5, 1}}, 5, true},
		{[][2]int64{{5, 99}, {9, 1}}, 5, true},
		{[][2]int64{{5, 98}, {9, 2}}, 9, true},
	} {
		if got, ok := forkTask(0.99)(nil, &Fork{TaskNS: c.counted}); int64(got) != c.want || ok != c.ok {
			t.Errorf("p99 of %v = %v, %v, want %d, %v", c.counted, got, ok, c.want, c.ok)
		}
	}
}
