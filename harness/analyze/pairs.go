package analyze

import (
	"math"
	"slices"
)

// maxTurnSays is how far from the middle of its round a single turn may pull a
// comparison, as a log quotient.
const maxTurnSays = 0.2

// PairLogs is the log quotients of b's time over a's, one for each round that
// both have.
//
// A round's is the mean over its turns of log(b's slice / a's slice): the two
// ran within milliseconds of each other and did the same work, so what moves
// the machine for longer than that moves both. Turns in which a side was
// starved are left out, unless all were. Collections are accounted for apart.
//
// Machines also switch speed in the middle of a turn. Where a and b are builds
// of the same cell, a turn counts as at most maxTurnSays away from the median of
// its round. Where they are different cells it counts in full, because rare slow
// slices may be what one differs by from the other (docs/method.md).
func PairLogs(a, b []forkFigures, sameCell bool) []float64 {
	byFork := map[int]forkFigures{}
	for _, f := range a {
		byFork[f.fork] = f
	}
	var logs []float64
	for _, f := range b {
		if log, ok := roundLog(byFork[f.fork], f, sameCell); ok {
			logs = append(logs, log)
		}
	}
	return logs
}

// roundLog is the log quotient of one round; false where no turn was both's.
func roundLog(a, b forkFigures, sameCell bool) (log float64, ok bool) {
	fed, all := turnLogs(a.turns, b.turns)
	if len(fed) == 0 {
		fed = all
	}
	if len(fed) == 0 {
		return 0, false
	}
	reach := math.Inf(1)
	if sameCell {
		reach = maxTurnSays
	}
	return clippedMean(fed, reach) + (b.collecting - a.collecting), true
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

// clippedMean is the mean of values with each moved to at most reach from their
// median.
func clippedMean(values []float64, reach float64) float64 {
	middle := median(slices.Clone(values))
	sum := 0.0
	for _, v := range values {
		sum += min(max(v, middle-reach), middle+reach)
	}
	return sum / float64(len(values))
}
