package analyze

import (
	"math"
	"math/rand/v2"
	"testing"

	"zstdshop/harness/result"
	"zstdshop/stats"
)

// What forks say of a bound: how far they scatter, and no more than how many kept it.
func TestChanceByForks(t *testing.T) {
	for _, c := range []struct {
		name     string
		whole    float64
		forks    []float64 // margins
		all      scatter   // of all cells
		from, to float64
	}{
		{"no forks", 2, nil, scatter{}, 1, 1},
		{"one fork says nothing of the next", 0.5, []float64{2}, scatter{}, 0, 0},
		{"all the same", 1.1, []float64{1.1, 1.1, 1.1}, scatter{}, 1, 1},
		{"far within", 5, []float64{5, 6, 4, 5, 5, 6, 4, 5}, scatter{}, 0.999, 1},
		{"near, and scattered", 1.05, []float64{1.3, 1.01, 1.2, 1.02}, scatter{}, 0.6, 0.9},
		{"all of eight keep it, but one barely", 2.6, []float64{8, 8, 8, 8, 8, 8, 8, 1.01}, scatter{}, 0.99, 1},
		{"two of eight miss a bound that the figure keeps far", 5.6, []float64{6, 6, 6, 6, 6, 6, 0.4, 0.3}, scatter{}, 0.8, 1 - 37./256},
		{"half of them miss it", 2, []float64{3, 0.5, 3, 0.5}, scatter{}, 0.1, 0.5},
		{"without", 0.5, []float64{0.5, 0.6, 0.4, 0.5}, scatter{}, 0, 0.01},
		{"one fork, far within for how others scatter", 5, []float64{5}, scatter{0.3, 9}, 0.99, 1},
		{"one fork, for how others scatter", 5, []float64{5}, scatter{1.5, 9}, 0.8, 0.9},
		{"two forks that scatter as all do", 2.6, []float64{10, 1.8}, scatter{1.2, 9}, 0.8, 0.95},
		{"enough forks of its own", 5, []float64{5, 6, 4, 5, 5, 6, 4, 5}, scatter{10, 9}, 0.999, 1},
	} {
		if got := chanceByForks(c.whole, c.forks, c.all); got < c.from || got > c.to {
			t.Errorf("%s: %v, want %v to %v", c.name, got, c.from, c.to)
		}
	}
}

// Of two scores the sides of their intervals that face each other tell.
func TestBetterByFacingSides(t *testing.T) {
	g := Goal{aim: aimSpeed, ratio: func(*result.CellResult) float64 { return 1 }}
	cell := option{cell: new(result.CellResult)}
	slow, fast := candidate{cell, 0, 0.01, 0.3, 1e6}, candidate{cell, 0.5, 0.4, 0.01, 1e6}
	if got := better(slow, fast, g); math.Abs(got-0.1587) > 1e-3 { // 0.5 of a standard error of 0.5
		t.Errorf("the slower one: %v", got)
	}
	if got := better(fast, slow, g); math.Abs(got-0.8413) > 1e-3 {
		t.Errorf("the faster one: %v", got)
	}
}

// How much longer it takes to tell grows as the chance nears one half.
func TestToTell(t *testing.T) {
	for _, c := range []struct{ chance, want float64 }{{0, 1}, {1, 1}, {0.99, 1}, {0.975, 1}, {0.8413447, 3.8415}, {0.1586553, 3.8415}} {
		if got := toTell(c.chance); math.Abs(got-c.want) > 1e-3 {
			t.Errorf("%v: %v, want %v", c.chance, got, c.want)
		}
	}
	if got := toTell(0.5); got < 1e6 {
		t.Errorf("one half: %v", got)
	}
}

// simulated is a run of cells with those true speeds and ratios: intervals of few pairs of
// rounds, whose logarithms scatter by 5 %.
func simulated(rng *rand.Rand, speeds, ratios []float64) *result.Result {
	const pairs, scatter, confidence = 4, 0.05, 0.95
	r := &result.Result{Plan: result.PlanInfo{Confidence: confidence, Elapsed: 40e9}}
	for i, speed := range speeds {
		var logs [pairs]float64
		mean, square := 0.0, 0.0
		for k := range logs {
			logs[k] = math.Log(speed) + scatter*rng.NormFloat64()
			mean += logs[k] / pairs
		}
		for _, l := range logs {
			square += (l - mean) * (l - mean)
		}
		half := math.Sqrt(square/(pairs-1)/pairs) * stats.StudentQuantile(0.5+confidence/2, pairs-1)
		c := frontCell("good", i+1, i+1, ratios[i], math.Exp(mean), 0)
		lo, hi := math.Exp(mean-half), math.Exp(mean+half)
		c.MBPerS.Lo, c.MBPerS.Hi, c.Forks = &lo, &hi, 2*pairs
		c.Name = c.Cell.Name()
		r.Cells = append(r.Cells, c)
	}
	return r
}

// What an answer is said to be sure of, all of it, is wrong no more often than said: that
// the cell taken keeps the bound, and that no better one does.
func TestAnswersAreAsSureAsTheySay(t *testing.T) {
	const bound = 100.0
	runs := 1000
	if testing.Short() {
		runs = 250
	}
	equal := func(speed float64) func(*rand.Rand, []float64) {
		return func(_ *rand.Rand, speeds []float64) {
			for i := range speeds {
				speeds[i] = speed
			}
		}
	}
	for _, c := range []struct {
		name   string
		goal   string
		spread bool                        // truths are spread further than errors: then of the claims, too
		draw   func(*rand.Rand, []float64) // true speeds, of which the later ones compress more
	}{
		{"all just keep it", "compress>=100MB/s", false, equal(bound * 1.0001)},
		{"none quite keeps it but the first", "compress>=100MB/s", false, func(_ *rand.Rand, speeds []float64) {
			equal(bound*0.9999)(nil, speeds)
			speeds[0] = 3 * bound
		}},
		{"one of them better, and just within", "compress>=100MB/s", false, func(_ *rand.Rand, speeds []float64) {
			equal(2*bound)(nil, speeds)
			speeds[len(speeds)-1] = bound * 1.0001
		}},
		{"anywhere near", "compress>=100MB/s", true, func(rng *rand.Rand, speeds []float64) {
			for i := range speeds {
				speeds[i] = bound * math.Exp(0.2*rng.NormFloat64())
			}
			speeds[0] = 3 * bound
		}},
		{"the most speed of near equals", "speed,compress>=100MB/s", true, func(rng *rand.Rand, speeds []float64) {
			for i := range speeds {
				speeds[i] = bound * math.Exp(0.05*rng.NormFloat64())
			}
		}},
	} {
		g, err := ParseGoal(c.goal)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(21, 34))
		speeds, ratios := make([]float64, 4), []float64{2, 2.5, 3, 3.5}
		sure := []float64{0.95, 0.99}
		claims, wrong := make([]int, len(sure)), make([]int, len(sure))
		for range runs {
			c.draw(rng, speeds)
			all, err := Recommend(simulated(rng, speeds, ratios), g)
			if err != nil {
				t.Fatal(err)
			}
			a := all[0]
			for i := range sure {
				if a.Cell == "" || a.Probability < sure[i] {
					continue
				}
				if claims[i]++; *a.Level-1 != bestOf(speeds, ratios, bound, g) {
					wrong[i]++
				}
			}
		}
		for i, p := range sure {
			t.Logf("%s, at %.0f %%: %d of %d runs say so, %d wrong", c.name, 100*p, claims[i], runs, wrong[i])
			if most := 1 - p + 3.1*math.Sqrt(p*(1-p)/float64(runs)); float64(wrong[i]) > most*float64(runs) {
				t.Errorf("%s, at %.0f %%: %d of %d runs wrong", c.name, 100*p, wrong[i], runs)
			}
			if c.spread && float64(wrong[i]) > (1-p)*float64(claims[i])+3.1*math.Sqrt((1-p)*float64(claims[i])) {
				t.Errorf("%s, at %.0f %%: %d of %d claims wrong", c.name, 100*p, wrong[i], claims[i])
			}
		}
	}
}

// bestOf is the index of the cell that is truly the one to take, -1 for none.
func bestOf(speeds, ratios []float64, bound float64, g Goal) int {
	best := -1
	for i := range speeds {
		switch {
		case speeds[i] < bound:
		case best < 0, g.aim == aimSize && ratios[i] > ratios[best], g.aim == aimSpeed && speeds[i] > speeds[best]:
			best = i
		}
	}
	return best
}
