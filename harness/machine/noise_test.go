package machine

import (
	"math"
	"slices"
	"testing"
)

// times repeats each time as often as its count says: times(90, 6000, 10, 8000).
func times(pairs ...int) []uint32 {
	var ns []uint32
	for i := 0; i < len(pairs); i += 2 {
		ns = append(ns, slices.Repeat([]uint32{uint32(pairs[i+1])}, pairs[i])...)
	}
	return ns
}

func one(ns []uint32) []series { return []series{{ns: ns}} }

func TestNoise(t *testing.T) {
	const ms = 1_000_000
	steady := times(1000, 6000)
	disturbed := func(n Noise) float64 { return n.Disturbed }
	spread := func(n Noise) float64 { return n.Spread }
	gaps := func(n Noise) float64 { return n.GapsPerSecond }
	longest := func(n Noise) float64 { return float64(n.LongestGapNS) }
	crowding := func(n Noise) float64 { return n.Crowding }
	uneven := func(n Noise) float64 { return n.Uneven }
	sentinel := func(n Noise) float64 { return n.SentinelNS }
	for _, test := range []struct {
		name   string
		series []series
		figure func(Noise) float64
		want   float64
	}{
		{"steady: sentinel", one(steady), sentinel, 6000},
		{"steady: disturbed", one(steady), disturbed, 0},
		{"steady: spread", one(steady), spread, 1},
		{"steady: gaps", one(steady), gaps, 0},
		{"at the bound of 3 %", one(times(90, 6000, 10, 6180)), disturbed, 0},
		{"above the bound", one(times(90, 6000, 10, 6181)), disturbed, 0.1},
		{"two speeds", one(times(70, 6000, 30, 9000)), disturbed, 0.3},
		{"two speeds: spread", one(times(70, 6000, 30, 9000)), spread, 1.5},
		{"a few fast ones are no measure", one(times(9, 5000, 91, 6000)), sentinel, 6000},
		{"order does not matter", one(times(30, 9000, 70, 6000)), disturbed, 0.3},

		// 100 us above the usual 6 us; the gaps themselves are busy time too.
		{"no gap yet", one(times(999, 6000, 1, 106_000)), gaps, 0},
		{"a gap", one(times(999, 6000, 1, 106_001)), gaps, 1 / ((999*6000 + 106_001) / 1e9)},
		{"no gap: longest", one(times(999, 6000, 1, 106_000)), longest, 0},
		{"longest", one(times(998, 6000, 1, 1*ms, 1, 20*ms)), longest, 20*ms - 6000},

		// Cores of two kinds: each is quiet by its own measure.
		{"two kinds: disturbed", []series{{cpu: 0, ns: times(100, 5000)}, {cpu: 1, ns: times(100, 8000)}}, disturbed, 0},
		{"two kinds: uneven", []series{{cpu: 0, ns: times(100, 5000)}, {cpu: 1, ns: times(100, 8000)}}, uneven, 1.6},
		{"one noisy CPU of two", []series{{cpu: 0, ns: times(100, 5000)}, {cpu: 1, ns: times(50, 5000, 50, 6000)}}, disturbed, 0.25},
		{"median over three CPUs", []series{{cpu: 0, ns: times(9, 5000)}, {cpu: 1, ns: times(9, 7000)}, {cpu: 2, ns: times(9, 6000)}}, sentinel, 6000},

		{"hyperthreads: crowding", []series{{ns: times(100, 6000)}, {crowded: true, ns: times(100, 9000)}}, crowding, 1.5},
		{"hyperthreads: disturbed", []series{{ns: times(100, 6000)}, {crowded: true, ns: times(100, 9000)}}, disturbed, 0},
		{"hyperthreads: sentinel is the lone one's", []series{{ns: times(100, 6000)}, {crowded: true, ns: times(100, 9000)}}, sentinel, 6000},
		{"never alone", []series{{crowded: true, ns: times(100, 9000)}}, crowding, 0},

		{"nothing seen", nil, disturbed, 0},
		{"an empty series", []series{{}}, uneven, 0},
		{"a clock that stands still", one(times(100, 0)), spread, 0},
	} {
		if got := test.figure(recording{series: test.series}.noise()); !(math.Abs(got-test.want) <= 1e-9*test.want) { // NaN is wrong too
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestNoiseCounts(t *testing.T) {
	n := recording{bound: true, series: []series{
		{cpu: 0, ns: times(10, 6000)}, {cpu: 3, ns: times(20, 6000)}, {cpu: 0, crowded: true, ns: times(5, 6000)}, {cpu: 5},
	}}.noise()
	if n.Loops != 35 || n.CPUs != 2 || n.BusyNS != 35*6000 || !n.Bound {
		t.Errorf("%d loops, %d CPUs, %d ns, bound %v; want 35, 2, 210000, true", n.Loops, n.CPUs, n.BusyNS, n.Bound)
	}
}

func TestNoiseOfCopies(t *testing.T) {
	// 100,000 bytes in 10,000 ns are 10 GB/s.
	n := recording{copyBytes: 100_000, copies: times(80, 10_000, 20, 25_000)}.noise()
	if n.CopyMBPerS != 10_000 || n.CopySpread != 2.5 {
		t.Errorf("%v MB/s, spread %v; want 10000, 2.5", n.CopyMBPerS, n.CopySpread)
	}
}

func TestQuantile(t *testing.T) {
	ten := []uint32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for _, test := range []struct {
		sorted []uint32
		q      float64
		want   float64
	}{
		{ten, 0, 1}, {ten, 0.10, 1}, {ten, 0.11, 2}, {ten, 0.5, 5}, {ten, 0.95, 10}, {ten, 1, 10},
		{ten[:1], 0.95, 1}, {nil, 0.5, 0},
	} {
		if got := quantile(test.sorted, test.q); got != test.want {
			t.Errorf("quantile %v of %v: %v, want %v", test.q, test.sorted, got, test.want)
		}
	}
}
