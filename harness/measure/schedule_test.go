package measure

import (
	"errors"
	"testing"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
)

// onePassOf is the cost of a cell with items tasks of d each.
func onePassOf(items int, d time.Duration, lanes int) cost {
	return cost{pass: time.Duration(items) * d, items: items, lanes: lanes}
}

func TestWindows(t *testing.T) {
	one, two := result.Cell{Runner: "single", Workers: 1}, result.Cell{Runner: "pool", Workers: 2}
	for _, c := range []struct {
		name    string
		cells   []result.Cell
		costs   []cost
		windows int
		least   int // tasks of the smallest window
		most    int
	}{
		{"a slow corpus: windows just long enough", []result.Cell{one}, []cost{onePassOf(100, minSliceOne/2, 1)}, 50, 2, 2},
		{"a fast corpus: several passes in one window", []result.Cell{one}, []cost{onePassOf(10, minSliceOne/200, 1)}, 1, 200, 200},
		{"the fastest cell sets the length", []result.Cell{one, one}, []cost{onePassOf(100, minSliceOne/2, 1), onePassOf(100, minSliceOne/20, 1)}, 5, 20, 20},
		{"a little too short", []result.Cell{one}, []cost{onePassOf(35, minSliceOne/20, 1)}, 2, 17, 18},
		{"but not more", []result.Cell{one}, []cost{onePassOf(34, minSliceOne/20, 1)}, 1, 34, 34},
		{"a pool needs longer", []result.Cell{two}, []cost{onePassOf(10_000, minSliceMany/500, 2)}, 10, 1000, 1000},
		{"not for two builds of it", []result.Cell{build(two, "old"), build(two, "new")}, []cost{onePassOf(10_000, minSliceOne/500, 2), onePassOf(10_000, minSliceOne/500, 2)}, 10, 1000, 1000},
		{"which have 32 tasks a worker", []result.Cell{build(two, "old"), build(two, "new")}, []cost{onePassOf(1000, minSliceOne/20, 2), onePassOf(1000, minSliceOne/20, 2)}, 15, 66, 67},
		{"where GOMAXPROCS binds", []result.Cell{two}, []cost{boundBy1(onePassOf(10_000, minSliceBound/1000, 1))}, 10, 1000, 1000},
		{"and two builds of it", []result.Cell{build(two, "old")}, []cost{boundBy1(onePassOf(10_000, minSliceBound/1000, 1))}, 10, 1000, 1000},
		{"where CPUs are what lacks", []result.Cell{two}, []cost{onePassOf(10_000, minSliceMany/500, 1)}, 20, 500, 500},
		{"and 32 tasks a worker", []result.Cell{two}, []cost{onePassOf(1000, time.Millisecond, 2)}, 15, 66, 67},
		{"as far as those fit", []result.Cell{two}, []cost{onePassOf(1000, maxCrewSlice/10, 2)}, 50, 20, 20},
		{"one task a worker of huge ones", []result.Cell{two}, []cost{onePassOf(1000, time.Second, 2)}, 500, 2, 2},
		{"one worker beside a pool does the pool's work", []result.Cell{one, two}, []cost{onePassOf(1000, time.Millisecond, 1), onePassOf(1000, time.Millisecond, 2)}, 15, 66, 67},
		{"one huge task", []result.Cell{one}, []cost{onePassOf(1, time.Second, 1)}, 1, 1, 1},
		{"at a rate: 100 ms of it", []result.Cell{atRate(two, 1000)}, []cost{onePassOf(1000, time.Microsecond, 2)}, 10, 100, 100},
		{"at a rate that is too much: what can be done in as long", []result.Cell{atRate(two, 1000)}, []cost{onePassOf(1000, 20*time.Millisecond, 2)}, 100, 10, 10},
		{"at less than one in 100 ms", []result.Cell{atRate(one, 2)}, []cost{onePassOf(3, time.Millisecond, 1)}, 3, 1, 1},
		{"beside a slow language: what that can do in half a second", []result.Cell{one, {Runner: "single", Workers: 1, Language: "python"}},
			[]cost{onePassOf(100, minSliceOne/20, 1), onePassOf(100, maxLanguageSlice/5, 1)}, 20, 5, 5},
		{"fixed time", []result.Cell{two}, []cost{{items: 2, lanes: 2, timed: true}}, 1, 2, 2},
	} {
		var members []costed
		for i, cell := range c.cells {
			members = append(members, costed{cell: cell, cost: c.costs[i]})
		}
		got := windows(members, time.Hour)
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

// Where the budget is short, slices of a slow language take a fiftieth of it at most, so
// that there are rounds enough; each worker still has a task.
func TestWindowsOfSlowLanguages(t *testing.T) {
	for _, c := range []struct {
		budget          time.Duration
		workers, counts int
	}{{time.Minute, 1, 5}, {20 * time.Second, 1, 4}, {10 * time.Second, 1, 2}, {time.Second, 1, 1}, {time.Second, 2, 2}} {
		fast := costed{cell: result.Cell{Workers: c.workers}, cost: onePassOf(100, minSliceOne/20, 1)}
		slow := costed{cell: result.Cell{Workers: c.workers, Language: "python"}, cost: onePassOf(100, maxLanguageSlice/5, 1)}
		if got := windows([]costed{fast, slow}, c.budget)[0].Count; got != c.counts {
			t.Errorf("%v, %d workers: %d tasks, want %d", c.budget, c.workers, got, c.counts)
		}
	}
}

func atRate(c result.Cell, rate int) result.Cell {
	c.Rate = rate
	return c
}

func build(c result.Cell, name string) result.Cell {
	c.Build = name
	return c
}

func boundBy1(c cost) cost {
	c.bound = true
	return c
}

func TestWarmUp(t *testing.T) {
	const task = warmUpTime / 25
	short, onTwo := onePassOf(100, task, 1), onePassOf(100, task, 2)
	for _, c := range []struct {
		name    string
		workers int
		members int // of the group
		cost    cost
		want    int
	}{
		{"where two cells take turns", 1, 2, short, 25},
		{"longer where more do", 1, 3, short, 25 * manyWarmUps},
		{"longer than a pass, over and over", 1, 2, onePassOf(10, warmUpTime/2500, 1), 2500},
		{"longer for a pool, on each of its CPUs", 2, 2, onTwo, 2 * 25 * crewWarmUps},
		{"longer for a pool among more", 2, 3, onTwo, 2 * 25 * manyWarmUps * crewWarmUps},
		{"longer where GOMAXPROCS binds", 2, 2, boundBy1(onePassOf(100, boundWarmUp/500, 1)), 500},
		{"and no shorter among more", 2, 3, boundBy1(short), max(25*manyWarmUps*crewWarmUps, int(boundWarmUp/task))},
		{"for the workers that run at once only", 8, 3, onTwo, 2 * 25 * manyWarmUps * crewWarmUps},
		{"at least one task a worker", 4, 2, onePassOf(10, time.Second, 2), 4},
		{"none where a pass took no time", 1, 2, onePassOf(10, 0, 1), 0},
		{"none where time is fixed", 2, 2, cost{items: 2, lanes: 2, timed: true}, 0},
	} {
		if got := (costed{cell: result.Cell{Workers: c.workers}, cost: c.cost}).warmUp(c.members); got != c.want {
			t.Errorf("%s: %d tasks, want %d", c.name, got, c.want)
		}
	}
	if got := (costed{cell: result.Cell{Workers: 2, Build: "old"}, cost: onTwo}).warmUp(2); got != 2*25/twinWarmUps {
		t.Errorf("a pool against another build of itself: %d tasks, want %d", got, 2*25/twinWarmUps)
	}
	if got := (costed{cell: result.Cell{Workers: 1}, cost: cost{pass: 1, items: 1 << 30, lanes: 1}}).warmUp(2); got != maxSliceTasks {
		t.Errorf("tasks of no time: %d, want %d", got, maxSliceTasks)
	}
}

// Two builds of a cell warm up alike, whatever each was seen to cost; other
// cells of the group have their own.
func TestEqualWarmUp(t *testing.T) {
	cell := result.Cell{Scenario: "compress", Runner: "single", Workers: 1}
	old, new, other := cell, cell, cell
	old.Build, new.Build, other.Level = "old", "new", 9
	members := []costed{
		{cell: old, cost: onePassOf(100, warmUpTime/25, 1)},
		{cell: new, cost: onePassOf(100, warmUpTime/10, 1)},
		{cell: other, cost: onePassOf(100, warmUpTime/250, 1)},
	}
	for i, want := range []int{25 * manyWarmUps, 25 * manyWarmUps, 250 * manyWarmUps} {
		if got := equalWarmUp(members[i], members); got != want {
			t.Errorf("%s: %d tasks, want %d", members[i].cell.Name(), got, want)
		}
	}
}

// halves is a corpus sample that can be halved down to one item.
func halves(s journal.Subset) (journal.Subset, bool, error) {
	if s.Items == 1 {
		return s, false, nil
	}
	s.Items, s.Bytes = s.Items/2, s.Bytes/2
	return s, true, nil
}

func TestFit(t *testing.T) {
	cells := func(perItem time.Duration) []costed {
		return []costed{{index: 0, cell: result.Cell{Scenario: "compress", Corpus: "data", Runner: "single", Workers: 1},
			cost: onePassOf(64, perItem, 1), bytes: 64_000, sample: 0}}
	}
	whole := []journal.Subset{{Corpus: "data", Items: 1000, Bytes: 1_000_000}}
	for _, c := range []struct {
		name    string
		perItem time.Duration
		budget  time.Duration
		items   int // of the sample chosen
	}{
		{"all of it where it fits", 100 * time.Microsecond, 10 * time.Second, 1000},
		// A turn is a slice of 1 task, 2 before it and 0.7 ms: 125 of them take 0.84 s, and preparing 0.25.
		{"a part where it is too slow", 2 * time.Millisecond, 10 * time.Second, 62},
		{"no fork over a second, whatever the budget", 2 * time.Millisecond, time.Hour, 62},
		{"no less data than saves time", time.Microsecond, 300 * time.Millisecond, 1000},
		{"one item is the least", time.Second, 10 * time.Second, 1},
	} {
		l, err := fit(cells(c.perItem), whole, c.budget, halves)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if l.Subsets[0].Items != c.items {
			t.Errorf("%s: a sample of %d items, want %d", c.name, l.Subsets[0].Items, c.items)
		}
		if whole[0].Items != 1000 {
			t.Fatal("the caller's samples were changed")
		}
	}
	if _, err := fit(cells(time.Minute), whole, 10*time.Second, halves); !errors.Is(err, result.ErrPlan) {
		t.Errorf("got %v, want ErrPlan where not even one slice fits", err)
	}
	failed := errors.New("disk full")
	if _, err := fit(cells(2*time.Millisecond), whole, 10*time.Second, func(s journal.Subset) (journal.Subset, bool, error) { return s, false, failed }); !errors.Is(err, failed) {
		t.Errorf("got %v, want the error of the sampling", err)
	}
}
