package analyze

import (
	"math"
	"slices"
	"testing"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// A slice of 10 tasks takes calmNS, and collectionNS more for each collection
// in it.
const (
	calmNS       = 1000
	collectionNS = 500
)

// collectingFork has a slice for each count in inside; before[k] collections end
// in the warm-up of 10 tasks before slice k.
func collectingFork(number int, before, inside []int) result.Fork {
	f := result.NewFork(number)
	f.Warmup = 10
	for k, n := range inside {
		ns := int64(calmNS + n*collectionNS)
		f.Add(k, 0,
			worker.Sample{Tasks: 10, WallNS: ns, CPUNS: ns, Collected: n, CollectedBefore: before[k]}, worker.Idle{})
	}
	return f
}

// repeat is values n times over.
func repeat(n int, values ...int) (out []int) {
	for range n {
		out = append(out, values...)
	}
	return out
}

func TestCollectionCost(t *testing.T) {
	none := func(n int) []int { return make([]int, n) }
	one := math.Log(calmNS+collectionNS) - math.Log(calmNS)
	two := math.Log(calmNS+3*collectionNS) - math.Log(calmNS+collectionNS)
	for _, c := range []struct {
		name   string
		inside []int
		want   float64
	}{
		{"half of the slices collect", repeat(8, 0, 1), one},
		{"every slice collects, some more", repeat(8, 1, 1, 3), two / 2},
		{"the two most common counts", append(repeat(9, 0, 1), repeat(8, 3)...), one},
		{"too few to tell", append(repeat(30, 0), repeat(minCollected-1, 1)...), 0},
		{"just enough", append(repeat(30, 0), repeat(minCollected, 1)...), one},
		{"none", repeat(30, 0), 0},
		{"nothing at all", nil, 0},
	} {
		forks := []result.Fork{collectingFork(0, none(len(c.inside)), c.inside)}
		if got := collectionCost(forks, windowCosts(forks)); !near(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}

	f := collectingFork(0, none(20), repeat(10, 0, 1))
	// A few slices that something else made slow do not move it.
	f.WallNS[0], f.WallNS[1], f.WallNS[2] = 100*calmNS, 100*calmNS, 100*calmNS
	if got := collectionCost([]result.Fork{f}, windowCosts([]result.Fork{f})); !near(got, one) {
		t.Errorf("with outliers: %v, want %v", got, one)
	}
	// Nor is a collection paid for with a negative time.
	for k := range f.WallNS {
		f.WallNS[k] = calmNS - int64(f.Collect[k])*10
	}
	if got := collectionCost([]result.Fork{f}, windowCosts([]result.Fork{f})); got != 0 {
		t.Errorf("slices with a collection are the faster ones: %v, want 0", got)
	}
}

// A window that costs more is not taken for what its collections cost.
func TestCollectionCostByWindow(t *testing.T) {
	f := result.NewFork(0)
	add := func(first int, ns int64, collected int) {
		f.Add(len(f.Turn), first, worker.Sample{Tasks: 10, WallNS: ns, Collected: collected}, worker.Idle{})
	}
	for range 10 { // collections are in the dear window mostly
		add(0, 1000, 0)
		add(0, 1000, 0)
		add(10, 4400, 1)
		add(10, 4400, 1)
	}
	for range 4 {
		add(0, 1100, 1)
		add(10, 4000, 0)
	}
	got := collectionCost([]result.Fork{f}, windowCosts([]result.Fork{f}))
	if got > math.Log(1.1)+1e-9 {
		t.Errorf("%v, want no more than the %v it is within a window", got, math.Log(1.1))
	}
}

// By hand: from the first slice to the last 5 collections ended in 3 slices and
// the 2 warm-ups between them, of 10 tasks each; so a slice of 10 has one.
func TestCollectionsPerSlice(t *testing.T) {
	f := collectingFork(0, []int{7, 1, 1}, []int{1, 0, 2})
	if got := collectionsPerSlice(f); !near(got, 1) {
		t.Errorf("got %v, want 1", got)
	}
	f.Warmup = 0
	if got := collectionsPerSlice(f); !near(got, 5.0/3) {
		t.Errorf("without tasks in the warm-up: got %v, want 5/3", got)
	}
	if got := collectionsPerSlice(result.NewFork(0)); got != 0 {
		t.Errorf("no slice: got %v, want 0", got)
	}
	one := collectingFork(0, []int{9}, []int{2})
	if got := collectionsPerSlice(one); !near(got, 2) {
		t.Errorf("one slice: got %v, want its own 2, not what came before it", got)
	}
}

// figuresOf is the figures of a cell of so many forks, all alike.
func figuresOf(forks int, before, inside []int) []forkFigures {
	c := cellOf()
	for n := range forks {
		c.Forks = append(c.Forks, collectingFork(n, before, inside))
	}
	return figures(c)
}

// plainLogs is the quotients as they would be of the slices' plain times.
func plainLogs(a, b []int) (sum float64) {
	for k := range a {
		sum += math.Log(float64(calmNS+b[k]*collectionNS)) - math.Log(float64(calmNS+a[k]*collectionNS))
	}
	return sum / float64(len(a))
}

// Both sides collect every 30 tasks or so, one by luck in its slices and the
// other in its warm-ups. They are equally fast.
func TestPairLogsWithoutLuck(t *testing.T) {
	beforeA, insideA := []int{0, 0, 0, 0, 0, 1, 0, 0}, []int{1, 0, 1, 0, 1, 0, 1, 0}
	beforeB, insideB := []int{3, 1, 1, 0, 1, 0, 0, 0}, []int{0, 0, 0, 1, 0, 0, 1, 0}
	if plain := plainLogs(insideA, insideB); plain > -0.05 {
		t.Fatalf("the plain times differ by %v only: this test shows nothing", plain)
	}
	logs := PairLogs(figuresOf(8, beforeA, insideA), figuresOf(8, beforeB, insideB))
	if want := make([]float64, 8); !slices.EqualFunc(logs, want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }) {
		t.Errorf("got %v, want 0: they have the same number of collections for the same tasks", logs)
	}
}

// Forks of one cell that had other luck than each other say the same, too.
func TestPairLogsWithoutLuckByFork(t *testing.T) {
	lucky := func() (c *journal.CellLog) {
		c = cellOf()
		for n := range 8 {
			if n%2 == 0 {
				c.Forks = append(c.Forks, collectingFork(n, []int{0, 0, 0, 1}, []int{1, 0, 1, 0}))
			} else {
				c.Forks = append(c.Forks, collectingFork(n, []int{0, 1, 1, 0}, []int{0, 0, 0, 1}))
			}
		}
		return c
	}
	same := cellOf()
	for n := range 8 {
		same.Forks = append(same.Forks, collectingFork(n, []int{0, 0, 1, 0}, []int{1, 0, 0, 1}))
	}
	for i, log := range PairLogs(figures(same), figures(lucky())) {
		if math.Abs(log) > 1e-9 {
			t.Errorf("fork %d: %v, want 0", i, log)
		}
	}
}

// A side that really collects more often pays for it: by hand, 8 more in 150
// tasks of which a slice is 10.
func TestPairLogsKeepCollectionRate(t *testing.T) {
	before, inside := []int{0, 0, 0, 0, 0, 0, 0, 0}, []int{1, 0, 1, 0, 1, 0, 1, 0}
	beforeMore := []int{0, 1, 1, 1, 1, 1, 1, 2}
	logs := PairLogs(figuresOf(8, before, inside), figuresOf(8, beforeMore, inside))
	each := math.Log(calmNS+collectionNS) - math.Log(calmNS)
	want := slices.Repeat([]float64{each * 8 / 150 * 10}, 8)
	if !slices.EqualFunc(logs, want, near) {
		t.Errorf("got %v, want %v", logs, want)
	}
}
