package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

func sequenceOf(xs ...float64) (s Sequence) {
	for _, x := range xs {
		s.Add(x)
	}
	return s
}

func TestSequenceMoments(t *testing.T) {
	s := sequenceOf(1, 2, 3, 4)
	if !near(s.Mean(), 2.5) || !near(s.SE(), math.Sqrt(5.0/3/4)) || s.N != 4 {
		t.Errorf("mean %v, standard error %v of %d", s.Mean(), s.SE(), s.N)
	}
	if !math.IsNaN(Sequence{}.Mean()) || !math.IsNaN(sequenceOf(1).SE()) {
		t.Error("no value has no mean, one no standard error")
	}
}

// By hand for n = 8, alpha = 0.01, c^2 = 1: K = (3/0.01)^(1/4), q = 9 (1-1/K).
func TestSequenceInterval(t *testing.T) {
	s := sequenceOf(-1, 1, -1, 1, -1, 1, -1, 1) // variance 1
	k := math.Pow(300, 0.25)
	q := 9 * (1 - 1/k)
	want := math.Sqrt(q / (8 - q))
	if lo, hi := s.Interval(0.01); !near(hi, want) || !near(lo, -want) {
		t.Errorf("%v..%v, want +-%v", lo, hi, want)
	}
	if lo, hi := sequenceOf(1, 2).Interval(0.01); !math.IsInf(lo, -1) || !math.IsInf(hi, 1) {
		t.Errorf("two values: %v..%v, want no bound", lo, hi)
	}
}

// Three values far from zero say so, by hand for c^2 = 0.001 and alpha = 0.01; Interval
// says nothing of them.
func TestSequenceFarInterval(t *testing.T) {
	s := sequenceOf(99, 100, 101) // variance 2/3, divided by n
	k := math.Pow(math.Sqrt(3001)/0.01, 2./3)
	q := 3.001 * (1 - 1/k)
	want := math.Sqrt(2./3) * math.Sqrt(q/(3-q))
	if lo, hi := s.FarInterval(0.01); !near(hi, 100+want) || !near(lo, 100-want) {
		t.Errorf("%v..%v, want 100 +-%v", lo, hi, want)
	}
	if _, hi := s.Interval(0.01); !math.IsInf(hi, 1) {
		t.Errorf("Interval ends at %v", hi)
	}
	if _, hi := sequenceOf(100, 101).FarInterval(0.01); !math.IsInf(hi, 1) {
		t.Errorf("two values: %v, want no bound", hi)
	}
}

// The p-value and the interval are two views of one thing.
func TestSequencePValueMatchesInterval(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var s Sequence
	for range 20 {
		s.Add(0.3 + rng.NormFloat64())
	}
	for _, alpha := range []float64{0.2, 0.05, 0.01, 1e-4} {
		lo, hi := s.Interval(alpha)
		for _, edge := range []float64{lo, hi} {
			if got := s.PValue(edge); math.Abs(got/alpha-1) > 1e-6 {
				t.Errorf("alpha %v: p-value %v at the interval's end", alpha, got)
			}
		}
		lo, hi = s.FarInterval(alpha)
		for _, edge := range []float64{lo, hi} {
			if got := s.FarPValue(edge); math.Abs(got/alpha-1) > 1e-6 {
				t.Errorf("alpha %v: p-value %v at the end of the interval for far effects", alpha, got)
			}
		}
	}
	if got := s.PValue(s.Mean()); got != 1 {
		t.Errorf("p-value of the mean itself %v, want 1", got)
	}
}

func TestSequenceNeeded(t *testing.T) {
	s := sequenceOf(-1, 1, -1, 1, -1, 1, -1, 1)
	n := s.Needed(0.01, 0.5, 10_000)
	if s.halfWidth(0.01, float64(n)) > 0.5 || s.halfWidth(0.01, float64(n)/1.1-1) <= 0.5 {
		t.Errorf("%d values give +-%v", n, s.halfWidth(0.01, float64(n)))
	}
	if got := s.Needed(0.01, 1e-9, 10_000); got != 10_000 {
		t.Errorf("out of reach: %d, want the limit", got)
	}
}

// Looking after every pair and stopping at the first "significant" one must
// lie in at most alpha of cases: normal values, heavy tails, two speeds, drift
// and correlation between neighbours' magnitudes. 10,000 nulls each; a naive
// t-test lies in more than ten times as many and shows that the test can fail.
func TestSequencePeeking(t *testing.T) {
	const nulls, looks, first, alpha = 10_000, 120, 8, 0.01
	for _, c := range []struct {
		name string
		draw func(rng *rand.Rand, i int, state *float64) float64
	}{
		{"normal", func(rng *rand.Rand, _ int, _ *float64) float64 { return rng.NormFloat64() }},
		{"heavy tails (t with 2 degrees)", func(rng *rand.Rand, _ int, _ *float64) float64 {
			return rng.NormFloat64() / math.Sqrt((math.Pow(rng.NormFloat64(), 2)+math.Pow(rng.NormFloat64(), 2))/2)
		}},
		{"two speeds, one side caught in the slow one at times", func(rng *rand.Rand, _ int, _ *float64) float64 {
			x := 0.1 * rng.NormFloat64()
			switch rng.IntN(10) {
			case 0:
				x += 5
			case 1:
				x -= 5
			}
			return x
		}},
		{"noise that drifts", func(rng *rand.Rand, i int, _ *float64) float64 {
			return rng.NormFloat64() * (1 + 4*math.Abs(math.Sin(float64(i)/20)))
		}},
		{"noise that comes in bursts", func(rng *rand.Rand, _ int, state *float64) float64 {
			*state = 0.9**state + 0.5*rng.NormFloat64()
			return rng.NormFloat64() * math.Exp(*state)
		}},
	} {
		rng := rand.New(rand.NewPCG(3, 4))
		lies, naive := 0, 0
		for range nulls {
			var s Sequence
			state, lied, fooled := 0.0, false, false
			for i := range looks {
				s.Add(c.draw(rng, i, &state))
				if s.N < first {
					continue
				}
				lo, hi := s.Interval(alpha)
				lied = lied || lo > 0 || hi < 0
				fooled = fooled || math.Abs(s.Mean()) > 2.7*s.SE() // about 1 % at one look
			}
			if lied {
				lies++
			}
			if fooled {
				naive++
			}
		}
		share := float64(lies) / nulls
		t.Logf("%s: %.2f %% of nulls called different; by a t-test at every look %.2f %%", c.name, 100*share, 100*float64(naive)/nulls)
		if share > alpha {
			t.Errorf("%s: %.2f %% of nulls called different, promised %.0f %%", c.name, 100*share, 100*alpha)
		}
		if naive < 3*lies {
			t.Errorf("%s: the naive test lies as seldom (%d against %d): this test shows nothing", c.name, naive, lies)
		}
	}
}
