package result

import (
	"math"
	"testing"
)

func TestDigits(t *testing.T) {
	for _, c := range []struct {
		v    float64
		n    int
		want string
	}{
		{183, 2, "180"}, {99.6, 2, "100"}, {2.04, 2, "2"}, {2.56, 2, "2.6"}, {0.00004, 2, "0.00004"}, {0, 3, "0"},
		{1511.4, 3, "1510"}, {-183, 2, "-180"}, {12345.6, 4, "12350"}, {math.Inf(1), 2, "+Inf"}, {math.NaN(), 2, "NaN"},
	} {
		if got := Digits(c.v, c.n); got != c.want {
			t.Errorf("%v with %d: %s, want %s", c.v, c.n, got, c.want)
		}
	}
}
