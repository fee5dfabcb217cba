package stats

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

func curve(x1, contention, coherence float64, n []float64, noise float64, rng *rand.Rand) []float64 {
	x := make([]float64, len(n))
	for i, w := range n {
		x[i] = x1 * w / (1 + contention*(w-1) + coherence*w*(w-1)) * math.Exp(noise*rng.NormFloat64())
	}
	return x
}

var upTo64 = []float64{1, 2, 4, 8, 12, 16, 24, 32, 40, 48, 56, 64}

// Without noise the constants come back, Amdahl's law and perfect scaling too.
func TestFitUSLExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct{ x1, contention, coherence, peak float64 }{
		{100, 0.05, 0.0005, math.Sqrt(0.95 / 0.0005)},
		{3, 0.2, 0.01, math.Sqrt(0.8 / 0.01)},
		{50, 0.1, 0, math.Inf(1)}, // Amdahl
		{7, 0, 0, math.Inf(1)},    // perfect
		{7, 0, 0.001, math.Sqrt(1 / 0.001)},
	} {
		u, err := FitUSL(upTo64, curve(c.x1, c.contention, c.coherence, upTo64, 0, rng), 0.95)
		if err != nil {
			t.Fatal(err)
		}
		close := func(got, want float64) bool { return math.Abs(got-want) < 1e-6*(1+want) }
		if !close(u.X1, c.x1) || !close(u.Contention.Est, c.contention) || !close(u.Coherence.Est, c.coherence) {
			t.Errorf("%+v: got %+v", c, u)
		}
		if c.coherence > 0 && !close(u.Peak, c.peak) {
			t.Errorf("%+v: peak %v", c, u.Peak)
		}
		if got, want := u.Throughput(10), c.x1*10/(1+c.contention*9+c.coherence*90); !close(got, want) {
			t.Errorf("%+v: throughput of 10 workers %v, want %v", c, got, want)
		}
	}
}

// With 2 % noise the constants come back within 5 %, or the interval holds them as
// often as it says.
func TestFitUSLWithNoise(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	const runs = 500
	for _, c := range []struct{ contention, coherence float64 }{{0.05, 0.0005}, {0.2, 0.001}, {0.02, 0.0001}, {0.1, 0}, {0, 0.0005}} {
		heldA, heldB, near := 0, 0, 0
		for range runs {
			u, err := FitUSL(upTo64, curve(100, c.contention, c.coherence, upTo64, 0.02, rng), 0.95)
			if err != nil {
				t.Fatal(err)
			}
			inside := func(e Estimate, v float64) bool { return e.Lo <= v && v <= e.Hi }
			within := func(e Estimate, v float64) bool { return math.Abs(e.Est-v) <= 0.05*v }
			if inside(u.Contention, c.contention) {
				heldA++
			}
			if inside(u.Coherence, c.coherence) {
				heldB++
			}
			if (within(u.Contention, c.contention) || inside(u.Contention, c.contention)) && (within(u.Coherence, c.coherence) || inside(u.Coherence, c.coherence)) {
				near++
			}
		}
		t.Logf("contention %v, coherence %v: intervals hold them in %.1f and %.1f %%, within 5 %% or held %.1f %%", c.contention, c.coherence,
			100*float64(heldA)/runs, 100*float64(heldB)/runs, 100*float64(near)/runs)
		if min(heldA, heldB) < 0.92*runs {
			t.Errorf("contention %v, coherence %v: 95 %% intervals hold them in %d and %d of %d", c.contention, c.coherence, heldA, heldB, runs)
		}
	}
}

// What does not carry three constants is refused, not fitted.
func TestFitUSLRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		n, x []float64
		few  bool
	}{
		{"two cores", []float64{1, 2}, []float64{100, 190}, true},
		{"many runs of two cores", []float64{1, 1, 1, 2, 2, 2}, []float64{100, 101, 99, 190, 191, 189}, true},
		{"a narrow range", []float64{16, 20, 24, 28, 32}, []float64{1, 1, 1, 1, 1}, true},
		{"nothing", nil, nil, true},
		{"no throughput", []float64{1, 2, 4, 8, 16}, []float64{1, 2, 0, 4, 5}, false},
		{"no worker", []float64{0, 2, 4, 8, 16}, []float64{1, 2, 3, 4, 5}, false},
	} {
		if _, err := FitUSL(c.n, c.x, 0.95); err == nil || errors.Is(err, ErrTooFewPoints) != c.few {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
