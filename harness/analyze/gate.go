package analyze

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/stats"
)

// outcome is what an interval says of a bound. Where more is better, below the
// bound is beyond it.
func outcome(lo, hi, bound float64, moreIsBetter bool) string {
	if moreIsBetter {
		lo, hi, bound = -hi, -lo, -bound
	}
	switch {
	case lo > bound:
		return result.OutcomeRegression
	case hi <= bound:
		return result.OutcomePass
	}
	return result.OutcomeUndecided
}

// Checks holds every gated metric of every cell of a comparison against its
// limit, in the order of the cells; limits are by the names of cells without
// their sides. interleaved tells that the sides took turns in one run, without
// which nothing that needs an interval is decided.
//
// A cell that cannot be held against its limits has one check that says why, so
// that no cell of limits passes unseen. Only what neither side's build has is
// left out.
func Checks(r *result.Result, limits map[string]result.Limits, interleaved bool) []result.Check {
	g := gate{limits: limits, interleaved: interleaved, by: map[[2]string]result.Comparison{}, level: intervalError(limits)}
	for _, c := range r.Comparisons {
		g.by[[2]string{c.Metric, c.New}] = c
	}
	out := []result.Check{}
	absent := maps.Clone(limits)
	for _, s := range result.SidesOf(r) {
		delete(absent, s.Name)
		if s.Old != nil && s.New != nil && s.Old.Status == result.StatusUnavailable && s.New.Status == result.StatusUnavailable {
			continue
		}
		out = append(out, g.ofCell(s)...)
	}
	for _, name := range slices.Sorted(maps.Keys(absent)) {
		out = append(out, g.ofCell(result.Sides{Name: name})...)
	}
	return out
}

// intervalError is the error of each interval that comparisons do not make: those
// of RSS, p99 and cores share what a table may err by.
func intervalError(limits map[string]result.Limits) float64 {
	n := 0
	for _, l := range limits {
		for key := range l {
			if m, _ := result.MetricOf(key); m.Compare == result.ByForks || m.Compare == result.Floor {
				n++
			}
		}
	}
	return min(VerdictError, FamilyError/float64(max(n, 1)))
}

// sideBySide is why nothing that needs an interval is decided of two runs.
const sideBySide = "measured in two runs, and how far one is from the next is not known: gate --base COMMIT or PROGRAM runs both sides in one"

// gate is what checks are made from.
type gate struct {
	limits      map[string]result.Limits
	interleaved bool
	by          map[[2]string]result.Comparison // by metric and name of the new side
	level       float64                         // error of the intervals it makes itself
}

func (g gate) ofCell(s result.Sides) []result.Check {
	l := g.limits[s.Name]
	why := unfit(s)
	var out []result.Check
	for _, m := range result.Compared() {
		limit, gated := l[m.Key]
		if !gated {
			continue
		}
		c := result.Check{Cell: s.Name, Metric: m.Key, Limit: limit, Outcome: result.OutcomeUndecided}
		if why != "" {
			c.Reason = why
			if s.New != nil && s.New.Status == result.StatusFailed && s.Old.Status != result.StatusFailed {
				c.Outcome = result.OutcomeFailed
			}
			return append(out, c)
		}
		switch m.Compare {
		case result.ByTurns:
			g.time(&c, m, s)
		case result.Exactly, result.Counted:
			if m.Of(s.Old) == nil && m.Of(s.New) == nil {
				continue // what neither side has is not checked
			}
			g.exact(&c, m, s)
		case result.ByForks, result.Floor:
			g.byForks(&c, m, s)
		}
		out = append(out, c)
	}
	return out
}

// published is a figure as checks have it; nil where a side has none.
func published(m result.Metric, c *result.CellResult) *float64 {
	if iv := m.Published(c); iv != nil {
		return &iv.Est
	}
	return nil
}

// unfit says why the sides of a cell cannot be held against each other; "" where
// they can.
func unfit(s result.Sides) string {
	if s.Old == nil || s.New == nil {
		return "only one side has this cell: measure the base again, with the same cells"
	}
	for _, side := range []*result.CellResult{s.New, s.Old} {
		switch side.Status {
		case result.StatusFailed, result.StatusUnavailable:
			return side.Build + " " + side.Status + ": " + result.Value(side.Error)
		case result.StatusUnmeasured:
			return side.Build + " was not measured: raise --budget, or gate fewer cells"
		}
	}
	return ""
}

func (g gate) time(c *result.Check, m result.Metric, s result.Sides) {
	v, ok := g.by[[2]string{result.MetricTime, s.New.Name}]
	if !ok {
		c.Reason = otherWork(s, false)
		return
	}
	if old, new := published(m, s.Old), published(m, s.New); old != nil && new != nil {
		c.Old, c.New = old, new
	}
	c.Change, c.MoreNS = &v.TimeRatio, v.MoreNS
	if !g.interleaved {
		c.Reason = sideBySide
		return
	}
	if v.Pairs >= MinPairs && v.TimeRatio.Lo != nil && v.TimeRatio.Hi != nil {
		c.Outcome = outcome(*v.TimeRatio.Lo, *v.TimeRatio.Hi, m.Bound(c.Limit), false)
	}
}

// exact holds metrics against each other that need no interval.
func (g gate) exact(c *result.Check, m result.Metric, s result.Sides) {
	old, new := published(m, s.Old), published(m, s.New)
	v, ok := g.by[[2]string{c.Metric, s.New.Name}]
	if !ok || old == nil || new == nil {
		c.Reason = cmp.Or(otherWork(s, false), "one side does not tell")
		return
	}
	change := *new / *old
	if *old == *new {
		change = 1
	}
	c.Old, c.New = old, new
	c.Change = &result.Ratio{Est: change, Lo: result.Finite(change), Hi: result.Finite(change), Confidence: 1}
	if c.Change.Lo == nil {
		c.Change.Est = v.TimeRatio.Est
	}
	c.Outcome = result.OutcomePass
	beyond := change < m.Bound(c.Limit)
	if m.Compare == result.Counted {
		beyond, c.Slack = *new-*old > m.Bound(c.Limit), allocsSlack(s)
	}
	if v.Verdict == result.VerdictWorse && beyond {
		c.Outcome = result.OutcomeRegression
	}
}

// byForks holds what each fork has of a metric against its partner's, or that of the
// new side alone against the least that it must have.
func (g gate) byForks(c *result.Check, m result.Metric, s result.Sides) {
	scale, floor := math.Exp, m.Compare == result.Floor
	if floor {
		scale = func(v float64) float64 { return v }
	}
	values, bound := ofForks(m, c.Limit, s.Old, s.New)
	told := values.N > 0 && (!floor || m.Of(s.New) != nil)
	if told || !floor {
		c.Old, c.New = published(m, s.Old), published(m, s.New)
	}
	switch {
	case !floor && !g.interleaved:
		c.Reason = sideBySide
		return
	case !told:
		c.Reason = notTold
		return
	}
	lo, hi := values.Interval(g.level)
	c.Change = &result.Ratio{Est: scale(values.Mean()), Lo: result.Finite(scale(lo)), Hi: result.Finite(scale(hi)), Confidence: 1 - g.level}
	c.Outcome = ofInterval(values, g.level, bound, m.MoreIsBetter())
}

// notTold is why a metric is undecided that has no figures.
const notTold = "this system does not tell"

// ofInterval is the outcome of values against a bound of their mean, by an interval
// that stays valid however often one looks; undecided below MinPairs values.
func ofInterval(s stats.Sequence, level, bound float64, moreIsBetter bool) string {
	if s.N < MinPairs {
		return result.OutcomeUndecided
	}
	lo, hi := s.Interval(level)
	return outcome(lo, hi, bound, moreIsBetter)
}

// ofForks is what the forks have of a metric that is held against its limit by them, and
// the bound of its mean: log quotients, new over old, of the forks of a round, or of a
// Floor the values of the new side. There are none of other metrics.
func ofForks(m result.Metric, limit float64, old, new *result.CellResult) (values stats.Sequence, bound float64) {
	if m.Compare != result.ByForks && m.Compare != result.Floor {
		return values, 0
	}
	byFork := map[int]float64{}
	for i := range old.Samples {
		byFork[old.Samples[i].Fork], _ = m.OfFork(old, &old.Samples[i])
	}
	for i := range new.Samples {
		a := byFork[new.Samples[i].Fork]
		switch b, ok := m.OfFork(new, &new.Samples[i]); {
		case ok && m.Compare == result.Floor:
			values.Add(b)
		case ok && a > 0 && b > 0:
			values.Add(math.Log(b / a))
		}
	}
	if bound = m.Bound(limit); m.Compare == result.ByForks {
		bound = math.Log(bound)
	}
	return values, bound
}

// limitsOpen reports whether two sides leave one of the limits open that comparisons of
// times do not decide. What has no figures stays open for ever and does not count.
func limitsOpen(l result.Limits, old, new *result.CellResult, level float64) bool {
	for key, limit := range l {
		m, _ := result.MetricOf(key)
		s, bound := ofForks(m, limit, old, new)
		if s.N > 0 && ofInterval(s, level, bound, m.MoreIsBetter()) == result.OutcomeUndecided {
			return true
		}
	}
	return false
}

// OpenLimits are the names of both sides of the cells whose gate has to go on for
// RSS, p99 or cores.
func OpenLimits(log *journal.Log) []string {
	var names []string
	level := intervalError(log.Header.Limits)
	at := map[string]int{}
	for i, c := range log.Cells {
		name := c.Cell.Unsided()
		if c.Cell.Build == result.SideOld {
			at[name] = i
			continue
		}
		l, gated := log.Header.Limits[name]
		i, paired := at[name]
		if !gated || !paired || log.Cells[i].Failed != nil || c.Failed != nil {
			continue
		}
		old, new := &result.CellResult{Samples: log.Cells[i].Forks}, &result.CellResult{Samples: c.Forks}
		if limitsOpen(l, old, new, level) {
			names = append(names, log.Cells[i].Cell.Name(), c.Cell.Name())
		}
	}
	return names
}
