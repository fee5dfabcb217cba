package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// tigerBeetle is nightly throughput of TigerBeetle, as the tests of Apache Otava
// have it (apache/otava, tests/tigerbeetle_test.py, Apache License 2.0): a spike
// at 10, changes of 12 % at 15 and 16 % at 71, then changes of 5 % and less.
var tigerBeetle = []float64{
	26705, 26475, 26641, 26806, 26835, 26911, 26564, 26812, 26874, 26682, 15672, 26745, 26460, 26977, 26851,
	23412, 23547, 23674, 23519, 23670, 23662, 23462, 23750, 23717, 23524, 23588, 23687, 23793, 23937, 23715,
	23570, 23730, 23690, 23699, 23670, 23860, 23988, 23652, 23681, 23798, 23728, 23604, 23523, 23412, 23685,
	23773, 23771, 23718, 23409, 23739, 23674, 23597, 23682, 23680, 23711, 23660, 23990, 23938, 23742, 23703,
	23536, 24363, 24414, 24483, 24509, 24944, 24235, 24560, 24236, 24667, 24730, 28346, 28437, 28436, 28057,
	28217, 28456, 28427, 28398, 28250, 28331, 28222, 28726, 28578, 28345, 28274, 28514, 28590, 28449, 28305,
	28411, 28788, 28404, 28821, 28580, 27483, 26805, 27487, 27124, 26898, 27295, 26951, 27312, 27660, 27154,
	27050, 26989, 27193, 27503, 27326, 27375, 27513, 27057, 27421, 27574, 27609, 27123, 27824, 27644, 27394,
	27836, 27949, 27702, 27457, 27272, 28207, 27802, 27516, 27586, 28005, 27768, 28543, 28237, 27915, 28437,
	28342, 27733, 28296, 28524, 28687, 28258, 28611, 29360, 28590, 29641, 28965, 29474, 29256, 28611, 28205,
	28539, 27962, 28398, 28509, 28240, 28592, 28102, 28461, 28578, 28669, 28507, 28535, 28226, 28536, 28561,
	28087, 27953, 28398, 28007, 28518, 28337, 28242, 28607, 28545, 28514, 28377, 28010, 28412, 28633, 28576,
	28195, 28637, 28724, 28466, 28287, 28719, 28425, 28860, 28842, 28604, 28327, 28216, 28946, 28918, 29287,
	28725, 29148, 29541, 29137, 29628, 29087, 28612, 29154, 29108, 28884, 29234, 28695, 28969, 28809, 28695,
	28634, 28916, 29852, 29389, 29757, 29531, 29363, 29251, 29552, 29561, 29046, 29795, 29022, 29395, 28921,
	29739, 29257, 29455, 29376, 29528, 28909, 29492, 28984, 29621, 29026, 29457, 29102, 29114, 28924, 29162,
	29259, 29554, 29616, 29211, 29367, 29460, 28836, 29645, 29586, 28848, 29324, 28969, 29150, 29243, 29081,
	29312, 28923, 29272, 29117, 29072, 29529, 29737, 29652, 29612, 29856, 29012, 30402, 29969, 29309, 29439,
	29285, 29421, 29023, 28772, 29692, 29416, 29267, 29542, 29904, 30045, 29739, 29945, 29141, 29163, 29765,
	29197, 29441, 28910, 29504, 29614, 29643, 29506, 29420, 29672, 29432, 29784, 29888, 29309, 29247, 29816,
	29254, 29813, 29451, 29382, 29618, 28558, 29845, 29499, 29283, 29184, 29246, 28790, 29952, 29145, 29415,
	30437, 29227, 29605, 29859, 29156, 29807, 29406, 29734, 29861, 29140, 29983, 29832, 29919, 29896, 29991,
	29266, 29001, 29459, 29548, 29310, 29042, 29303, 29894, 29091, 29018, 29537, 29614, 29180, 29736, 29500,
	29218, 29581, 28906, 28542, 29306, 28987, 29878, 28865, 30272, 29707, 29662, 29815, 30492, 29347, 30096,
	29054, 30238, 28813, 31895, 28915,
}

// Both large changes and no spike; asked for less, more changes, still no spike.
func TestChangesOfTigerBeetle(t *testing.T) {
	index := func(cs []Change) (out []int) {
		for _, c := range cs {
			out = append(out, c.Index)
		}
		return out
	}
	large := Changes(tigerBeetle, ChangeOptions{MinSize: 0.05})
	if got := index(large); !slices.Equal(got, []int{15, 71}) {
		t.Fatalf("changes of 5 %% and more at %v, want 15 and 71", got)
	}
	for i, want := range []float64{-0.11, 0.21} {
		if math.Abs(large[i].Size()-want) > 0.03 {
			t.Errorf("change at %d is of %+.3f, want about %+.2f", large[i].Index, large[i].Size(), want)
		}
	}
	all := index(Changes(tigerBeetle, ChangeOptions{}))
	t.Logf("all: %v", all)
	for _, spike := range []int{10, 11} {
		if slices.Contains(all, spike) {
			t.Errorf("the spike at 10 is a change at %d", spike)
		}
	}
	for _, want := range []int{15, 71, 95} {
		if !slices.Contains(all, want) {
			t.Errorf("changes at %v, want %d among them", all, want)
		}
	}
}

func TestChangesOfFewAndOddValues(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name   string
		values []float64
		want   []int
	}{
		{"nothing", nil, nil},
		{"one", []float64{1}, nil},
		{"too few for two levels", []float64{1, 1, 2, 2}, nil},
		{"no noise at all", []float64{1, 1, 1, 1, 2, 2, 2, 2}, []int{4}},
		{"all equal", []float64{3, 3, 3, 3, 3, 3, 3, 3}, nil},
		{"one spike", []float64{1, 1.01, 0.99, 1, 5, 1.01, 1, 0.99, 1}, nil},
		{"one spike down", []float64{1, 1.01, 0.99, 1, 0.2, 1.01, 1, 0.99, 1}, nil},
		{"what is not positive counts as the value before", []float64{1, 1, nan, 1, 0, -1, 2, 2, math.Inf(1), 2}, []int{6}},
		{"nothing but what does not count", []float64{nan, 0, -1, nan, nan, nan, nan}, nil},
		{"a slow rise is no step of 20 %", []float64{1, 1.02, 1.04, 1.06, 1.08, 1.10, 1.12, 1.14}, nil},
	} {
		var got []int
		for _, change := range Changes(c.values, ChangeOptions{MinSize: 0.2}) {
			got = append(got, change.Index)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: changes at %v, want %v", c.name, got, c.want)
		}
	}
}

// noise is n values about 1000 with a standard deviation of 1 %.
func noisy(rng *rand.Rand, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1000 * math.Exp(0.01*rng.NormFloat64())
	}
	return out
}

// Quiet series have at most one false alarm in 1,000 points.
func TestChangesOfQuietSeries(t *testing.T) {
	const runs, points = 100, 200
	rng := rand.New(rand.NewPCG(1, 2))
	alarms := 0
	for range runs {
		alarms += len(Changes(noisy(rng, points), ChangeOptions{}))
	}
	t.Logf("%d false alarms in %d quiet points", alarms, runs*points)
	if alarms > runs*points/1000 {
		t.Errorf("%d false alarms in %d quiet points, want at most one in 1,000", alarms, runs*points)
	}
}

// What is found of one planted change, by its size and by how many points come
// after it.
func TestChangesFound(t *testing.T) {
	const runs, before = 300, 60
	for _, c := range []struct {
		sigmas float64 // size of the change in standard deviations of the noise
		after  int
		recall float64 // at least
	}{
		// At one false alarm in 1,000 points nobody can find more than 0.36 of
		// the first, even if one knows where to look: the test statistic is
		// 1/sqrt(1/60+1/10) = 2.93 on average, and 3.29 is what it takes.
		{1, 10, 0.3}, {1, 40, 0.8}, {2, 10, 0.95}, {2, 40, 0.95}, {3, 10, 0.95}, {5, 5, 0.95},
	} {
		rng := rand.New(rand.NewPCG(3, 4))
		found, alarms := 0, 0
		for range runs {
			values := noisy(rng, before+c.after)
			for i := before; i < len(values); i++ {
				values[i] *= math.Exp(0.01 * c.sigmas)
			}
			hit := false
			for _, change := range Changes(values, ChangeOptions{}) {
				if !hit && change.Index >= before-10 && change.Index <= before+10 && change.After > change.Before {
					hit = true
				} else {
					alarms++
				}
			}
			if hit {
				found++
			}
		}
		recall, precision := float64(found)/runs, float64(found)/math.Max(1, float64(found+alarms))
		t.Logf("%v standard deviations, %d points after: recall %.2f, precision %.2f", c.sigmas, c.after, recall, precision)
		least := 0.95
		if c.sigmas < 2 { // found, but often not near its place
			least = 0.85
		}
		if recall < c.recall || precision < least {
			t.Errorf("%v standard deviations, %d points after: recall %.2f, precision %.2f; want at least %v and %v", c.sigmas, c.after, recall, precision, c.recall, least)
		}
	}
}
