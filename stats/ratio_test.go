package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) }

// The interval narrows with more groups and lower confidence.
func TestRatioOfSumsWidth(t *testing.T) {
	width := func(y []float64, confidence float64) float64 {
		return RatioOfSums(y, slices.Repeat([]float64{1}, len(y)), confidence).HalfWidth()
	}
	few := []float64{1, 1.1, 0.9, 1}
	many := slices.Repeat(few, 2)
	if a, b := width(few, 0.95), width(many, 0.95); a <= b {
		t.Errorf("half width %v of 4 groups, %v of 8", a, b)
	}
	if a, b := width(few, 0.99), width(few, 0.95); a <= b {
		t.Errorf("half width %v at 99 %%, %v at 95 %%", a, b)
	}
}

// By hand: y 2 and 6 for x 1 and 2 -> r = 8/3, residuals -2/3 and 2/3,
// se = sqrt(8/9 * 2/1) / 8 = 1/6.
func TestRatioOfSums(t *testing.T) {
	got := RatioOfSums([]float64{2, 6}, []float64{1, 2}, 0.95)
	half := StudentQuantile(0.975, 1) / 6
	if !near(got.Est, 8.0/3) || !near(got.Lo, 8.0/3*math.Exp(-half)) || !near(got.Hi, 8.0/3*math.Exp(half)) || got.N != 2 {
		t.Errorf("got %+v", got)
	}
	if one := RatioOfSums([]float64{6}, []float64{2}, 0.95); !near(one.Est, 3) || one.Lo != 0 || !math.IsInf(one.Hi, 1) || one.N != 1 {
		t.Errorf("one group: %+v, want no interval", one)
	}
	for _, x := range [][]float64{nil, {0, 0}} {
		if none := RatioOfSums(make([]float64, len(x)), x, 0.95); !math.IsNaN(none.Est) || none.N != 0 {
			t.Errorf("x %v: %+v, want NaN", x, none)
		}
	}
	if same := RatioOfSums([]float64{3, 6, 30}, []float64{1, 2, 10}, 0.95); !near(same.Est, 3) || !near(same.Lo, 3) || !near(same.Hi, 3) {
		t.Errorf("groups that agree: %+v, want no width", same)
	}
}

// With groups of one size it is the mean and Student's interval of it.
func TestRatioOfSumsOfEqualGroups(t *testing.T) {
	y := []float64{9, 10, 12, 9}
	got := RatioOfSums(y, []float64{2, 2, 2, 2}, 0.9)
	se := math.Sqrt((1+0+4+1)/3.0/4) / 10 // mean 10
	half := se * StudentQuantile(0.95, 3)
	if !near(got.Est, 5) || !near(got.Lo, 5*math.Exp(-half)) || !near(got.Hi, 5*math.Exp(half)) || got.N != 4 {
		t.Errorf("got %+v", got)
	}
}

// Units do not matter, nor do groups in which nothing was counted.
func TestRatioOfSumsScaleAndEmptyGroups(t *testing.T) {
	y, x := []float64{31, 12, 48, 70}, []float64{3, 1, 5, 7}
	base := RatioOfSums(y, x, 0.95)
	scaled := func(v []float64, by float64) (out []float64) {
		for _, f := range v {
			out = append(out, f*by)
		}
		return out
	}
	same := func(name string, got Estimate, times float64) {
		if !near(got.Est, times*base.Est) || !near(got.Lo, times*base.Lo) || !near(got.Hi, times*base.Hi) || got.N != base.N {
			t.Errorf("%s: %+v, want %v times %+v", name, got, times, base)
		}
	}
	same("y in thousands", RatioOfSums(scaled(y, 1e-3), x, 0.95), 1e-3)
	same("x in thousands", RatioOfSums(y, scaled(x, 1e-3), 0.95), 1e3)
	same("both", RatioOfSums(scaled(y, 1e9), scaled(x, 1e9), 0.95), 1)
	same("empty groups", RatioOfSums(append([]float64{0, 0}, y...), append([]float64{0, 0}, x...), 0.95), 1)
	same("a group of y for nothing", RatioOfSums(append([]float64{99}, y...), append([]float64{0}, x...), 0.95), 1)
}

// The interval holds the truth about as often as it says, at the numbers of
// forks and the uneven groups that runs have: each fork off by a few percent,
// as a process is, and each slice in it by more.
func TestRatioOfSumsCoverage(t *testing.T) {
	const trials, truth = 20_000, 100.0
	for _, c := range []struct {
		name        string
		forks       int
		size        func(rng *rand.Rand) int // slices of a fork that count
		least, most float64                  // share of intervals that hold the truth, at 95 %
	}{
		{"8 forks of 10 slices", 8, func(*rand.Rand) int { return 10 }, 0.94, 0.96},
		{"12 forks of 1 to 20", 12, func(rng *rand.Rand) int { return 1 + rng.IntN(20) }, 0.93, 0.96},
		{"40 forks of 1 to 20", 40, func(rng *rand.Rand) int { return 1 + rng.IntN(20) }, 0.94, 0.96},
		{"30 forks, two thirds of them empty", 30, func(rng *rand.Rand) int { return max(0, rng.IntN(30)-20) }, 0.90, 0.96},
	} {
		rng := rand.New(rand.NewPCG(7, 8))
		held := 0
		for range trials {
			y, x := make([]float64, c.forks), make([]float64, c.forks)
			for i := range y {
				mine := truth * (1 + 0.03*rng.NormFloat64())
				for range c.size(rng) {
					y[i] += mine * (1 + 0.05*rng.NormFloat64())
					x[i]++
				}
			}
			if e := RatioOfSums(y, x, 0.95); e.Lo <= truth && truth <= e.Hi {
				held++
			}
		}
		share := float64(held) / trials
		t.Logf("%s: %.2f %% of intervals hold the truth", c.name, 100*share)
		if share < c.least || share > c.most {
			t.Errorf("%s: %.2f %% of 95 %% intervals hold the truth, want %.0f..%.0f %%", c.name, 100*share, 100*c.least, 100*c.most)
		}
	}
}

func momentsOf(y, x []float64) Moments {
	m := Moments{N: len(x)}
	for i := range x {
		m.X, m.Y = m.X+x[i], m.Y+y[i]
		m.XX, m.XY, m.YY = m.XX+x[i]*x[i], m.XY+x[i]*y[i], m.YY+y[i]*y[i]
	}
	return m
}

func TestRatioOfAll(t *testing.T) {
	y, x := []float64{3, 5, 9, 4}, []float64{2, 2, 2, 2}
	want := RatioOfSums(y, x, 0.9)
	got := momentsOf(y, x).RatioOfAll(math.MaxInt, 0.9)
	if !near(got.Est, want.Est) || !near(got.Lo, want.Lo) || !near(got.Hi, want.Hi) || got.N != 4 {
		t.Errorf("of a large population: %+v, want that of independent groups, %+v", got, want)
	}
	half := momentsOf(y, x).RatioOfAll(8, 0.9)
	if !near(math.Log(half.Hi/half.Est), math.Sqrt(0.5)*math.Log(want.Hi/want.Est)) {
		t.Errorf("half of it drawn: %+v, want sqrt(1/2) of the width of %+v", half, want)
	}
	if all := momentsOf(y, x).RatioOfAll(4, 0.9); all.Lo != all.Est || all.Hi != all.Est {
		t.Errorf("all of it drawn: %+v, want no width", all)
	}
	if one := momentsOf(y[:1], x[:1]).RatioOfAll(8, 0.9); one.Est != 1.5 || one.Lo != 0 || !math.IsInf(one.Hi, 1) {
		t.Errorf("one item: %+v, want an interval of everything", one)
	}
	if same := momentsOf([]float64{1, 3, 7, 1}, []float64{0.1, 0.3, 0.7, 0.1}).RatioOfAll(8, 0.9); same.Hi/same.Lo-1 > 1e-6 {
		t.Errorf("items of one ratio: %+v, want next to no width", same)
	}
	even := momentsOf([]float64{3, 5, 9, 4, 0, 0}, []float64{2, 2, 2, 2, 1e-9, 1e-9}).RatioOfAll(math.MaxInt, 0.9)
	if math.Abs(even.Hi/want.Hi-1) > 1e-3 {
		t.Errorf("with two more items of next to no size: %+v, want %+v", even, want)
	}
}

// The interval holds the ratio of all items about as often as it says, also where few
// files are as large as all others together and large ones compress better.
func TestRatioOfAllCoverage(t *testing.T) {
	const trials, population = 4_000, 800
	rng := rand.New(rand.NewPCG(9, 10))
	x, y := make([]float64, population), make([]float64, population)
	for i := range x {
		y[i] = math.Exp(8 + 1.5*rng.NormFloat64()) // bytes; the median has 3000
		x[i] = y[i] / (1.5 + 0.2*math.Log(y[i])*math.Exp(0.3*rng.NormFloat64()))
	}
	truth := momentsOf(y, x).RatioOfAll(population, 0.95).Est
	for _, c := range []struct {
		drawn       int
		least, most float64
	}{{16, 0.88, 0.97}, {64, 0.90, 0.97}, {150, 0.92, 0.97}} {
		held := 0
		for range trials {
			var drawnX, drawnY []float64
			for _, i := range rng.Perm(population)[:c.drawn] {
				drawnX, drawnY = append(drawnX, x[i]), append(drawnY, y[i])
			}
			if e := momentsOf(drawnY, drawnX).RatioOfAll(population, 0.95); e.Lo <= truth && truth <= e.Hi {
				held++
			}
		}
		share := float64(held) / trials
		t.Logf("%d of %d items: %.2f %% of intervals hold the truth", c.drawn, population, 100*share)
		if share < c.least || share > c.most {
			t.Errorf("%d of %d items: %.2f %% of 95 %% intervals hold the truth, want %.0f..%.0f %%", c.drawn, population, 100*share, 100*c.least, 100*c.most)
		}
	}
}
