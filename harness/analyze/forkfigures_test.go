package analyze

import (
	"math"
	"slices"
	"testing"

	"zstdshop/harness/internal/standin"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// forkOf makes a fork of slices of 10 tasks with the wall times given in ns per
// task and the sentinel times before and after each.
func forkOf(number int, perTask []int64, sentinels [][2]int64) result.Fork {
	f := result.NewFork(number)
	for i, ns := range perTask {
		s := worker.Sample{Tasks: 10, WallNS: 10 * ns, CPUNS: 20 * ns}
		if sentinels != nil {
			s.SentinelNS = sentinels[i][:]
		}
		f.Add(i, 0, s, worker.Idle{})
	}
	return f
}

// cellOf is a cell of one worker with the forks given.
func cellOf(forks ...result.Fork) *journal.CellLog {
	return &journal.CellLog{Cell: result.Cell{Workers: 1}, Facts: &worker.Ready{}, Forks: forks}
}

// Waiting for a CPU throws a slice of one worker out. Several may wait for each
// other, which is the cell's own cost.
func TestUndisturbedByWaiting(t *testing.T) {
	f := forkOf(0, []int64{100, 130, 100, 100}, nil)
	copy(f.CPUNS, f.WallNS)
	f.WaitNS[1] = f.WallNS[1] / 10
	f.CPUNS[1] -= f.WaitNS[1]
	f.WaitNS[2] = f.WallNS[2]     // an idle thread's: the worker ran all the time
	f.CPUNS[3] = f.WallNS[3] / 10 // the worker slept of its own will
	c := cellOf(f)
	if got := undisturbed(f, calmest(c)); !slices.Equal(got, []bool{true, false, true, true}) {
		t.Errorf("undisturbed %v, want all but the one whose worker waited", got)
	}
	c.Cell.Workers = 2
	if got := undisturbed(f, calmest(c)); !slices.Equal(got, []bool{true, true, true, true}) {
		t.Errorf("2 workers: undisturbed %v, want all", got)
	}
}

// For cores slices are chosen by the machine's state, whatever their own outcome.
func TestUndisturbedBySentinel(t *testing.T) {
	const edge = int64(1000 * sentinelSlack)
	calm, rough := [2]int64{1000, edge}, [2]int64{1000, edge + 1}
	roughBefore := [2]int64{edge + 1, 1000}
	f := forkOf(0, []int64{100, 500, 100, 100, 90}, [][2]int64{{1000, 1000}, calm, rough, roughBefore, calm})
	got := undisturbed(f, calmest(cellOf(f)))
	if want := []bool{true, true, false, false, true}; !slices.Equal(got, want) {
		t.Errorf("undisturbed %v, want %v", got, want)
	}
	if wall, want := figures(cellOf(f))[0].wall, 10*(100.0+500+90); wall != want {
		t.Errorf("%v ns count, want %v: the undisturbed slices, the slow one too", wall, want)
	}
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) }

// A collection still running after a slice slows the sentinel after it; that is
// the slice's own doing and must not throw it out.
func TestUndisturbedWithCollection(t *testing.T) {
	f := forkOf(0, []int64{100, 150, 100, 150}, [][2]int64{{1000, 1000}, {1000, 3000}, {1000, 1000}, {1000, 3000}})
	f.Collect[1] = 1     // ended inside the slice
	f.IdleNS[3] = 50_000 // went on after it
	if got, want := undisturbed(f, calmest(cellOf(f))), []bool{true, true, true, true}; !slices.Equal(got, want) {
		t.Errorf("undisturbed %v, want %v", got, want)
	}
	// but a rough machine shows in the next slice's sentinel
	f.Before[2] = 2000
	if got, want := undisturbed(f, calmest(cellOf(f))), []bool{true, false, false, true}; !slices.Equal(got, want) {
		t.Errorf("undisturbed %v, want %v", got, want)
	}
}

func TestUndisturbedWithoutSentinels(t *testing.T) {
	f := forkOf(0, []int64{100, 200}, nil)
	if got := undisturbed(f, calmest(cellOf(f))); !slices.Equal(got, []bool{true, true}) {
		t.Errorf("without sentinels %v, want all", got)
	}
	if _, known := disturbed(cellOf(f)); known {
		t.Error("without sentinels the share of disturbed slices is not known")
	}
	quiet := forkOf(0, []int64{100, 100}, [][2]int64{{1000, 1000}, {1000, 1000}})
	rough := forkOf(1, []int64{180, 180}, [][2]int64{{2000, 2000}, {2000, 2000}})
	if share, _ := disturbed(cellOf(quiet, rough)); share != 0.5 {
		t.Errorf("disturbed %v, want 0.5", share)
	}
	// A worker that has a sentinel in one fork and none in the next.
	if got := undisturbed(f, calmest(cellOf(quiet, f))); !slices.Equal(got, []bool{true, true}) {
		t.Errorf("a fork without sentinels beside one with: %v, want all", got)
	}
}

// quietAndRough is quiet forks of 100 ns a task, then rough ones of 180.
func quietAndRough(quiet, rough int) *journal.CellLog {
	c := cellOf()
	for n := range quiet + rough {
		ns, sentinel := int64(100), int64(1000)
		if n >= quiet {
			ns, sentinel = 180, 2000
		}
		c.Forks = append(c.Forks, forkOf(n, []int64{ns, ns}, [][2]int64{{sentinel, sentinel}, {sentinel, sentinel}}))
	}
	return c
}

// For cores disturbed slices do not count, unless so few forks have any other that those
// would speak for the whole run.
func TestFiguresWhichSlicesCount(t *testing.T) {
	for _, c := range []struct {
		name         string
		quiet, rough int
		forks        int // that count
	}{
		{"all quiet", 12, 0, 12},
		{"enough quiet forks for a verdict", MinPairs, 4, MinPairs},
		{"one too few", MinPairs - 1, 4, 11},
		{"all of a short run", 2, 0, 2},
		{"one of a short run is rough", 2, 1, 3},
	} {
		fs := figures(quietAndRough(c.quiet, c.rough))
		if len(fs) != c.quiet+c.rough {
			t.Errorf("%s: figures of %d forks, want %d: pairs are made of all", c.name, len(fs), c.quiet+c.rough)
		}
		if e := coresBusy(fs, 0.95); e.N != c.forks {
			t.Errorf("%s: %d forks count, want %d", c.name, e.N, c.forks)
		}
	}
}

// A fork of which little counts says little.
func TestFiguresWeighForks(t *testing.T) {
	calm, rough := [2]int64{1000, 1000}, [2]int64{2000, 2000}
	c := cellOf()
	for n := range MinPairs {
		c.Forks = append(c.Forks, forkOf(n, []int64{100, 100, 100, 100}, [][2]int64{calm, calm, calm, calm}))
	}
	c.Forks[3] = forkOf(3, []int64{100, 300, 300, 300}, [][2]int64{calm, rough, rough, rough})
	c.Forks[3].CPUNS[0] = 4 * c.Forks[3].WallNS[0] // the others have 2 cores
	slicesThatCount := 4*(MinPairs-1) + 1.0
	want := (2*(slicesThatCount-1) + 4) / slicesThatCount
	if e := coresBusy(figures(c), 0.95); !near(e.Est, want) {
		t.Errorf("%v cores, want %v: one slice of %v", e.Est, want, slicesThatCount)
	}
}

// Comparisons see every slice, disturbed ones too, and which worker was starved.
func TestFiguresTurns(t *testing.T) {
	f := forkOf(4, []int64{100, 200, 300}, [][2]int64{{1000, 1100}, {2000, 2000}, {1000, 1000}})
	copy(f.CPUNS, f.WallNS)
	f.Turn, f.First = []int{0, 1, 5}, []int{0, 10, 20}
	f.WaitNS[2], f.CPUNS[2] = 1500, 1500 // of 3000
	got := figures(cellOf(f))[0]
	want := []turnFigures{
		{0, 0, math.Log(1000), got.turns[0].perTask, math.Log(1000), math.Log(1100), false},
		{1, 10, math.Log(2000), got.turns[1].perTask, math.Log(2000), math.Log(2000), false},
		{5, 20, math.Log(3000), got.turns[2].perTask, math.Log(1000), math.Log(1000), true},
	}
	if got.fork != 4 || !slices.Equal(got.turns, want) {
		t.Errorf("fork %d, turns %v; want fork 4, %v", got.fork, got.turns, want)
	}
	pool := cellOf(f)
	pool.Cell.Workers = 2
	if figures(pool)[0].turns[2].starved {
		t.Error("one of several workers counts as starved")
	}
	if got := figures(cellOf(result.NewFork(0), f)); len(got) != 1 || got[0].fork != 4 {
		t.Errorf("a fork without a slice has figures: %v", got)
	}
}

// CPU spent after a slice that it caused counts for its cell.
func TestIdleCPUIsCharged(t *testing.T) {
	f := forkOf(0, []int64{100}, nil)
	plain := coresBusy(figures(cellOf(f)), 0.95).Est
	f.IdleNS[0] = f.WallNS[0]
	if got := coresBusy(figures(cellOf(f)), 0.95).Est; !near(plain, 2) || !near(got, 3) {
		t.Errorf("cores %v without and %v with as much CPU after the slice as its wall time; want 2 and 3", plain, got)
	}
}

// A fork that has more of the cheap windows is not faster for it.
func TestWindowCosts(t *testing.T) {
	fork := func(n int, rough int) result.Fork {
		f := result.NewFork(n)
		for turn := range 4 {
			ns, first := int64(1000), 0
			if turn%2 == 1 {
				ns, first = 3000, 10
			}
			sentinel := []int64{1000, 1000}
			if turn%2 == rough {
				sentinel = []int64{2000, 2000}
			}
			f.Add(turn, first, worker.Sample{Tasks: 10, WallNS: ns, SentinelNS: sentinel}, worker.Idle{})
		}
		return f
	}
	for _, f := range figures(cellOf(fork(0, 0), fork(1, 1), fork(2, -1))) {
		for _, turn := range f.turns {
			if !near(math.Exp(turn.perTask), 200) {
				t.Errorf("fork %d, window %d: %v ns per task, want 200 as in all", f.fork, turn.first, math.Exp(turn.perTask))
			}
		}
	}
}

// BenchmarkLook is what judging a default-sized run costs after each round, and
// deriving its result at the end: 24 cells of 16 forks of 20 slices.
func BenchmarkLook(b *testing.B) {
	log := &journal.Log{Header: journal.Header{Delta: DefaultDelta}}
	log.Header.Machine.Usable = 2
	log.Header.Plan.Confidence = 0.95
	for cell := range 24 {
		c := journal.CellLog{Cell: result.Cell{Scenario: "s", Level: cell / 6, Workers: 1 + cell%6}, Facts: &worker.Ready{}}
		c.Facts.PassNS, c.Facts.Items = 1, 10
		for fork := range 16 {
			var perTask []int64
			var sentinels [][2]int64
			for i := range 20 {
				perTask = append(perTask, int64(1000+100*cell+(i*fork)%7))
				sentinels = append(sentinels, [2]int64{5000 + int64(i*fork%90), 5000})
			}
			c.Forks = append(c.Forks, forkOf(fork, perTask, sentinels))
		}
		log.Cells = append(log.Cells, c)
	}
	b.Run("round", func(b *testing.B) {
		for b.Loop() {
			Comparisons(log, AllFigures(log))
		}
	})
	b.Run("result", func(b *testing.B) {
		for b.Loop() {
			Derive(log, standin.Registry(b))
		}
	})
}

func closeTo(got, want, share float64) bool { return math.Abs(got/want-1) <= share }
