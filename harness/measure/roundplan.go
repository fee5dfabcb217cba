package measure

import (
	"math"
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
	turnGrowth = 1.3 // a round has at most so many times the turns of the longest before it
)

// roundPlan is how a group's next round is cut.
type roundPlan struct {
	turns int
	warm  []int         // tasks before each slice, by the group's cells
	takes time.Duration // expected
}

// nextRound plans a group's next round, for which and for those after it there is
// left.
func nextRound(log *journal.Log, group int, left time.Duration) roundPlan {
	g := log.Schedule.Groups[group]
	fixed, turn := roundCosts(log, g)
	p := roundPlan{warm: nextWarmUps(log, g)}
	p.turns = bestTurns(turnsSoFar(log, g), fixed, turn, len(g.Cells), left, analyze.SpreadOf(log, g.Cells))
	p.takes = fixed + time.Duration(p.turns)*turn
	return p
}

// bestTurns is the number of turns a round with which the comparisons of a group end up
// with the narrowest intervals when left is used up. had are the turns of the rounds
// there are; a round takes fixed, and turn for each turn of all cells.
//
// The variance of a round of n turns is that between forks and an nth of that between
// turns. Many short rounds pay for starting workers, few long ones for the intervals
// of few values.
func bestTurns(had []int, fixed, turn time.Duration, cells int, left time.Duration, spread analyze.Spread) int {
	before, longest := 0.0, 0 // sum of the variances of the rounds so far
	for _, n := range had {
		before, longest = before+spread.Round(n), max(longest, n)
	}
	rounds := func(n int) float64 {
		return float64(len(had) + int(left*9/10/max(fixed+time.Duration(n)*turn, 1))) // some take longer
	}
	least, most := 1, max(minTurns, int(turnGrowth*float64(longest)))
	most = max(1, min(most, int(time.Duration(cells)*maxFork/max(turn, 1))))
	if rounds(minTurns) >= analyze.MinPairs {
		least = min(minTurns, most)
	}
	best, narrowest := least, math.Inf(1)
	for n := least; n <= most; n += 1 + n/16 {
		total := rounds(n)
		if n > least && total < analyze.MinPairs {
			break // a verdict is worth more than narrow figures
		}
		variance := (before + (total-float64(len(had)))*spread.Round(n)) / max(total, 1)
		if width := stats.HalfWidth(analyze.VerdictError, total) * math.Sqrt(variance); width < narrowest {
			best, narrowest = n, width
		}
	}
	return best
}

// roundCosts is what a round of all cells takes beside its turns, and what a turn of
// all of them takes: the median of the rounds so far, or before the first what the
// pilot run expects.
func roundCosts(log *journal.Log, g journal.GroupSchedule) (fixed, turn time.Duration) {
	fixedNS, turnNS := map[int]int64{}, map[int]float64{}
	for _, i := range g.Cells {
		for _, f := range log.Cells[i].Forks {
			if f.Spent != nil && len(f.Turn) > 0 {
				fixedNS[f.Fork] += f.Spent.Fixed()
				turnNS[f.Fork] += float64(f.Spent.Turns) / float64(len(f.Turn))
			}
		}
	}
	if len(fixedNS) == 0 {
		return time.Duration(g.FixedNS), time.Duration(g.TurnNS)
	}
	var fixes, turns []float64
	for round, ns := range fixedNS {
		fixes, turns = append(fixes, float64(ns)), append(turns, turnNS[round])
	}
	return time.Duration(median(fixes)), time.Duration(median(turns))
}

// turnsSoFar is the number of turns of each round of a group.
func turnsSoFar(log *journal.Log, g journal.GroupSchedule) []int {
	byRound := map[int]int{}
	for _, i := range g.Cells {
		for _, f := range log.Cells[i].Forks {
			byRound[f.Fork] = max(byRound[f.Fork], len(f.Turn))
		}
	}
	var out []int
	for _, n := range byRound {
		out = append(out, n)
	}
	return out
}

func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
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
