package analyze

import (
	"math"

	"zstdshop/harness/journal"
	"zstdshop/stats"
)

// Two cells are compared turn by turn: in a turn the two ran within milliseconds of
// each other and did the same work, so what moves the machine for longer than that
// moves both. A round says the mean of its turns.
//
// Machines also switch speed in the middle of a turn, and then a turn says anything
// from half to twice as much as the others. So what the turns of all rounds have in
// common is Huber's estimate of location (Huber, "Robust estimation of a location
// parameter", Annals of Mathematical Statistics 35, 1964): the point about which turns
// balance when none pulls further than turnReach. Rare costs of one side that are
// smaller than that (a collection, a lock that is contended, a task in every fifth
// slice) count in full, and larger ones as that much.

// turnReach is how far from the others a single turn may pull, as a log quotient
// (docs/method.md); further where half of the turns lie further away than that.
const turnReach = 0.2

// pairTurns is the turns of the rounds that a and b both have, linear in Huber's
// estimate. Turns in which a side was starved are left out, unless all of a round were.
func pairTurns(a, b []forkFigures) []roundTurns {
	byFork := map[int]forkFigures{}
	for _, f := range a {
		byFork[f.fork] = f
	}
	var rounds []roundTurns
	for _, f := range b {
		old := byFork[f.fork]
		fed, all := turnLogs(old.turns, f.turns)
		if len(fed) == 0 {
			fed = all
		}
		if len(fed) > 0 {
			rounds = append(rounds, roundTurns{fed, f.collecting - old.collecting})
		}
	}
	linearize(rounds)
	return rounds
}

// turnLogs is the log quotients of the turns that both sides have, those in
// which neither was starved and all of them.
func turnLogs(a, b []turnFigures) (fed, all []float64) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].turn < b[j].turn:
			i++
		case a[i].turn > b[j].turn:
			j++
		default:
			if a[i].first == b[j].first { // the same work
				log := b[j].log - a[i].log
				all = append(all, log)
				if !a[i].starved && !b[j].starved {
					fed = append(fed, log)
				}
			}
			i, j = i+1, j+1
		}
	}
	return fed, all
}

// linearize replaces turns by their pseudo-values: numbers whose mean is Huber's estimate
// of all turns, and whose scatter between rounds is how far it is in doubt. A value
// v is
//
//	estimate + (v - estimate, at most turnReach either way) / share of the turns within turnReach
//
// which is the estimate's influence function.
func linearize(rounds []roundTurns) {
	var all []float64
	for _, r := range rounds {
		all = append(all, r.logs...)
	}
	if len(all) == 0 {
		return
	}
	at, reach, inside := huber(all)
	for _, r := range rounds {
		for i, l := range r.logs {
			r.logs[i] = at + within(l-at, reach)/inside
		}
	}
}

func within(d, reach float64) float64 { return min(max(d, -reach), reach) }

// huber is the estimate of values, how far one of them may pull it, and the share of
// them that lies within that reach. It begins with their median and takes Newton's
// steps, which end where none changes sides.
func huber(values []float64) (at, reach, inside float64) {
	at = stats.Median(values)
	far := make([]float64, len(values))
	for i, v := range values {
		far[i] = math.Abs(v - at)
	}
	reach = max(turnReach, stats.Median(far))
	for range 100 {
		sum, near := 0.0, 0.0
		for _, v := range values {
			sum += within(v-at, reach)
			if math.Abs(v-at) <= reach {
				near++
			}
		}
		inside = max(near, 1) / float64(len(values))
		step := sum / max(near, 1)
		at += step
		if math.Abs(step) < 1e-12 {
			break
		}
	}
	return at, reach, inside
}

// PairLogs is the log quotients of b's time over a's, one for each round that both
// have.
func PairLogs(a, b []forkFigures) []float64 {
	var logs []float64
	for _, r := range pairTurns(a, b) {
		logs = append(logs, r.mean())
	}
	return logs
}

// pairSequence is those of PairLogs with the weights that their numbers of turns
// deserve, and what the scatter of turns says of theirs.
func pairSequence(a, b []forkFigures) (s stats.Sequence) {
	rounds := pairTurns(a, b)
	spread := spreadOf(rounds)
	weights, perTurn := 0.0, 0.0
	for _, r := range rounds {
		weight := priorTurn / spread.Round(len(r.logs))
		s.AddWeighted(r.mean(), weight)
		weights, perTurn = weights+weight, perTurn+weight/float64(len(r.logs))
	}
	if squares, degrees := withinRounds(rounds); degrees > 0 && len(rounds) >= MinPairs {
		s.Within(squares/degrees*perTurn/weights, degrees)
	}
	return s
}

// SpreadOf is the spread of a group's cells, each with the next: the median of each
// part.
func SpreadOf(log *journal.Log, cells []int) Spread {
	var forks, turns []float64
	var last []forkFigures
	for _, i := range cells {
		fs := figures(&log.Cells[i])
		if last != nil && len(fs) > 0 {
			s := spreadOf(pairTurns(last, fs))
			forks, turns = append(forks, s.Fork), append(turns, s.Turn)
		}
		last = fs
	}
	if len(forks) == 0 {
		return Spread{priorFork, priorTurn}
	}
	return Spread{stats.Median(forks), stats.Median(turns)}
}
