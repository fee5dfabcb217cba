package measure

import (
	"maps"
	"slices"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/stats"
)

// How long rounds are is decided again before each of them, from what the rounds
// before it took and how far they scattered. All of that is in the log, so a run
// that is resumed goes on as it would have.
const (
	minTurns   = 15  // of a round, where the budget allows MinPairs such rounds
	asNarrow   = 1.1 // times the narrowest interval is as good, with fewer workers to start
	turnGrowth = 1.3 // a round has at most so many times the turns of the longest before it
	opening    = 0.5 // of a group's time for the first MinPairs rounds of more than two cells
)

// roundPlan is how a group's next round is cut.
type roundPlan struct {
	cells []int // that take part
	warm  []int // tasks before each slice, by the group's cells
	turns int
	takes time.Duration // expected
}

// nextRound plans the next round of some cells of a group, for which and for those after
// it there is left.
func nextRound(log *journal.Log, group int, cells []int, left time.Duration) roundPlan {
	g := log.Schedule.Groups[group]
	fixed, turn := roundCosts(log, g, cells)
	p := roundPlan{cells: cells, warm: nextWarmUps(log, g)}
	had := turnsSoFar(log, cells)
	p.turns = bestTurns(had, fixed, turn, len(cells), left, analyze.SpreadOf(log, cells))
	if more := analyze.MinPairs - len(had); more > 0 && len(cells) > 2 {
		spent := timeSpent(log, g)
		share := time.Duration(opening*float64(spent+left)) - spent
		p.turns = min(p.turns, max(1, int((share/time.Duration(more)-fixed)/max(turn, 1))))
	}
	p.takes = fixed + time.Duration(p.turns)*turn
	return p
}

// bestTurns is the number of turns a round with which the comparisons of a group end up
// with the narrowest intervals when left is used up. had are the turns of the rounds
// there are; a round takes fixed, and turn for each turn of all cells.
//
// The variance of a round of n turns is that between forks and an nth of that between
// turns. Many short rounds pay for starting workers, few long ones for the intervals
// of few values. In between it hardly matters, and the longest of what is as good has
// most time on the clock.
func bestTurns(had []int, fixed, turn time.Duration, cells int, left time.Duration, spread analyze.Spread) int {
	before, parts, perTurn := 0.0, 0.0, 0.0 // what the rounds so far say: the sums of 1/variance, turns and 1/turns
	shortest, longest := minTurns, 0
	for _, n := range had {
		before += 1 / spread.Round(n)
		parts, perTurn = parts+float64(n), perTurn+1/float64(n)
		shortest, longest = min(shortest, n), max(longest, n)
	}
	rounds := func(n int) int {
		return len(had) + int(left*9/10/max(fixed+time.Duration(n)*turn, 1)) // some take longer
	}
	least, most := 1, max(minTurns, int(turnGrowth*float64(longest)))
	most = max(1, min(most, int(time.Duration(cells)*maxFork/max(turn, 1))))
	if rounds(minTurns) >= analyze.MinPairs && shortest == minTurns {
		least = min(minTurns, most)
	}
	var counts []int
	var widths []float64
	for n := least; n <= most; n += 1 + n/16 {
		total := rounds(n)
		if n > least && total < analyze.MinPairs {
			break // a verdict is worth more than narrow figures
		}
		all, more := float64(total), float64(total-len(had))
		variance := all / (before + more/spread.Round(n))
		within := spread.Turn * (perTurn + more/float64(n)) / all
		expected := stats.Expected(total, variance, within, parts+more*float64(n)-all)
		counts, widths = append(counts, n), append(widths, expected.HalfWidth(analyze.VerdictError))
	}
	best := 0
	for i, width := range widths {
		if width <= asNarrow*slices.Min(widths) {
			best = i
		}
	}
	return counts[best]
}

// roundCosts is what a round of some cells takes beside its turns, and what a turn of all
// of them takes: for each the median of its forks, or before the first round what the
// pilot run expects.
func roundCosts(log *journal.Log, g journal.GroupSchedule, cells []int) (fixed, turn time.Duration) {
	for _, i := range cells {
		var fixes, turns []float64
		for _, f := range log.Cells[i].Forks {
			if f.Spent != nil && len(f.Turn) > 0 {
				fixes = append(fixes, float64(f.Spent.Fixed()))
				turns = append(turns, float64(f.Spent.Turns)/float64(len(f.Turn)))
			}
		}
		if len(fixes) == 0 {
			n := time.Duration(len(g.Cells))
			fixed, turn = fixed+time.Duration(g.FixedNS)/n, turn+time.Duration(g.TurnNS)/n
			continue
		}
		fixed, turn = fixed+time.Duration(stats.Median(fixes)), turn+time.Duration(stats.Median(turns))
	}
	return fixed, turn
}

// timeSpent is the wall time of a group's forks so far.
func timeSpent(log *journal.Log, g journal.GroupSchedule) (t time.Duration) {
	for _, i := range g.Cells {
		for _, f := range log.Cells[i].Forks {
			if f.Spent != nil {
				t += time.Duration(f.Spent.Fixed() + f.Spent.Turns)
			}
		}
	}
	return t
}

// turnsSoFar is the number of turns of each round of some cells.
func turnsSoFar(log *journal.Log, cells []int) []int {
	byRound := map[int]int{}
	for _, i := range cells {
		for _, f := range log.Cells[i].Forks {
			byRound[f.Fork] = max(byRound[f.Fork], len(f.Turn))
		}
	}
	return slices.Collect(maps.Values(byRound))
}

// Warm-ups that prove too short are doubled between rounds, up to maxWarmUps times what
// the schedule gave them.
const maxWarmUps = 4

// nextWarmUps is the tasks before each slice of a group's cells. Two builds of a cell
// have the same.
func nextWarmUps(log *journal.Log, g journal.GroupSchedule) []int {
	warm := slices.Clone(g.Warm)
	for k, i := range g.Cells {
		c := &log.Cells[i]
		for _, f := range c.Forks {
			warm[k] = max(warm[k], f.Warmup)
		}
		if warm[k] < maxWarmUps*g.Warm[k] && analyze.TooCold(c.Forks) {
			warm[k] = min(2*warm[k], maxWarmUps*g.Warm[k])
		}
	}
	for k, i := range g.Cells {
		for l, j := range g.Cells {
			if sameButBuild(log.Cells[i].Cell, log.Cells[j].Cell) {
				warm[k] = max(warm[k], warm[l])
			}
		}
	}
	return warm
}

func sameButBuild(a, b result.Cell) bool {
	a.Build = b.Build
	return a == b
}
