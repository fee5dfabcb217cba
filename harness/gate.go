package harness

import (
	"maps"
	"math"
	"slices"

	"zstdshop/stats"
)

// Limits is what a gate lets the new side of a cell be worse by. Shares are of
// the old side: 0.03 is 3 %. Nil is not gated.
type Limits struct {
	Time   *float64 `json:"time,omitempty"`   // how much longer a task may take
	Ratio  *float64 `json:"ratio,omitempty"`  // how much smaller the compression ratio may be
	Allocs *float64 `json:"allocs,omitempty"` // how many allocations more a task may make
	RSS    *float64 `json:"rss,omitempty"`    // how much larger the peak of memory may be
	P99    *float64 `json:"p99,omitempty"`    // how much longer the slowest hundredth of tasks may take
	Cores  *float64 `json:"cores,omitempty"`  // how many cores must be kept busy, whatever old did
}

// Metrics that a gate knows beside those of comparisons.
const (
	MetricRSS   = "rss"
	MetricP99   = "p99"
	MetricCores = "cores"
)

// Outcomes of a check.
const (
	OutcomePass       = "pass"
	OutcomeRegression = "regression"
	OutcomeUndecided  = "undecided"
	OutcomeFailed     = "failed"   // the new side of the cell failed, the old did not
	OutcomeAccepted   = "accepted" // a regression that is known, within what was accepted
)

// Check is one metric of one cell held against its limit.
type Check struct {
	Cell    string `json:"cell"`   // without a side
	Metric  string `json:"metric"` // time, ratio, allocs, rss, p99, cores
	Outcome string `json:"outcome"`
	// Old and New are the figures of the sides: ns per task, ratio, allocations
	// per task, bytes, microseconds, cores. Null where a side has none.
	Old *float64 `json:"old"`
	New *float64 `json:"new"`
	// Change is new over old; of cores the cores themselves. The outcome is a
	// function of its interval and Limit: a regression where the whole interval is
	// beyond the limit, a pass where none of it is.
	Change *Ratio  `json:"change"`
	Limit  float64 `json:"limit"`
	MoreNS *int64  `json:"more_ns"`          // as Comparison.MoreNS
	Reason string  `json:"reason,omitempty"` // why it is undecided or failed, or was accepted
}

// bound is the change at which a metric becomes a regression.
func bound(metric string, limit float64) float64 {
	switch metric {
	case MetricRatio:
		return 1 - limit
	case MetricCores, MetricAllocs:
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
		return OutcomeRegression
	case hi <= bound:
		return OutcomePass
	}
	return OutcomeUndecided
}

// timeLimit is the log quotient of times at which the cell's new side is a
// regression; false where that is not gated.
func (h Header) timeLimit(c Cell) (float64, bool) {
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
func Checks(r *Result, limits map[string]Limits, interleaved bool) []Check {
	g := gate{limits: limits, interleaved: interleaved, by: map[[2]string]Comparison{}, level: intervalError(limits)}
	for _, c := range r.Comparisons {
		g.by[[2]string{c.Metric, c.New}] = c
	}
	out := []Check{}
	absent := maps.Clone(limits)
	for _, s := range SidesOf(r) {
		delete(absent, s.Name)
		if s.Old != nil && s.New != nil && s.Old.Status == StatusUnavailable && s.New.Status == StatusUnavailable {
			continue
		}
		out = append(out, g.ofCell(s)...)
	}
	for _, name := range slices.Sorted(maps.Keys(absent)) {
		out = append(out, g.ofCell(Sides{Name: name})...)
	}
	return out
}

// intervalError is the error of each interval that comparisons do not make: those
// of RSS, p99 and cores share what a table may err by.
func intervalError(limits map[string]Limits) float64 {
	n := 0
	for _, l := range limits {
		for _, limit := range []*float64{l.RSS, l.P99, l.Cores} {
			if limit != nil {
				n++
			}
		}
	}
	return min(verdictError, tableError/float64(max(n, 1)))
}

// sideBySide is why nothing that needs an interval is decided of two runs.
const sideBySide = "measured in two runs, and how far one is from the next is not known: gate --base COMMIT or PROGRAM runs both sides in one"

// gate is what checks are made from.
type gate struct {
	limits      map[string]Limits
	interleaved bool
	by          map[[2]string]Comparison // by metric and name of the new side
	level       float64                  // error of the intervals it makes itself
}

func (g gate) ofCell(s Sides) []Check {
	l := g.limits[s.Name]
	why := unfit(s)
	var out []Check
	add := func(metric string, limit *float64, make func(*Check)) {
		switch {
		case limit == nil:
		case why == "":
			c := Check{Cell: s.Name, Metric: metric, Limit: *limit, Outcome: OutcomeUndecided}
			make(&c)
			out = append(out, c)
		case len(out) == 0:
			c := Check{Cell: s.Name, Metric: metric, Limit: *limit, Outcome: OutcomeUndecided, Reason: why}
			if s.New != nil && s.New.Status == StatusFailed && s.Old.Status != StatusFailed {
				c.Outcome = OutcomeFailed
			}
			out = append(out, c)
		}
	}
	// exact checks what is counted. What neither side has is not checked.
	exact := func(metric string, limit *float64, of func(*CellResult) *float64) {
		if why == "" && of(s.Old) == nil && of(s.New) == nil {
			return
		}
		add(metric, limit, func(c *Check) { g.exact(c, of(s.Old), of(s.New), s) })
	}
	add(MetricTime, l.Time, func(c *Check) { g.time(c, s) })
	exact(MetricRatio, l.Ratio, func(c *CellResult) *float64 { return c.Ratio })
	exact(MetricAllocs, l.Allocs, func(c *CellResult) *float64 { return c.AllocsPerOp })
	add(MetricRSS, l.RSS, func(c *Check) {
		c.Old, c.New = float(s.Old.PeakRSSBytes), float(s.New.PeakRSSBytes)
		g.paired(c, s)
	})
	add(MetricP99, l.P99, func(c *Check) {
		c.Old, c.New = p99(s.Old), p99(s.New)
		g.paired(c, s)
	})
	add(MetricCores, l.Cores, func(c *Check) { g.cores(c, s) })
	return out
}

// unfit says why the sides of a cell cannot be held against each other; "" where
// they can.
func unfit(s Sides) string {
	if s.Old == nil || s.New == nil {
		return "only one side has this cell: measure the base again, with the same cells"
	}
	for _, side := range []*CellResult{s.New, s.Old} {
		switch side.Status {
		case StatusFailed, StatusUnavailable:
			return *side.Build + " " + side.Status + ": " + value(side.Error)
		case StatusUnmeasured:
			return *side.Build + " was not measured: raise --budget, or gate fewer cells"
		}
	}
	return ""
}

func (g gate) time(c *Check, s Sides) {
	v, ok := g.by[[2]string{MetricTime, s.New.Name}]
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
	if v.Pairs >= minForks && v.TimeRatio.Lo != nil && v.TimeRatio.Hi != nil {
		c.Outcome = outcome(*v.TimeRatio.Lo, *v.TimeRatio.Hi, bound(MetricTime, c.Limit), false)
	}
}

// exact holds metrics against each other that need no interval.
func (g gate) exact(c *Check, old, new *float64, s Sides) {
	v, ok := g.by[[2]string{c.Metric, s.New.Name}]
	if !ok || old == nil || new == nil {
		c.Reason = orElse(otherWork(s, false), "one side does not tell")
		return
	}
	change := *new / *old
	if *old == *new {
		change = 1
	}
	c.Old, c.New, c.Change = old, new, &Ratio{Est: change, Confidence: 1}
	if lo := change; !math.IsInf(lo, 0) && !math.IsNaN(lo) {
		c.Change.Lo, c.Change.Hi = &lo, &lo
	} else {
		c.Change.Est = v.TimeRatio.Est
	}
	c.Outcome = OutcomePass
	beyond := change < bound(MetricRatio, c.Limit)
	if c.Metric == MetricAllocs {
		beyond = *new-*old > c.Limit
	}
	if v.Verdict == VerdictWorse && beyond {
		c.Outcome = OutcomeRegression
	}
}

// paired holds what each fork has of a metric against its partner's.
func (g gate) paired(c *Check, s Sides) {
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
	c.Change = &Ratio{Est: math.Exp(logs.Mean()), Lo: finite(math.Exp(lo)), Hi: finite(math.Exp(hi)), Confidence: 1 - g.level}
	c.Outcome = ofInterval(logs, g.level, math.Log(bound(c.Metric, c.Limit)), false)
}

// cores holds the cores that the new side keeps busy against a floor.
func (g gate) cores(c *Check, s Sides) {
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
	c.Change = &Ratio{Est: busy.Mean(), Lo: finite(lo), Hi: finite(hi), Confidence: 1 - g.level}
	c.Outcome = ofInterval(busy, g.level, bound(MetricCores, c.Limit), true)
}

// notTold is why a metric is undecided that has no figures.
const notTold = "this system does not tell"

// ofInterval is the outcome of values against a bound of their mean, by an interval
// that stays valid however often one looks; undecided below minForks values.
func ofInterval(s stats.Sequence, level, bound float64, moreIsBetter bool) string {
	if s.N < minForks {
		return OutcomeUndecided
	}
	lo, hi := s.Interval(level)
	return outcome(lo, hi, bound, moreIsBetter)
}

// quotients is the log quotients, new over old, of what the forks of a round have
// of peak RSS or p99.
func quotients(metric string, old, new []Fork) stats.Sequence {
	of := Fork.p99
	if metric == MetricRSS {
		of = func(f Fork) float64 { return float64(f.PeakRSSBytes) }
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
func busyCores(forks []Fork) stats.Sequence {
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

// open tells whether forks leave one of the limits open that comparisons of times
// do not decide. What has no figures stays open for ever and does not count.
func (l Limits) open(old, new []Fork, level float64) bool {
	undecided := func(s stats.Sequence, bound float64, moreIsBetter bool) bool {
		return s.N > 0 && ofInterval(s, level, bound, moreIsBetter) == OutcomeUndecided
	}
	return l.RSS != nil && undecided(quotients(MetricRSS, old, new), math.Log(bound(MetricRSS, *l.RSS)), false) ||
		l.P99 != nil && undecided(quotients(MetricP99, old, new), math.Log(bound(MetricP99, *l.P99)), false) ||
		l.Cores != nil && undecided(busyCores(new), bound(MetricCores, *l.Cores), true)
}

// openLimits are the names of both sides of the cells whose gate has to go on for
// RSS, p99 or cores.
func (log *Log) openLimits() []string {
	var names []string
	level := intervalError(log.Header.Limits)
	at := map[string]int{}
	for i, c := range log.Cells {
		unsided := c.Cell
		unsided.Build = ""
		name := unsided.Name()
		if c.Cell.Build == SideOld {
			at[name] = i
			continue
		}
		l, gated := log.Header.Limits[name]
		old, paired := at[name]
		if gated && paired && log.Cells[old].Failed == nil && c.Failed == nil && l.open(log.Cells[old].Forks, c.Forks, level) {
			names = append(names, log.Cells[old].Cell.Name(), c.Cell.Name())
		}
	}
	return names
}

// p99 is the 99th percentile of a fork's task times in nanoseconds; 0 where it
// timed none.
func (f Fork) p99() float64 {
	n := f.TimedTasks - f.TimedTasks/100
	for _, t := range f.TaskNS {
		if n -= t[1]; n <= 0 {
			return float64(t[0])
		}
	}
	return 0
}

func p99(c *CellResult) *float64 {
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

// Accepted is a regression that is known and wanted: a cell's metric may change
// by UpTo, new over old, for Reason.
type Accepted struct {
	Cell, Metric, Reason string
	UpTo                 float64
}

// Accept marks the regressions of checks that known allows. A regression that has
// become worse since, beyond its limit, stays one.
func Accept(checks []Check, known []Accepted) {
	for i := range checks {
		c := &checks[i]
		if c.Outcome != OutcomeRegression || c.Change == nil {
			continue
		}
		k := slices.IndexFunc(known, func(a Accepted) bool { return a.Cell == c.Cell && a.Metric == c.Metric })
		if k < 0 {
			continue
		}
		lo, hi := c.Change.Est, c.Change.Est
		if c.Change.Lo != nil && c.Change.Hi != nil {
			lo, hi = *c.Change.Lo, *c.Change.Hi
		}
		more := c.Metric == MetricRatio || c.Metric == MetricCores
		if outcome(lo, hi, known[k].UpTo, more) != OutcomeRegression {
			c.Outcome, c.Reason = OutcomeAccepted, known[k].Reason
		}
	}
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
