package analyze

import (
	"math"
	"testing"

	"zstdshop/harness/result"
)

// What an interval says of a limit, on either side of it and across.
func TestOutcome(t *testing.T) {
	for _, c := range []struct {
		lo, hi, bound float64
		more          bool
		want          string
	}{
		{1.04, 1.06, 1.03, false, result.OutcomeRegression},
		{1.00, 1.02, 1.03, false, result.OutcomePass},
		{0.90, 0.95, 1.03, false, result.OutcomePass}, // faster
		{1.02, 1.04, 1.03, false, result.OutcomeUndecided},
		{1.03, 1.05, 1.03, false, result.OutcomeUndecided}, // at the limit is not beyond it
		{1.00, 1.03, 1.03, false, result.OutcomePass},
		{0.90, 1.30, 1.03, false, result.OutcomeUndecided},
		{1.7, 1.9, 1.8, true, result.OutcomeUndecided},
		{1.85, 1.9, 1.8, true, result.OutcomePass},
		{1.0, 1.1, 1.8, true, result.OutcomeRegression},
		{0, math.Inf(1), 1.03, false, result.OutcomeUndecided},
	} {
		if got := outcome(c.lo, c.hi, c.bound, c.more); got != c.want {
			t.Errorf("%v..%v against %v (more is better: %v): %s, want %s", c.lo, c.hi, c.bound, c.more, got, c.want)
		}
	}
}

// gateResult is a comparison of one cell: the time's interval, the exact figures
// of both sides, and forks with RSS, p99 and cores of new that many times those
// of old.
func gateResult(lo, hi float64, change func(old, new *result.CellResult)) *result.Result {
	side := func(build string) result.CellResult {
		c := result.CellResult{Cell: result.Cell{Scenario: "s", Runner: "single", Workers: 1, Build: build}, Status: result.StatusOK, BytesIn: 100, BytesOut: 50, Items: 1, Ratio: p(2.0), AllocsPerOp: p(3.0), NSPerOp: &result.Interval{Est: 1000}, Parallelism: &result.Interval{Est: 2}, LatencyUS: &result.Latency{P99: 5}, PeakRSSBytes: new(int64(64 << 20))}
		c.Name = c.Cell.Name()
		for n := range 12 {
			f := forkOf(n, []int64{100, 100}, nil)
			wobble := 1 + 0.001*float64(n%3)
			f.PeakRSSBytes = int64(wobble * (64 << 20))
			f.TaskNS, f.TimedTasks = [][2]int64{{1000, 99}, {int64(5000 * wobble), 1}}, 100
			c.Samples = append(c.Samples, f)
		}
		return c
	}
	r := &result.Result{Cells: []result.CellResult{side(result.SideOld), side(result.SideNew)}}
	old, new := &r.Cells[0], &r.Cells[1]
	if change != nil {
		change(old, new)
	}
	r.Comparisons = []result.Comparison{
		{Old: old.Name, New: new.Name, Metric: result.MetricTime, Pairs: 12, TimeRatio: result.Ratio{Est: math.Sqrt(lo * hi), Lo: &lo, Hi: &hi, Confidence: 0.99}},
	}
	if new.Ratio != nil && old.Ratio != nil {
		r.Comparisons = append(r.Comparisons, compareRatios(result.SidesOf(r)[0]), compareAllocs(result.SidesOf(r)[0]))
	}
	return r
}

func p(v float64) *float64 { return &v }

// Every metric against its limit, one line each.
func TestChecks(t *testing.T) {
	scale := func(c *result.CellResult, by float64) {
		for i := range c.Samples {
			f := &c.Samples[i]
			f.PeakRSSBytes = int64(by * float64(f.PeakRSSBytes))
			for k := range f.TaskNS {
				f.TaskNS[k][0] = int64(by * float64(f.TaskNS[k][0]))
			}
		}
	}
	for _, c := range []struct {
		name   string
		lo, hi float64
		limits result.Limits
		change func(old, new *result.CellResult)
		want   string
	}{
		{"time beyond", 1.04, 1.06, result.Limits{result.MetricTime: 0.03}, nil, result.OutcomeRegression},
		{"time within", 1.01, 1.02, result.Limits{result.MetricTime: 0.03}, nil, result.OutcomePass},
		{"a wider limit", 1.04, 1.06, result.Limits{result.MetricTime: 0.10}, nil, result.OutcomePass},
		{"time across", 1.02, 1.04, result.Limits{result.MetricTime: 0.03}, nil, result.OutcomeUndecided},
		{"much faster", 0.5, 0.6, result.Limits{result.MetricTime: 0.03}, nil, result.OutcomePass},
		{"ratio the same", 1, 1, result.Limits{result.MetricRatio: 0}, nil, result.OutcomePass},
		{"ratio worse by a byte", 1, 1, result.Limits{result.MetricRatio: 0}, func(_, n *result.CellResult) { n.BytesOut, n.Ratio = 51, p(100.0/51) }, result.OutcomeRegression},
		{"ratio worse within the limit", 1, 1, result.Limits{result.MetricRatio: 0.05}, func(_, n *result.CellResult) { n.BytesOut, n.Ratio = 51, p(100.0/51) }, result.OutcomePass},
		{"ratio better", 1, 1, result.Limits{result.MetricRatio: 0}, func(_, n *result.CellResult) { n.BytesOut, n.Ratio = 40, p(2.5) }, result.OutcomePass},
		{"more allocations", 1, 1, result.Limits{result.MetricAllocs: 0}, func(_, n *result.CellResult) { n.AllocsPerOp = p(9) }, result.OutcomeRegression},
		{"as many more as allowed", 1, 1, result.Limits{result.MetricAllocs: 6}, func(_, n *result.CellResult) { n.AllocsPerOp = p(9) }, result.OutcomePass},
		{"allocations from none", 1, 1, result.Limits{result.MetricAllocs: 0}, func(o, n *result.CellResult) { o.AllocsPerOp, n.AllocsPerOp = p(0), p(9) }, result.OutcomeRegression},
		{"RSS the same", 1, 1, result.Limits{result.MetricRSS: 0.1}, nil, result.OutcomePass},
		{"RSS larger", 1, 1, result.Limits{result.MetricRSS: 0.1}, func(_, n *result.CellResult) { scale(n, 1.2) }, result.OutcomeRegression},
		{"p99 the same", 1, 1, result.Limits{result.MetricP99: 0.1}, nil, result.OutcomePass},
		{"p99 longer", 1, 1, result.Limits{result.MetricP99: 0.1}, func(_, n *result.CellResult) { scale(n, 1.2) }, result.OutcomeRegression},
		{"enough cores", 1, 1, result.Limits{result.MetricCores: 1.9}, nil, result.OutcomePass},
		{"too few cores", 1, 1, result.Limits{result.MetricCores: 2.1}, nil, result.OutcomeRegression},
		{"new failed", 1, 1, result.Limits{result.MetricTime: 0.03}, func(_, n *result.CellResult) { n.Status = result.StatusFailed }, result.OutcomeFailed},
		{"old failed", 1, 1, result.Limits{result.MetricTime: 0.03}, func(o, _ *result.CellResult) { o.Status = result.StatusFailed }, result.OutcomeUndecided},
		{"both failed", 1, 1, result.Limits{result.MetricTime: 0.03}, func(o, n *result.CellResult) { o.Status, n.Status = result.StatusFailed, result.StatusFailed }, result.OutcomeUndecided},
		{"both failed, time not gated", 1, 1, result.Limits{result.MetricRatio: 0}, func(o, n *result.CellResult) { o.Status, n.Status = result.StatusFailed, result.StatusFailed }, result.OutcomeUndecided},
		{"new not measured", 1, 1, result.Limits{result.MetricRatio: 0}, func(_, n *result.CellResult) { n.Status, n.Ratio = result.StatusUnmeasured, nil }, result.OutcomeUndecided},
		{"new unavailable", 1, 1, result.Limits{result.MetricTime: 0.03}, func(_, n *result.CellResult) { n.Status = result.StatusUnavailable }, result.OutcomeUndecided},
		{"one check of a cell that failed", 1, 1, result.Limits{result.MetricTime: 0.03, result.MetricRatio: 0, result.MetricRSS: 0.1}, func(_, n *result.CellResult) { n.Status = result.StatusFailed }, result.OutcomeFailed},
		{"other work", 1, 1, result.Limits{result.MetricRatio: 0}, func(_, n *result.CellResult) { n.BytesIn, n.Ratio = 99, nil }, result.OutcomeUndecided},
	} {
		r := gateResult(c.lo, c.hi, c.change)
		got := Checks(r, map[string]result.Limits{result.SidesOf(r)[0].Name: c.limits}, true)
		if len(got) != 1 || got[0].Outcome != c.want {
			t.Errorf("%s: %+v, want %s", c.name, got, c.want)
		}
	}
	r := gateResult(1, 1.001, nil)
	if got := Checks(r, map[string]result.Limits{}, true); len(got) != 0 {
		t.Errorf("a cell without limits has checks: %+v", got)
	}
	// What is to be gated and is not there must not pass unseen.
	if got := Checks(r, map[string]result.Limits{"another": {result.MetricRatio: 0}}, true); len(got) != 1 || got[0].Outcome != result.OutcomeUndecided || got[0].Reason == "" {
		t.Errorf("of a cell that no side has: %+v, want undecided with a reason", got)
	}
	gone := gateResult(1, 1.001, func(o, n *result.CellResult) { o.Status, n.Status = result.StatusUnavailable, result.StatusUnavailable })
	if got := Checks(gone, map[string]result.Limits{result.SidesOf(gone)[0].Name: {result.MetricTime: 0.03}}, true); len(got) != 0 {
		t.Errorf("of a codec that neither build has: %+v, want nothing", got)
	}
	for _, l := range []result.Limits{{result.MetricTime: 0.03}, {result.MetricRSS: 0.1}, {result.MetricP99: 0.1}} {
		if got := Checks(r, map[string]result.Limits{result.SidesOf(r)[0].Name: l}, false); got[0].Outcome != result.OutcomeUndecided || got[0].Reason == "" {
			t.Errorf("of two runs: %+v, want undecided with a reason", got[0])
		}
	}
	r.Comparisons[0].Pairs = MinPairs - 1
	if got := Checks(r, map[string]result.Limits{result.SidesOf(r)[0].Name: {result.MetricTime: 0.03}}, true); got[0].Outcome != result.OutcomeUndecided {
		t.Errorf("with too few pairs: %s, want undecided", got[0].Outcome)
	}
}

// What is accepted is a size: a regression that has grown is one again.
func TestAccept(t *testing.T) {
	known := []result.Accepted{{Cell: "c", Metric: result.MetricTime, Reason: "checks what it wrote", UpTo: 1.09}, {Cell: "c", Metric: result.MetricRatio, UpTo: 0.9}}
	check := func(metric string, lo, hi float64) result.Check {
		return result.Check{Cell: "c", Metric: metric, Outcome: result.OutcomeRegression, Change: &result.Ratio{Est: (lo + hi) / 2, Lo: &lo, Hi: &hi}}
	}
	for _, c := range []struct {
		check result.Check
		want  string
	}{
		{check(result.MetricTime, 1.05, 1.07), result.OutcomeAccepted},
		{check(result.MetricTime, 1.07, 1.11), result.OutcomeAccepted}, // not surely beyond
		{check(result.MetricTime, 1.10, 1.12), result.OutcomeRegression},
		{check(result.MetricRatio, 0.95, 0.95), result.OutcomeAccepted},
		{check(result.MetricRatio, 0.85, 0.85), result.OutcomeRegression},
		{check(result.MetricAllocs, 1.05, 1.05), result.OutcomeRegression},
		{result.Check{Cell: "d", Metric: result.MetricTime, Outcome: result.OutcomeRegression, Change: &result.Ratio{Est: 1.05}}, result.OutcomeRegression},
		{result.Check{Cell: "c", Metric: result.MetricTime, Outcome: result.OutcomeUndecided, Change: &result.Ratio{Est: 1.05}}, result.OutcomeUndecided},
	} {
		got := []result.Check{c.check}
		Accept(got, known)
		if got[0].Outcome != c.want || (c.want == result.OutcomeAccepted) && c.check.Metric == result.MetricTime && got[0].Reason != known[0].Reason {
			t.Errorf("%s %s of %v: %s (%s), want %s", c.check.Cell, c.check.Metric, c.check.Change.Est, got[0].Outcome, got[0].Reason, c.want)
		}
	}
}

// Forks leave RSS, p99 and cores open until an interval is on one side of the
// limit.
func TestLimitsOpen(t *testing.T) {
	cell := func(n int, rss func(int) int64) *result.CellResult {
		out := new(result.CellResult)
		for i := range n {
			f := forkOf(i, []int64{100, 100}, nil)
			f.PeakRSSBytes = rss(i)
			out.Samples = append(out.Samples, f)
		}
		return out
	}
	const mib = 1 << 20
	steady := func(int) int64 { return 64 * mib }
	restless := func(i int) int64 { return int64(40+40*(i%2)) * mib }
	for _, c := range []struct {
		name   string
		n      int
		rss    func(int) int64
		limits result.Limits
		want   bool
	}{
		{"steady", 12, steady, result.Limits{result.MetricRSS: 0.1}, false},
		{"too few", MinPairs - 1, steady, result.Limits{result.MetricRSS: 0.1}, true},
		{"restless", 12, restless, result.Limits{result.MetricRSS: 0.1}, true},
		{"restless, not gated", 12, restless, result.Limits{}, false},
		{"no figures of p99", 12, steady, result.Limits{result.MetricP99: 0.1}, false},
		{"cores clearly above", 12, steady, result.Limits{result.MetricCores: 0.5}, false},
		{"cores too few forks", MinPairs - 1, steady, result.Limits{result.MetricCores: 0.5}, true},
	} {
		if got := limitsOpen(c.limits, cell(c.n, steady), cell(c.n, c.rss), 0.01); got != c.want {
			t.Errorf("%s: open %v, want %v", c.name, got, c.want)
		}
	}
}
