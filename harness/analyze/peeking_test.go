package analyze

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"zstdshop/stats"
)

// noises are ways in which the log quotient of a turn of equals may scatter.
var noises = []struct {
	name string
	// turn draws one; state is the run's own
	turn func(rng *rand.Rand, state *float64) float64
}{
	{"normal", func(rng *rand.Rand, _ *float64) float64 { return 0.1 * rng.NormFloat64() }},
	{"heavy tails", func(rng *rand.Rand, _ *float64) float64 {
		return 0.05 * rng.NormFloat64() / math.Sqrt((math.Pow(rng.NormFloat64(), 2)+math.Pow(rng.NormFloat64(), 2))/2)
	}},
	{"a machine of two speeds", func(rng *rand.Rand, _ *float64) float64 {
		x := 0.03 * rng.NormFloat64()
		switch rng.IntN(10) {
		case 0:
			x += 0.5
		case 1:
			x -= 0.5
		}
		return x
	}},
	{"bursts that last for many turns", func(rng *rand.Rand, state *float64) float64 {
		if rng.IntN(20) == 0 {
			*state = 0.02 * math.Exp(1.5*rng.NormFloat64())
		}
		return max(*state, 0.01) * rng.NormFloat64()
	}},
	{"turns that go with the one before", func(rng *rand.Rand, state *float64) float64 {
		*state = 0.8**state + 0.03*rng.NormFloat64()
		return *state
	}},
}

// Looking again and again at equals and stopping at the first difference must lie in at
// most 1 % of cases, with everything that is between turns and a verdict in between:
// rounds that grow, Huber's estimate of all of them, weights. A t-test at every look lies
// many times as often, which shows that the test can fail.
func TestPairSequencePeeking(t *testing.T) {
	runs := 250 // 2,000 of 30 rounds give 0.2 to 0.7 %
	if testing.Short() {
		runs = 60
	}
	wrong, naive := 0, 0
	for _, c := range noises {
		// How far forks differ: less than 15 turns leave open, as much, and more.
		for _, forks := range []float64{0.005, 0.02, 0.05} {
			w, n := peek(t, fmt.Sprintf("%s, forks differ by %v", c.name, forks), runs, forks, c.turn)
			wrong, naive = wrong+w, naive+n
		}
	}
	if naive <= 2*wrong {
		t.Errorf("a t-test at every look calls %d different, intervals %d: the test shows nothing", naive, wrong)
	}
}

// peek returns how many of so many runs ever called equals different, by intervals and by
// a t-test at every look.
func peek(t *testing.T, name string, runs int, forks float64, draw func(*rand.Rand, *float64) float64) (wrong, naive int) {
	const rounds = 20
	rng := rand.New(rand.NewPCG(11, 12))
	for range runs {
		state := 0.0
		var a, b []forkFigures
		said, saidNaive := false, false
		turns := 15.0
		for round := range rounds {
			fork := rng.NormFloat64() * forks
			old, new := forkFigures{fork: round}, forkFigures{fork: round}
			for turn := range int(turns) {
				old.turns = append(old.turns, turnFigures{turn: turn})
				new.turns = append(new.turns, turnFigures{turn: turn, log: fork + draw(rng, &state)})
			}
			a, b = append(a, old), append(b, new)
			if turns < 60 {
				turns *= 1.3
			}
			if n := round + 1; n < MinPairs || n > 12 && n%3 != 0 {
				continue
			}
			s := pairSequence(a, b)
			lo, hi := s.Interval(VerdictError)
			said = said || lo > 0 || hi < 0
			half := s.SE() * stats.StudentQuantile(1-VerdictError/2, s.Degrees())
			saidNaive = saidNaive || math.Abs(s.Mean()) > half
		}
		if said {
			wrong++
		}
		if saidNaive {
			naive++
		}
	}
	t.Logf("%-60s %5.2f %% of equals called different, %5.2f %% by a t-test at every look", name, 100*float64(wrong)/float64(runs), 100*float64(naive)/float64(runs))
	// The 99.9 % bound of so many draws at 1 %.
	if bound := 0.01 + 3.1*math.Sqrt(0.01*0.99/float64(runs)); float64(wrong)/float64(runs) > bound {
		t.Errorf("%s: %d of %d equals called different, want at most 1 %%", name, wrong, runs)
	}
	return wrong, naive
}

// The standard error that comes with an answer is how far answers of equals scatter: what
// is said of a turn far off must not make the others look surer than they are.
func TestPairSequenceKnowsItsDoubt(t *testing.T) {
	const runs, rounds, turns = 400, 12, 20
	for _, c := range noises {
		rng := rand.New(rand.NewPCG(13, 14))
		off, said := 0.0, 0.0
		for range runs {
			state := 0.0
			var a, b []forkFigures
			for round := range rounds {
				old, new := forkFigures{fork: round}, forkFigures{fork: round}
				for turn := range turns {
					old.turns = append(old.turns, turnFigures{turn: turn})
					new.turns = append(new.turns, turnFigures{turn: turn, log: c.turn(rng, &state)})
				}
				a, b = append(a, old), append(b, new)
			}
			s := pairSequence(a, b)
			off, said = off+s.Mean()*s.Mean(), said+s.SE()*s.SE()
		}
		if ratio := math.Sqrt(off / said); ratio < 0.85 || ratio > 1.12 {
			t.Errorf("%s: answers scatter %.2f times as far as they say", c.name, ratio)
		}
	}
}
