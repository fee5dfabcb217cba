package analyze

import (
	"maps"
	"math"
	"slices"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/stats"
)

// bound is the change at which a metric becomes a regression.
func bound(metric string, limit float64) float64 {
	switch metric {
	case result.MetricRatio:
		return 1 - limit
	case result.MetricCores, result.MetricAllocs:
		return limit
	}
	return 1 + limit
}

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

// timeLimit is the log quotient of times at which the cell's new side is a
// regression; false where that is not gated.
func timeLimit(h journal.Header, c result.Cell) (float64, bool) {
	c.Build = ""
	l := h.Limits[c.Name()].Time
	if l == nil {
		return 0, false
	}
	return math.Log1p(*l), true
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
		for _, limit := range []*float64{l.RSS, l.P99, l.Cores} {
			if limit != nil {
				n++
			}
		}
	}
	return min(VerdictError, TableError/float64(max(n, 1)))
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
	add := func(metric string, limit *float64, make func(*result.Check)) {
		switch {
		case limit == nil:
		case why == "":
			c := result.Check{Cell: s.Name, Metric: metric, Limit: *limit, Outcome: result.OutcomeUndecided}
			make(&c)
			out = append(out, c)
		case len(out) == 0:
			c := result.Check{Cell: s.Name, Metric: metric, Limit: *limit, Outcome: result.OutcomeUndecided, Reason: why}
			if s.New != nil && s.New.Status == result.StatusFailed && s.Old.Status != result.StatusFailed {
				c.Outcome = result.OutcomeFailed
			}
			out = append(out, c)
		}
	}
	// exact checks what is counted. What neither side has is not checked.
	exact := func(metric string, limit *float64, of func(*result.CellResult) *float64) {
		if why == "" && of(s.Old) == nil && of(s.New) == nil {
			return
		}
		add(metric, limit, func(c *result.Check) { g.exact(c, of(s.Old), of(s.New), s) })
	}
	add(result.MetricTime, l.Time, func(c *result.Check) { g.time(c, s) })
	exact(result.MetricRatio, l.Ratio, func(c *result.CellResult) *float64 { return c.Ratio })
	exact(result.MetricAllocs, l.Allocs, func(c *result.CellResult) *float64 { return c.AllocsPerOp })
	add(result.MetricRSS, l.RSS, func(c *result.Check) {
		c.Old, c.New = float(s.Old.PeakRSSBytes), float(s.New.PeakRSSBytes)
		g.paired(c, s)
	})
	add(result.MetricP99, l.P99, func(c *result.Check) {
		c.Old, c.New = p99(s.Old), p99(s.New)
		g.paired(c, s)
	})
	add(result.MetricCores, l.Cores, func(c *result.Check) { g.cores(c, s) })
	return out
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
			return *side.Build + " " + side.Status + ": " + result.Value(side.Error)
		case result.StatusUnmeasured:
			return *side.Build + " was not measured: raise --budget, or gate fewer cells"
		}
	}
	return ""
}

func (g gate) time(c *result.Check, s result.Sides) {
	v, ok := g.by[[2]string{result.MetricTime, s.New.Name}]
	if !ok {
		c.Reason = otherWork(s, false)
		return
	}
	if s.Old.NSPerOp != nil && s.New.NSPerOp != nil {
		c.Old, c.New = &s.Old.NSPerOp.Est, &s.New.NSPerOp.Est
	}
	c.Change, c.MoreNS = &v.TimeRatio, v.MoreNS
	if !g.interleaved {
		c.Reason = sideBySide
		return
	}
	if v.Pairs >= MinPairs && v.TimeRatio.Lo != nil && v.TimeRatio.Hi != nil {
		c.Outcome = outcome(*v.TimeRatio.Lo, *v.TimeRatio.Hi, bound(result.MetricTime, c.Limit), false)
	}
}

// exact holds metrics against each other that need no interval.
func (g gate) exact(c *result.Check, old, new *float64, s result.Sides) {
	v, ok := g.by[[2]string{c.Metric, s.New.Name}]
	if !ok || old == nil || new == nil {
		c.Reason = orElse(otherWork(s, false), "one side does not tell")
		return
	}
	change := *new / *old
	if *old == *new {
		change = 1
	}
	c.Old, c.New, c.Change = old, new, &result.Ratio{Est: change, Confidence: 1}
	if lo := change; !math.IsInf(lo, 0) && !math.IsNaN(lo) {
		c.Change.Lo, c.Change.Hi = &lo, &lo
	} else {
		c.Change.Est = v.TimeRatio.Est
	}
	c.Outcome = result.OutcomePass
	beyond := change < bound(result.MetricRatio, c.Limit)
	if c.Metric == result.MetricAllocs {
		beyond = *new-*old > c.Limit
	}
	if v.Verdict == result.VerdictWorse && beyond {
		c.Outcome = result.OutcomeRegression
	}
}

// paired holds what each fork has of a metric against its partner's.
func (g gate) paired(c *result.Check, s result.Sides) {
	if !g.interleaved {
		c.Reason = sideBySide
		return
	}
	logs := quotients(c.Metric, s.Old.Samples, s.New.Samples)
	if logs.N == 0 {
		c.Reason = notTold
		return
	}
	lo, hi := logs.Interval(g.level)
	c.Change = &result.Ratio{Est: math.Exp(logs.Mean()), Lo: result.Finite(math.Exp(lo)), Hi: result.Finite(math.Exp(hi)), Confidence: 1 - g.level}
	c.Outcome = ofInterval(logs, g.level, math.Log(bound(c.Metric, c.Limit)), false)
}

// cores holds the cores that the new side keeps busy against a floor.
func (g gate) cores(c *result.Check, s result.Sides) {
	busy := busyCores(s.New.Samples)
	if busy.N == 0 || s.New.Parallelism == nil {
		c.Reason = notTold
		return
	}
	if s.Old.Parallelism != nil {
		c.Old = &s.Old.Parallelism.Est
	}
	c.New = &s.New.Parallelism.Est
	lo, hi := busy.Interval(g.level)
	c.Change = &result.Ratio{Est: busy.Mean(), Lo: result.Finite(lo), Hi: result.Finite(hi), Confidence: 1 - g.level}
	c.Outcome = ofInterval(busy, g.level, bound(result.MetricCores, c.Limit), true)
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

// quotients is the log quotients, new over old, of what the forks of a round have
// of peak RSS or p99.
func quotients(metric string, old, new []result.Fork) stats.Sequence {
	of := func(f result.Fork) float64 { return forkP99(f) }
	if metric == result.MetricRSS {
		of = func(f result.Fork) float64 { return float64(f.PeakRSSBytes) }
	}
	byFork := map[int]float64{}
	for _, f := range old {
		byFork[f.Fork] = of(f)
	}
	var logs stats.Sequence
	for _, f := range new {
		if a, b := byFork[f.Fork], of(f); a > 0 && b > 0 {
			logs.Add(math.Log(b / a))
		}
	}
	return logs
}

// busyCores is the cores that each fork kept busy.
func busyCores(forks []result.Fork) stats.Sequence {
	var busy stats.Sequence
	for _, f := range forks {
		var cpu, wall int64
		for k := range f.WallNS {
			cpu += f.CPUNS[k] + f.IdleNS[k]
			wall += f.WallNS[k]
		}
		if wall > 0 {
			busy.Add(float64(cpu) / float64(wall))
		}
	}
	return busy
}

// limitsOpen reports whether forks leave one of the limits open that comparisons of times
// do not decide. What has no figures stays open for ever and does not count.
func limitsOpen(l result.Limits, old, new []result.Fork, level float64) bool {
	undecided := func(s stats.Sequence, bound float64, moreIsBetter bool) bool {
		return s.N > 0 && ofInterval(s, level, bound, moreIsBetter) == result.OutcomeUndecided
	}
	return l.RSS != nil && undecided(quotients(result.MetricRSS, old, new), math.Log(bound(result.MetricRSS, *l.RSS)), false) ||
		l.P99 != nil && undecided(quotients(result.MetricP99, old, new), math.Log(bound(result.MetricP99, *l.P99)), false) ||
		l.Cores != nil && undecided(busyCores(new), bound(result.MetricCores, *l.Cores), true)
}

// OpenLimits are the names of both sides of the cells whose gate has to go on for
// RSS, p99 or cores.
func OpenLimits(log *journal.Log) []string {
	var names []string
	level := intervalError(log.Header.Limits)
	at := map[string]int{}
	for i, c := range log.Cells {
		unsided := c.Cell
		unsided.Build = ""
		name := unsided.Name()
		if c.Cell.Build == result.SideOld {
			at[name] = i
			continue
		}
		l, gated := log.Header.Limits[name]
		old, paired := at[name]
		if gated && paired && log.Cells[old].Failed == nil && c.Failed == nil && limitsOpen(l, log.Cells[old].Forks, c.Forks, level) {
			names = append(names, log.Cells[old].Cell.Name(), c.Cell.Name())
		}
	}
	return names
}

// forkP99 is the 99th percentile of a fork's task times in nanoseconds; 0 where it
// timed none.
func forkP99(f result.Fork) float64 {
	n := f.TimedTasks - f.TimedTasks/100
	for _, t := range f.TaskNS {
		if n -= t[1]; n <= 0 {
			return float64(t[0])
		}
	}
	return 0
}

func p99(c *result.CellResult) *float64 {
	if c.LatencyUS == nil {
		return nil
	}
	return &c.LatencyUS.P99
}

func float(n *int64) *float64 {
	if n == nil {
		return nil
	}
	v := float64(*n)
	return &v
}

// Accept marks the regressions of checks that known allows. A regression that has
// become worse since, beyond its limit, stays one.
func Accept(checks []result.Check, known []result.Accepted) {
	for i := range checks {
		c := &checks[i]
		if c.Outcome != result.OutcomeRegression || c.Change == nil {
			continue
		}
		k := slices.IndexFunc(known, func(a result.Accepted) bool { return a.Cell == c.Cell && a.Metric == c.Metric })
		if k < 0 {
			continue
		}
		lo, hi := c.Change.Est, c.Change.Est
		if c.Change.Lo != nil && c.Change.Hi != nil {
			lo, hi = *c.Change.Lo, *c.Change.Hi
		}
		more := c.Metric == result.MetricRatio || c.Metric == result.MetricCores
		if outcome(lo, hi, known[k].UpTo, more) != result.OutcomeRegression {
			c.Outcome, c.Reason = result.OutcomeAccepted, known[k].Reason
		}
	}
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
