package analyze

import (
	"math"
	"slices"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/stats"
)

const (
	// power is that of Comparison.MDE.
	power = 0.8
	// maxAllPairs is the largest group of which all pairs are compared; in
	// larger ones every cell is compared with the fastest that may lead.
	maxAllPairs = 64
	// maxPairsAhead bounds the forecast of an undecided comparison.
	maxPairsAhead = 100_000
)

// matchup is two cells of a group and the log ratios of their fork pairs.
type matchup struct {
	old, new int // indices of cells
	logs     stats.Sequence
	// limit is the log quotient that a gate allows, where gated is set.
	limit float64
	gated bool
}

// matchups lists the pairs of cells to compare, group by group: all of them, or
// every cell with the reference where the group has it.
func matchups(log *journal.Log, all [][]forkFigures) []matchup {
	var out []matchup
	add := func(a, b int) {
		m := matchup{old: a, new: b, logs: pairSequence(all[a], all[b])}
		m.limit, m.gated = timeLimit(log.Header, log.Cells[b].Cell)
		if m.logs.N >= 2 {
			out = append(out, m)
		}
	}
	isReference := func(i int) bool { return log.Cells[i].Cell.Name() == log.Header.Plan.Reference }
	for _, members := range result.GroupBy(comparable(log, all, 2), func(i int) string { return log.Cells[i].Cell.Group() }) {
		with := slices.IndexFunc(members, isReference)
		switch {
		case with >= 0:
			with = members[with]
		case len(members) > maxAllPairs:
			with = fastest(all, mayLead(log, members))
		default:
			for i, a := range members {
				for _, b := range members[i+1:] {
					add(a, b)
				}
			}
			continue
		}
		for _, m := range members {
			if m != with {
				add(with, m)
			}
		}
	}
	return out
}

// timeLimit is the log quotient of times at which the cell's new side is a
// regression; false where that is not gated.
func timeLimit(h journal.Header, c result.Cell) (float64, bool) {
	l, gated := h.Limits[c.Unsided()][result.MetricTime]
	return math.Log1p(l), gated
}

// family names the comparisons that are wrong together with a probability of at most
// FamilyError. Each group of a bench is a question of its own, which cell leads it. Two
// programs are one question, however many cells it takes.
func (m matchup) family(log *journal.Log) string {
	if log.Header.Verdicts {
		return ""
	}
	return log.Cells[m.old].Cell.Group()
}

func indices[T any](s []T) (is []int) {
	for i := range s {
		is = append(is, i)
	}
	return is
}

// claim is the p-value of the strongest thing the pairs could say: that the two
// differ, or that they differ by less than delta. A gate asks on which side of
// its limit they are.
func (m matchup) claim(delta float64) float64 {
	if m.gated {
		return m.logs.PValue(m.limit)
	}
	differ := min(m.logs.PValue(0), farClaim(m.logs))
	lo, hi := math.Log1p(-delta), math.Log1p(delta)
	if mean := m.logs.Mean(); mean <= lo || mean >= hi || m.logs.N < MinPairs {
		return differ
	}
	return min(differ, max(m.logs.PValue(lo), m.logs.PValue(hi)))
}

// interval is of the log quotients, at the level 1-level.
func (m matchup) interval(level float64) (lo, hi float64) {
	lo, hi = m.logs.Interval(level)
	if m.gated || !math.IsInf(hi, 1) {
		return lo, hi
	}
	if l, h, ok := farInterval(m.logs, level); ok {
		return l, h
	}
	return lo, hi
}

// verdict is what the interval of log ratios lo..hi says. Below MinPairs pairs two may
// differ, and are not equivalent.
func verdict(lo, hi float64, pairs int, delta float64) string {
	switch {
	case hi < 0:
		return result.VerdictFaster
	case lo > 0:
		return result.VerdictSlower
	case pairs >= MinPairs && lo >= math.Log1p(-delta) && hi <= math.Log1p(delta):
		return result.VerdictEquivalent
	}
	return result.VerdictUndecided
}

// Comparisons judges all pairs of cells, each at the level that keeps the
// promise for the verdict and for its family.
func Comparisons(log *journal.Log, all [][]forkFigures) []result.Comparison {
	out, _ := Judgments(log, all)
	return out
}

// Judgments are the comparisons, and for each whether the run has to go on for it.
func Judgments(log *journal.Log, all [][]forkFigures) ([]result.Comparison, []bool) {
	ms := matchups(log, all)
	levels := make([]float64, len(ms))
	for _, family := range result.GroupBy(indices(ms), func(i int) string { return ms[i].family(log) }) {
		claims := make([]float64, len(family))
		for k, i := range family {
			claims[k] = ms[i].claim(log.Header.Delta)
		}
		for k, level := range stats.Holm(claims, VerdictError, FamilyError) {
			levels[family[k]] = level
		}
	}
	out, open := make([]result.Comparison, len(ms)), make([]bool, len(ms))
	for i, m := range ms {
		out[i], open[i] = m.judge(log, levels[i])
	}
	return out, open
}

// judge also reports whether the run has to go on for this comparison.
func (m matchup) judge(log *journal.Log, level float64) (c result.Comparison, open bool) {
	delta := log.Header.Delta
	lo, hi := m.interval(level)
	c = result.Comparison{
		Old: log.Cells[m.old].Cell.Name(), New: log.Cells[m.new].Cell.Name(), Metric: "time",
		Verdict: verdict(lo, hi, m.logs.N, delta), Delta: delta, Pairs: m.logs.N,
		TimeRatio: result.Ratio{Est: math.Exp(m.logs.Mean()), Confidence: 1 - level},
		MDE:       result.Finite(math.Expm1(m.logs.SmallestEffect(level, power))),
	}
	if !math.IsInf(hi, 1) {
		c.TimeRatio.Lo, c.TimeRatio.Hi = result.Finite(math.Exp(lo)), result.Finite(math.Exp(hi))
	}
	open = m.open(lo, hi, c.Verdict)
	if log.Header.Limits != nil && !m.gated {
		open = false // a gate that lets times be what they are
	}
	if open && hi-lo <= 2*math.Log(widestForecast) {
		c.MoreNS = m.more(log, level)
	}
	return c, open
}

// open reports whether a verdict is undecided, or in a gate on neither side of the
// limit.
func (m matchup) open(lo, hi float64, verdict string) bool {
	if !m.gated {
		return verdict == result.VerdictUndecided
	}
	return lo <= m.limit && m.limit < hi
}

// Outlook is the share by which two programs must differ, in a gate from their limit, to
// be told apart by the end of the budget with probability power, where that is largest of
// the comparisons that are still open. 0 where none is, or none has rounds enough to say.
func Outlook(log *journal.Log, all [][]forkFigures) float64 {
	if !log.Header.Verdicts || log.Elapsed <= 0 {
		return 0
	}
	cs, open := Judgments(log, all)
	worst := 0.0
	for i, m := range matchups(log, all) {
		if !open[i] || m.logs.N < MinPairs {
			continue
		}
		n := float64(m.logs.N) * max(1, float64(log.Header.Plan.Budget)/float64(log.Elapsed))
		worst = max(worst, math.Expm1(m.logs.EffectAfter(1-cs[i].TimeRatio.Confidence, power, n)))
	}
	return worst
}

// widestForecast is how many times its middle the end of an interval may be for a forecast.
// That goes by the square of how far the quotient seems to be from 1, and where it may be
// anywhere within such an interval, the square says nothing: a run that forecast 6 s had
// found no more than that one was 9 times as fast as the other at most.
const widestForecast = 2.0

// more is how much longer the run would have to go on at its pace until the
// interval leaves 1 or fits into 1 +- delta, whichever comes first, or in a gate
// leaves its limit, going by the spread so far.
func (m matchup) more(log *journal.Log, level float64) *int64 {
	mean := math.Abs(m.logs.Mean())
	half := max(mean, math.Log1p(log.Header.Delta)-mean)
	if m.gated {
		half = math.Abs(m.logs.Mean() - m.limit)
	}
	needed := max(m.logs.Needed(level, half, maxPairsAhead), MinPairs, m.logs.N+1)
	if needed >= maxPairsAhead || log.Elapsed <= 0 {
		return nil
	}
	ns := int64(float64(log.Elapsed) * (float64(needed)/float64(m.logs.N) - 1))
	return &ns
}
