package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// By hand: values -1 and 1, four of each, have a variance of 8/7. Parts that explain 8/7
// too, with 33 degrees, are believed a third: nothing changes but the degrees of freedom,
// 1 / (4/9/7 + 1/9/33).
func TestSequenceWithinByHand(t *testing.T) {
	s := sequenceOf(-1, 1, -1, 1, -1, 1, -1, 1)
	before := s.SE()
	s.Within(8.0/7, 33)
	if want := 1 / (4.0/9/7 + 1.0/9/33); !near(s.SE(), before) || !near(s.Degrees(), want) {
		t.Errorf("standard error %v with %v degrees, want %v with %v", s.SE(), s.Degrees(), before, want)
	}
	s.Within(8.0/7/1.5, 33) // values scatter as far as makes parts worth nothing
	if !near(s.SE(), before) || !near(s.Degrees(), 7) {
		t.Errorf("unlike their parts: standard error %v with %v degrees, want %v with 7", s.SE(), s.Degrees(), before)
	}
	s.Within(4*8.0/7, 33) // values that happen to agree
	if want := math.Sqrt(0.5*8/7/8 + 0.5*4*8/7/8); !near(s.SE(), want) {
		t.Errorf("values that agree better than their parts explain: standard error %v, want %v", s.SE(), want)
	}
}

func TestSequenceWithinPValueMatchesInterval(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var s Sequence
	for range 9 {
		s.AddWeighted(0.3+rng.NormFloat64(), 1+rng.Float64())
	}
	s.Within(1, 50)
	for _, alpha := range []float64{0.2, 0.05, 0.01, 1e-4} {
		lo, hi := s.Interval(alpha)
		for _, edge := range []float64{lo, hi} {
			if got := s.PValue(edge); math.Abs(got/alpha-1) > 1e-6 {
				t.Errorf("alpha %v: p-value %v at the interval's end", alpha, got)
			}
		}
	}
	if n := s.Needed(0.01, 0.3, 10_000); s.halfWidth(0.01, float64(n)) > 0.3 || s.halfWidth(0.01, float64(n)/1.1-1) <= 0.3 {
		t.Errorf("%d values give +-%v", n, s.halfWidth(0.01, float64(n)))
	}
}

// Means of five parts each, looked at from the eighth on: intervals must miss their mean in
// at most 1 % of runs whatever values have beside their parts, and be narrower where they
// have nothing.
func TestSequenceWithin(t *testing.T) {
	const runs, values, parts, first, alpha = 2_000, 40, 5, 8, 0.01
	for _, own := range []float64{0, 0.25, 0.5, 1, 2, 16} { // variance of values over that of their parts' mean
		rng := rand.New(rand.NewPCG(9, 10))
		missed, narrower := 0, 0.0
		for range runs {
			var s, plain Sequence
			squares, wrong := 0.0, false
			for n := 1; n <= values; n++ {
				off := rng.NormFloat64() * math.Sqrt(own/parts)
				var inside Sequence
				for range parts {
					inside.Add(off + rng.NormFloat64())
				}
				squares += inside.squares
				s.Add(inside.Mean())
				plain.Add(inside.Mean())
				degrees := float64(n * (parts - 1))
				s.Within(squares/degrees/parts, degrees)
				if n < first {
					continue
				}
				lo, hi := s.Interval(alpha)
				wrong = wrong || lo > 0 || hi < 0
				if n == first {
					narrower += math.Log(s.halfWidth(alpha, first)/plain.halfWidth(alpha, first)) / runs
				}
			}
			if wrong {
				missed++
			}
		}
		width := math.Exp(narrower)
		t.Logf("%4v of the parts' own: %.2f %% miss, %.2f times as wide", own, 100*float64(missed)/runs, width)
		if bound := alpha + 3.1*math.Sqrt(alpha*(1-alpha)/runs); float64(missed)/runs > bound {
			t.Errorf("%v of the parts' own: %d of %d miss, want at most 1 %%", own, missed, runs)
		}
		if own == 0 && width > 0.85 || width > 1.1 {
			t.Errorf("%v of the parts' own: %.2f times as wide as without parts", own, width)
		}
	}
}
