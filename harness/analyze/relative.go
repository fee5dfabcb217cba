package analyze

import (
	"math"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/stats"
)

// A Relative is how long a cell takes compared with another one of its group.
type Relative struct {
	Against int // index of that cell; -1 where there is none, and in one of its own
	// Ratio is the cell's time over that one's, by turns beside each other: its interval
	// knows nothing of how fast the machine was, so it is narrower than the quotient of
	// two speeds. N is the number of rounds.
	Ratio stats.Estimate
}

// behindWidth is how much wider than asked the relative figure of a cell may be that is
// surely behind: the time is for the contenders.
const behindWidth = 1.5

// PrecisionOf is the half width that a run asks of a relative figure whose interval begins
// at lo: precision, and behindWidth times that where the cell is behind by more than delta.
func PrecisionOf(lo, precision, delta float64) float64 {
	if lo > 1+delta {
		return precision * behindWidth
	}
	return precision
}

// none is of a cell that is compared with nothing.
var none = Relative{Against: -1, Ratio: stats.Estimate{Est: 1, Lo: 0, Hi: math.Inf(1)}}

// RelativeToBest is how cells stand to the fastest of their group that may lead, as far as
// is seen, whose own is 1. Ceilings, which known tells, only copy: they are held against
// each other.
func RelativeToBest(log *journal.Log, all [][]forkFigures, known result.Catalogue) []Relative {
	contest := func(i int) any {
		cell := log.Cells[i].Cell
		return [2]any{cell.Group(), result.AboutOf(cell, known).Codec.Ceiling}
	}
	return relativeTo(log, all, contest, func(members []int) int { return fastest(all, mayLead(log, members)) })
}

// RelativeToReference is how cells stand to the run's reference, in its group.
func RelativeToReference(log *journal.Log, all [][]forkFigures) []Relative {
	group := func(i int) any { return log.Cells[i].Cell.Group() }
	return relativeTo(log, all, group, func(members []int) int {
		for _, i := range members {
			if log.Cells[i].Cell.Name() == log.Header.Plan.Reference {
				return i
			}
		}
		return -1
	})
}

// relativeTo holds the cells of each contest against the one that pick picks of them.
func relativeTo(log *journal.Log, all [][]forkFigures, contest func(i int) any, pick func(members []int) int) []Relative {
	out := make([]Relative, len(log.Cells))
	for i := range out {
		out[i] = none
	}
	for _, members := range result.GroupBy(comparable(log, all, 1), contest) {
		against := -1
		if len(members) > 1 {
			against = pick(members)
		}
		if against < 0 {
			continue
		}
		for _, i := range members {
			out[i] = Relative{Against: against, Ratio: quotient(all[against], all[i], log.Header.Plan.Confidence)}
		}
		out[against].Ratio = stats.Estimate{Est: 1, Lo: 1, Hi: 1, N: len(all[against])}
	}
	return out
}

// comparable lists the cells that have at least so many forks and whose time can be
// compared: a slice of fixed length has no speed, nor has one whose pace was planned.
func comparable(log *journal.Log, all [][]forkFigures, forks int) (cells []int) {
	for i := range log.Cells {
		c := &log.Cells[i]
		if c.Failed == nil && len(all[i]) >= forks && c.Facts.PassNS != 0 && c.Cell.Rate == 0 {
			cells = append(cells, i)
		}
	}
	return cells
}

// fastest is the cell that none of the others is seen to be faster than. It begins with
// the one of the least mean time; those that ran in other rounds are held against it in
// the rounds that both have.
func fastest(all [][]forkFigures, members []int) int {
	best := members[0]
	for _, i := range members[1:] {
		if meanTime(all[i]) < meanTime(all[best]) {
			best = i
		}
	}
	for range members {
		next, least := best, 0.0
		for _, i := range members {
			if s := pairSequence(all[best], all[i]); s.N > 0 && s.Mean() < least {
				next, least = i, s.Mean()
			}
		}
		if next == best {
			break
		}
		best = next
	}
	return best
}

// quotient is the time of b over that of a, with Student's interval over rounds.
func quotient(a, b []forkFigures, confidence float64) stats.Estimate {
	s := pairSequence(a, b)
	e := stats.Estimate{Est: math.Exp(s.Mean()), Lo: 0, Hi: math.Inf(1), N: s.N}
	if s.N >= 2 {
		half := s.SE() * stats.StudentQuantile(0.5+confidence/2, s.Degrees())
		e.Lo, e.Hi = math.Exp(s.Mean()-half), math.Exp(s.Mean()+half)
	}
	return e
}
