package analyze

import (
	"math"
	"slices"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
)

// calmShare is the quantile of its sentinels that a run calls calm, and calmLeast how many
// of them it takes for others to be told.
const (
	calmShare = 0.01
	calmLeast = 100
)

// sentinels are alike where as many run at once, of one program.
type sentinels struct {
	lanes    int
	language string
}

func sentinelsOf(c *journal.CellLog) sentinels { return sentinels{lanesOf(c), c.Cell.Language} }

// A calmState is how fast sentinels are on the calm machine: a log of nanoseconds, and how
// many runs have told.
type calmState struct {
	log  float64
	runs int
}

// calmStates is the calm machine by the sentinels of a run or, where those that the run
// was told of were faster, by earlier runs.
func calmStates(log *journal.Log, all [][]forkFigures) map[sentinels]calmState {
	states := map[sentinels]calmState{}
	for s, seen := range statesSeen(log, all) {
		states[s] = calmState{calmIn(seen), 1}
	}
	for _, c := range log.Header.Plan.Calm {
		s := sentinels{lanes: c.Lanes}
		if own, ok := states[s]; ok {
			states[s] = calmState{min(own.log, math.Log(c.SentinelNS)), own.runs + c.Runs}
		}
	}
	return states
}

// calmIn is what a run calls calm of the states that it has seen, ascending.
func calmIn(seen []float64) float64 { return seen[int(calmShare*float64(len(seen)))] }

// statesSeen is the lower of the sentinels around each slice of a run, ascending. Those of
// slices whose length is fixed or planned have nothing to do with any time.
func statesSeen(log *journal.Log, all [][]forkFigures) map[sentinels][]float64 {
	seen := map[sentinels][]float64{}
	for i, fs := range all {
		if paced(&log.Cells[i]) {
			continue
		}
		s := sentinelsOf(&log.Cells[i])
		for _, f := range fs {
			for _, t := range f.turns {
				if t.before != 0 {
					seen[s] = append(seen[s], min(t.before, t.after))
				}
			}
		}
	}
	for _, states := range seen {
		slices.Sort(states)
	}
	return seen
}

// CalmOf is what a run can tell others of the calm machine, by the sentinels of this
// program's workers; nil where it had few slices.
func CalmOf(log *journal.Log) (told []result.Calm) {
	for s, seen := range statesSeen(log, AllFigures(log)) {
		if s.language == "" && len(seen) >= calmLeast {
			told = append(told, result.Calm{Lanes: s.lanes, SentinelNS: math.Exp(calmIn(seen)), Runs: 1})
		}
	}
	slices.SortFunc(told, func(a, b result.Calm) int { return a.Lanes - b.Lanes })
	return told
}

// lanesOf is how many of the cell's sentinels run at once.
func lanesOf(c *journal.CellLog) int {
	switch {
	case c.Facts == nil:
		return c.Cell.Workers
	case c.Facts.Lanes > 0:
		return c.Facts.Lanes
	case c.Facts.GOMAXPROCS > 0: // of a run before workers told
		return min(c.Cell.Workers, c.Facts.GOMAXPROCS)
	}
	return c.Cell.Workers
}

// paced reports whether the length of the cell's slices is fixed or planned.
func paced(c *journal.CellLog) bool { return c.Cell.Rate > 0 || c.Facts == nil || c.Facts.PassNS == 0 }
