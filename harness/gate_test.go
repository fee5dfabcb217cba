package harness

import (
	"math"
	"testing"
	"time"

	"zstdshop/harness/worker"
)

// What an interval says of a limit, on either side of it and across.
func TestOutcome(t *testing.T) {
	for _, c := range []struct {
		lo, hi, bound float64
		more          bool
		want          string
	}{
		{1.04, 1.06, 1.03, false, OutcomeRegression},
		{1.00, 1.02, 1.03, false, OutcomePass},
		{0.90, 0.95, 1.03, false, OutcomePass}, // faster
		{1.02, 1.04, 1.03, false, OutcomeUndecided},
		{1.03, 1.05, 1.03, false, OutcomeUndecided}, // at the limit is not beyond it
		{1.00, 1.03, 1.03, false, OutcomePass},
		{0.90, 1.30, 1.03, false, OutcomeUndecided},
		{1.7, 1.9, 1.8, true, OutcomeUndecided},
		{1.85, 1.9, 1.8, true, OutcomePass},
		{1.0, 1.1, 1.8, true, OutcomeRegression},
		{0, math.Inf(1), 1.03, false, OutcomeUndecided},
	} {
		if got := outcome(c.lo, c.hi, c.bound, c.more); got != c.want {
			t.Errorf("%v..%v against %v (more is better: %v): %s, want %s", c.lo, c.hi, c.bound, c.more, got, c.want)
		}
	}
}

// gateResult is a comparison of one cell: the time's interval, the exact figures
// of both sides, and forks with RSS, p99 and cores of new that many times those
// of old.
func gateResult(lo, hi float64, change func(old, new *CellResult)) *Result {
	side := func(build string) CellResult {
		c := CellResult{Scenario: "s", Runner: "single", Workers: 1, Build: &build, Status: StatusOK, BytesIn: 100, BytesOut: 50, Items: 1,
			Ratio: p(2.0), AllocsPerOp: p(3.0), NSPerOp: &Interval{Est: 1000}, Parallelism: &Interval{Est: 2},
			LatencyUS: &Latency{P99: 5}, PeakRSSBytes: new(int64(64 << 20))}
		c.Name = c.Cell().Name()
		for n := range 12 {
			f := forkOf(n, []int64{100, 100}, nil)
			wobble := 1 + 0.001*float64(n%3)
			f.PeakRSSBytes = int64(wobble * (64 << 20))
			f.TaskNS, f.TimedTasks = [][2]int64{{1000, 99}, {int64(5000 * wobble), 1}}, 100
			c.Samples = append(c.Samples, f)
		}
		return c
	}
	r := &Result{Cells: []CellResult{side(SideOld), side(SideNew)}}
	old, new := &r.Cells[0], &r.Cells[1]
	if change != nil {
		change(old, new)
	}
	r.Comparisons = []Comparison{
		{Old: old.Name, New: new.Name, Metric: MetricTime, Pairs: 12, TimeRatio: Ratio{Est: math.Sqrt(lo * hi), Lo: &lo, Hi: &hi, Confidence: 0.99}},
	}
	if new.Ratio != nil && old.Ratio != nil {
		r.Comparisons = append(r.Comparisons, compareRatios(SidesOf(r)[0]), compareAllocs(SidesOf(r)[0]))
	}
	return r
}

func p(v float64) *float64 { return &v }

// Every metric against its limit, one line each.
func TestChecks(t *testing.T) {
	scale := func(c *CellResult, by float64) {
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
		limits Limits
		change func(old, new *CellResult)
		want   string
	}{
		{"time beyond", 1.04, 1.06, Limits{Time: p(0.03)}, nil, OutcomeRegression},
		{"time within", 1.01, 1.02, Limits{Time: p(0.03)}, nil, OutcomePass},
		{"a wider limit", 1.04, 1.06, Limits{Time: p(0.10)}, nil, OutcomePass},
		{"time across", 1.02, 1.04, Limits{Time: p(0.03)}, nil, OutcomeUndecided},
		{"much faster", 0.5, 0.6, Limits{Time: p(0.03)}, nil, OutcomePass},
		{"ratio the same", 1, 1, Limits{Ratio: p(0)}, nil, OutcomePass},
		{"ratio worse by a byte", 1, 1, Limits{Ratio: p(0)}, func(_, n *CellResult) { n.BytesOut, n.Ratio = 51, p(100.0/51) }, OutcomeRegression},
		{"ratio worse within the limit", 1, 1, Limits{Ratio: p(0.05)}, func(_, n *CellResult) { n.BytesOut, n.Ratio = 51, p(100.0/51) }, OutcomePass},
		{"ratio better", 1, 1, Limits{Ratio: p(0)}, func(_, n *CellResult) { n.BytesOut, n.Ratio = 40, p(2.5) }, OutcomePass},
		{"more allocations", 1, 1, Limits{Allocs: p(0)}, func(_, n *CellResult) { n.AllocsPerOp = p(9) }, OutcomeRegression},
		{"as many more as allowed", 1, 1, Limits{Allocs: p(6)}, func(_, n *CellResult) { n.AllocsPerOp = p(9) }, OutcomePass},
		{"allocations from none", 1, 1, Limits{Allocs: p(0)}, func(o, n *CellResult) { o.AllocsPerOp, n.AllocsPerOp = p(0), p(9) }, OutcomeRegression},
		{"RSS the same", 1, 1, Limits{RSS: p(0.1)}, nil, OutcomePass},
		{"RSS larger", 1, 1, Limits{RSS: p(0.1)}, func(_, n *CellResult) { scale(n, 1.2) }, OutcomeRegression},
		{"p99 the same", 1, 1, Limits{P99: p(0.1)}, nil, OutcomePass},
		{"p99 longer", 1, 1, Limits{P99: p(0.1)}, func(_, n *CellResult) { scale(n, 1.2) }, OutcomeRegression},
		{"enough cores", 1, 1, Limits{Cores: p(1.9)}, nil, OutcomePass},
		{"too few cores", 1, 1, Limits{Cores: p(2.1)}, nil, OutcomeRegression},
		{"new failed", 1, 1, Limits{Time: p(0.03)}, func(_, n *CellResult) { n.Status = StatusFailed }, OutcomeFailed},
		{"old failed", 1, 1, Limits{Time: p(0.03)}, func(o, _ *CellResult) { o.Status = StatusFailed }, OutcomeUndecided},
		{"both failed", 1, 1, Limits{Time: p(0.03)}, func(o, n *CellResult) { o.Status, n.Status = StatusFailed, StatusFailed }, OutcomeUndecided},
		{"both failed, time not gated", 1, 1, Limits{Ratio: p(0)}, func(o, n *CellResult) { o.Status, n.Status = StatusFailed, StatusFailed }, OutcomeUndecided},
		{"new not measured", 1, 1, Limits{Ratio: p(0)}, func(_, n *CellResult) { n.Status, n.Ratio = StatusUnmeasured, nil }, OutcomeUndecided},
		{"new unavailable", 1, 1, Limits{Time: p(0.03)}, func(_, n *CellResult) { n.Status = StatusUnavailable }, OutcomeUndecided},
		{"one check of a cell that failed", 1, 1, Limits{Time: p(0.03), Ratio: p(0), RSS: p(0.1)}, func(_, n *CellResult) { n.Status = StatusFailed }, OutcomeFailed},
		{"other work", 1, 1, Limits{Ratio: p(0)}, func(_, n *CellResult) { n.BytesIn, n.Ratio = 99, nil }, OutcomeUndecided},
	} {
		r := gateResult(c.lo, c.hi, c.change)
		got := Checks(r, map[string]Limits{SidesOf(r)[0].Name: c.limits}, true)
		if len(got) != 1 || got[0].Outcome != c.want {
			t.Errorf("%s: %+v, want %s", c.name, got, c.want)
		}
	}
	r := gateResult(1, 1.001, nil)
	if got := Checks(r, map[string]Limits{}, true); len(got) != 0 {
		t.Errorf("a cell without limits has checks: %+v", got)
	}
	// What is to be gated and is not there must not pass unseen.
	if got := Checks(r, map[string]Limits{"another": {Ratio: p(0)}}, true); len(got) != 1 || got[0].Outcome != OutcomeUndecided || got[0].Reason == "" {
		t.Errorf("of a cell that no side has: %+v, want undecided with a reason", got)
	}
	gone := gateResult(1, 1.001, func(o, n *CellResult) { o.Status, n.Status = StatusUnavailable, StatusUnavailable })
	if got := Checks(gone, map[string]Limits{SidesOf(gone)[0].Name: {Time: p(0.03)}}, true); len(got) != 0 {
		t.Errorf("of a codec that neither build has: %+v, want nothing", got)
	}
	for _, l := range []Limits{{Time: p(0.03)}, {RSS: p(0.1)}, {P99: p(0.1)}} {
		if got := Checks(r, map[string]Limits{SidesOf(r)[0].Name: l}, false); got[0].Outcome != OutcomeUndecided || got[0].Reason == "" {
			t.Errorf("of two runs: %+v, want undecided with a reason", got[0])
		}
	}
	r.Comparisons[0].Pairs = minForks - 1
	if got := Checks(r, map[string]Limits{SidesOf(r)[0].Name: {Time: p(0.03)}}, true); got[0].Outcome != OutcomeUndecided {
		t.Errorf("with too few pairs: %s, want undecided", got[0].Outcome)
	}
}

// What is accepted is a size: a regression that has grown is one again.
func TestAccept(t *testing.T) {
	known := []Accepted{{Cell: "c", Metric: MetricTime, Reason: "checks what it wrote", UpTo: 1.09}, {Cell: "c", Metric: MetricRatio, UpTo: 0.9}}
	check := func(metric string, lo, hi float64) Check {
		return Check{Cell: "c", Metric: metric, Outcome: OutcomeRegression, Change: &Ratio{Est: (lo + hi) / 2, Lo: &lo, Hi: &hi}}
	}
	for _, c := range []struct {
		check Check
		want  string
	}{
		{check(MetricTime, 1.05, 1.07), OutcomeAccepted},
		{check(MetricTime, 1.07, 1.11), OutcomeAccepted}, // not surely beyond
		{check(MetricTime, 1.10, 1.12), OutcomeRegression},
		{check(MetricRatio, 0.95, 0.95), OutcomeAccepted},
		{check(MetricRatio, 0.85, 0.85), OutcomeRegression},
		{check(MetricAllocs, 1.05, 1.05), OutcomeRegression},
		{Check{Cell: "d", Metric: MetricTime, Outcome: OutcomeRegression, Change: &Ratio{Est: 1.05}}, OutcomeRegression},
		{Check{Cell: "c", Metric: MetricTime, Outcome: OutcomeUndecided, Change: &Ratio{Est: 1.05}}, OutcomeUndecided},
	} {
		got := []Check{c.check}
		Accept(got, known)
		if got[0].Outcome != c.want || (c.want == OutcomeAccepted) && c.check.Metric == MetricTime && got[0].Reason != known[0].Reason {
			t.Errorf("%s %s of %v: %s (%s), want %s", c.check.Cell, c.check.Metric, c.check.Change.Est, got[0].Outcome, got[0].Reason, c.want)
		}
	}
}

// Forks leave RSS, p99 and cores open until an interval is on one side of the
// limit.
func TestLimitsOpen(t *testing.T) {
	forks := func(n int, rss func(int) int64) (out []Fork) {
		for i := range n {
			f := forkOf(i, []int64{100, 100}, nil)
			f.PeakRSSBytes = rss(i)
			out = append(out, f)
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
		limits Limits
		want   bool
	}{
		{"steady", 12, steady, Limits{RSS: p(0.1)}, false},
		{"too few", minForks - 1, steady, Limits{RSS: p(0.1)}, true},
		{"restless", 12, restless, Limits{RSS: p(0.1)}, true},
		{"restless, not gated", 12, restless, Limits{}, false},
		{"no figures of p99", 12, steady, Limits{P99: p(0.1)}, false},
		{"cores clearly above", 12, steady, Limits{Cores: p(0.5)}, false},
		{"cores too few forks", minForks - 1, steady, Limits{Cores: p(0.5)}, true},
	} {
		if got := c.limits.open(forks(c.n, steady), forks(c.n, c.rss), 0.01); got != c.want {
			t.Errorf("%s: open %v, want %v", c.name, got, c.want)
		}
	}
}

// gateSim gates two builds of which new takes so much longer, and answers the
// checks and what was recorded.
func gateSim(t *testing.T, s *sim, longer float64, limits Limits) ([]Check, *Log) {
	t.Helper()
	if s.noise == 0 {
		s.noise = 0.02
	}
	s.cost = func(c Cell) time.Duration {
		if c.Build == SideNew {
			return time.Duration((1 + longer) * 1e5)
		}
		return 1e5
	}
	plan := simPlan()
	plan.Codecs, plan.Runners = plan.Codecs[:1], []string{"single"}
	e := simEngine(t, s, plan)
	h := e.Journal.Log.Header
	name := h.Cells[0].Name()
	h.Cells, h.Verdicts = BothSides(h.Cells), true
	h.Arms = []Arm{{Name: SideOld}, {Name: SideNew}}
	h.Limits = map[string]Limits{name: limits}
	e.Journal = &Journal{}
	if err := e.Journal.Append(Record{Header: &h}); err != nil {
		t.Fatal(err)
	}
	if err := s.run(t.Context(), e, 60e9); err != nil {
		t.Fatal(err)
	}
	r := Derive(&e.Journal.Log)
	for _, c := range r.Checks {
		if c.Cell != name {
			t.Fatalf("a check of %s, want %s only", c.Cell, name)
		}
	}
	return r.Checks, &e.Journal.Log
}

// The engine measures until it is clear on which side of the limit a cell is, and
// no longer: what is called slower at once may have to go on, and the other way
// round.
func TestGateStopsAtItsLimit(t *testing.T) {
	for _, c := range []struct {
		longer, limit float64
		want          string
	}{
		{0.05, 0.03, OutcomeRegression},
		{0, 0.03, OutcomePass},
		{-0.2, 0.03, OutcomePass},
		{0.02, 0.03, OutcomePass}, // slower, within the limit
		{0.20, 0.10, OutcomeRegression},
	} {
		checks, log := gateSim(t, newSim(), c.longer, Limits{Time: &c.limit})
		check, took := checks[0], log.Elapsed
		if check.Outcome != c.want || took >= 50e9 {
			t.Errorf("%+.0f %% against %.0f %%: %s after %d s, want %s in less than the budget", 100*c.longer, 100*c.limit, check.Outcome, took/1e9, c.want)
		}
	}
	checks, log := gateSim(t, newSim(), 0.03, Limits{Time: p(0.03)})
	near, long := checks[0], log.Elapsed
	if near.Outcome != OutcomeUndecided || long < 50e9 || near.MoreNS == nil && near.Change.Est > 1.04 {
		t.Errorf("at the limit: %s after %d s, want undecided and the whole budget", near.Outcome, long/1e9)
	}
}

// Times that are clear at once do not end a gate whose p99 is not, and a gate
// without a limit on times does not wait for them.
func TestGateGoesOnForOtherLimits(t *testing.T) {
	s := newSim()
	s.onSlice = func(c Cell, fork int, sample *worker.Sample) error {
		for i := range sample.TaskNS {
			sample.TaskNS[i] *= 10
			if c.Build == SideNew {
				sample.TaskNS[i] += sample.TaskNS[i] / 10 * int64(fork%2)
			}
		}
		return nil
	}
	checks, log := gateSim(t, s, 0, Limits{Time: p(0.5), P99: p(0.12)})
	if len(checks) != 2 || checks[0].Outcome != OutcomePass || checks[1].Outcome != OutcomePass {
		t.Errorf("checks %+v, want both passed", checks)
	}
	if n := len(log.Cells[0].Forks); n <= minForks || log.Elapsed >= 50e9 {
		t.Errorf("%d rounds in %d s, want more than the %d that decide the time, and less than the budget", n, log.Elapsed/1e9, minForks)
	}
	s = newSim()
	s.noise = 1
	_, log = gateSim(t, s, 0, Limits{RSS: p(0.1)})
	if n := len(log.Cells[0].Forks); n != minForks {
		t.Errorf("%d rounds where only RSS is gated, which is the same always, want %d", n, minForks)
	}
}
