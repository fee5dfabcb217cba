package harness

import (
	"errors"
	"testing"
	"time"
)

// onePassOf is the cost of a cell with items tasks of d each.
func onePassOf(items int, d time.Duration, lanes int) cost {
	return cost{pass: time.Duration(items) * d, items: items, lanes: lanes}
}

func TestWindows(t *testing.T) {
	one, two := Cell{Runner: "single", Workers: 1}, Cell{Runner: "pool", Workers: 2}
	for _, c := range []struct {
		name    string
		cells   []Cell
		costs   []cost
		windows int
		least   int // tasks of the smallest window
		most    int
	}{
		{"a slow corpus: windows of 2 ms", []Cell{one}, []cost{onePassOf(100, time.Millisecond, 1)}, 50, 2, 2},
		{"a fast corpus: several passes in one window", []Cell{one}, []cost{onePassOf(10, 10*time.Microsecond, 1)}, 1, 200, 200},
		{"the fastest cell sets the length", []Cell{one, one}, []cost{onePassOf(100, time.Millisecond, 1), onePassOf(100, 100*time.Microsecond, 1)}, 5, 20, 20},
		{"a pool needs 25 ms", []Cell{two}, []cost{onePassOf(1000, time.Millisecond, 2)}, 20, 50, 50},
		{"and 16 tasks a worker", []Cell{two}, []cost{onePassOf(1000, 10*time.Millisecond, 2)}, 31, 32, 33},
		{"but not of huge ones", []Cell{two}, []cost{onePassOf(1000, 100*time.Millisecond, 2)}, 166, 6, 7},
		{"one huge task", []Cell{one}, []cost{onePassOf(1, time.Second, 1)}, 1, 1, 1},
		{"fixed time", []Cell{two}, []cost{{items: 2, lanes: 2, timed: true}}, 1, 2, 2},
	} {
		got := windows(c.cells, c.costs)
		least, most, covered := 1<<30, 0, 0
		for i, w := range got {
			least, most = min(least, w.Count), max(most, w.Count)
			if w.First != covered%c.costs[0].items {
				t.Errorf("%s: window %d begins at %d after %d tasks", c.name, i, w.First, covered)
			}
			covered += w.Count
		}
		if len(got) != c.windows || least != c.least || most != c.most {
			t.Errorf("%s: %d windows of %d..%d tasks, want %d of %d..%d", c.name, len(got), least, most, c.windows, c.least, c.most)
		}
		if covered%c.costs[0].items != 0 {
			t.Errorf("%s: the windows cover %d tasks, no whole number of passes over %d", c.name, covered, c.costs[0].items)
		}
	}
}

func TestWarmUp(t *testing.T) {
	for _, c := range []struct {
		name    string
		workers int
		cost    cost
		want    int
	}{
		{"2 ms where a pass takes longer", 1, onePassOf(100, 100*time.Microsecond, 1), 20},
		{"one pass where that is shorter", 1, onePassOf(10, time.Microsecond, 1), 10},
		{"for every worker", 2, onePassOf(100, 100*time.Microsecond, 2), 40},
		{"at least one task a worker", 2, onePassOf(10, time.Second, 2), 2},
		{"none where time is fixed", 2, cost{items: 2, lanes: 2, timed: true}, 0},
	} {
		if got := warmUp(Cell{Workers: c.workers}, c.cost); got != c.want {
			t.Errorf("%s: %d tasks, want %d", c.name, got, c.want)
		}
	}
}

func tenRounds(int) int { return 10 }

// halves is a corpus sample that can be halved down to one item.
func halves(s SampleLayout) (SampleLayout, bool, error) {
	if s.Items == 1 {
		return s, false, nil
	}
	s.Items, s.Bytes = s.Items/2, s.Bytes/2
	return s, true, nil
}

func TestFit(t *testing.T) {
	cells := func(perItem time.Duration) []surveyed {
		return []surveyed{{index: 0, cell: Cell{Scenario: "compress", Corpus: "data", Runner: "single", Workers: 1},
			cost: onePassOf(64, perItem, 1), bytes: 64_000, sample: 0}}
	}
	whole := []SampleLayout{{Corpus: "data", Items: 1000, Bytes: 1_000_000}}
	for _, c := range []struct {
		name    string
		perItem time.Duration
		budget  time.Duration
		items   int // of the sample chosen
	}{
		{"all of it where it fits", 100 * time.Microsecond, 10 * time.Second, 1000},
		{"a part where it is too slow", 2 * time.Millisecond, 10 * time.Second, 125},
		{"no fork over a second, whatever the budget", 2 * time.Millisecond, time.Hour, 125},
		{"no less data than saves time", time.Microsecond, 300 * time.Millisecond, 1000},
		{"one item is the least", time.Second, 10 * time.Second, 1},
	} {
		l, err := fit(cells(c.perItem), whole, c.budget, tenRounds, halves)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if l.Samples[0].Items != c.items {
			t.Errorf("%s: a sample of %d items, want %d", c.name, l.Samples[0].Items, c.items)
		}
		if whole[0].Items != 1000 {
			t.Fatal("the caller's samples were changed")
		}
	}
	if _, err := fit(cells(time.Minute), whole, 10*time.Second, tenRounds, halves); !errors.Is(err, ErrPlan) {
		t.Errorf("got %v, want ErrPlan where not even one slice fits", err)
	}
	failed := errors.New("disk full")
	if _, err := fit(cells(2*time.Millisecond), whole, 10*time.Second, tenRounds, func(s SampleLayout) (SampleLayout, bool, error) { return s, false, failed }); !errors.Is(err, failed) {
		t.Errorf("got %v, want the error of the sampling", err)
	}
}
