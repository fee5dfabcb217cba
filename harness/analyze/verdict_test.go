package analyze

import (
	"math"
	"testing"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
	"zstdshop/stats"
)

// logsAround is n log ratios spread evenly about ln(centre).
func logsAround(centre, spread float64, n int) (s stats.Sequence) {
	for i := range n {
		s.Add(math.Log(centre) + spread*(float64(i%3)-1))
	}
	return s
}

// twoCells is a log with a cell "old" and a cell "new".
func twoCells() *journal.Log {
	return &journal.Log{Header: journal.Header{Delta: 0.02}, Elapsed: 10e9,
		Cells: []journal.CellLog{{Cell: result.Cell{Scenario: "old"}}, {Cell: result.Cell{Scenario: "new"}}}}
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		name string
		logs stats.Sequence
		want string
	}{
		{"clearly slower", logsAround(1.05, 0.005, 12), result.VerdictSlower},
		{"clearly faster", logsAround(0.95, 0.005, 12), result.VerdictFaster},
		{"the same", logsAround(1, 0.005, 12), result.VerdictEquivalent},
		{"a difference inside delta is still a difference", logsAround(1.01, 0.001, 12), result.VerdictSlower},
		{"nearly delta apart and noisy", logsAround(1.018, 0.02, 12), result.VerdictUndecided},
		{"too noisy for a forecast", logsAround(1.02, 0.8, 12), result.VerdictUndecided},
		{"too noisy", logsAround(1.02, 0.2, 12), result.VerdictUndecided},
		{"few pairs, and clear", logsAround(2, 0.001, MinPairs-1), result.VerdictSlower},
		{"few pairs, and not clear", logsAround(1.05, 0.02, MinPairs-1), result.VerdictUndecided},
		{"four pairs say nothing of what is near", logsAround(2, 0.001, 4), result.VerdictUndecided},
		{"nor do equal ones", logsAround(1.99, 0, 4), result.VerdictUndecided},
		{"three pairs, and far apart", logsAround(300, 0.05, 3), result.VerdictSlower},
		{"three pairs, and far apart the other way", logsAround(1./300, 0.05, 3), result.VerdictFaster},
		{"three pairs, far apart and noisy", logsAround(30, 0.2, 3), result.VerdictUndecided},
		{"two pairs say nothing", logsAround(300, 0.0001, 2), result.VerdictUndecided},
		{"too few pairs, however equal", logsAround(1, 0.0001, MinPairs-1), result.VerdictUndecided},
		{"just enough pairs", logsAround(1, 0.0001, MinPairs), result.VerdictEquivalent},
	} {
		m := matchup{old: 0, new: 1, logs: c.logs}
		got, open := m.judge(twoCells(), VerdictError)
		if got.Verdict != c.want {
			t.Errorf("%s: %s, ratio %v, want %s", c.name, got.Verdict, got.TimeRatio.Est, c.want)
		}
		if decided := m.claim(0.02) <= VerdictError; decided != (c.want != result.VerdictUndecided) {
			t.Errorf("%s: claim %v does not go with %s", c.name, m.claim(0.02), c.want)
		}
		// An interval that says next to nothing makes no forecast.
		ratio := got.TimeRatio
		told := ratio.Lo != nil && ratio.Hi != nil && *ratio.Hi / *ratio.Lo <= widestForecast*widestForecast
		if (got.MoreNS != nil) != (told && got.Verdict == result.VerdictUndecided) || open != (got.Verdict == result.VerdictUndecided) {
			t.Errorf("%s: %s, more %v, open %v", c.name, got.Verdict, got.MoreNS, open)
		}
	}
}

// The printed interval is the one the verdict was read from, of new over old.
func TestJudgePrintsItsInterval(t *testing.T) {
	logs := logsAround(1.05, 0.01, 12)
	got, _ := matchup{old: 0, new: 1, logs: logs}.judge(twoCells(), 0.003)
	lo, hi := logs.Interval(0.003)
	if got.Old != "scenario=old" || got.New != "scenario=new" || !near(*got.TimeRatio.Lo, math.Exp(lo)) || !near(*got.TimeRatio.Hi, math.Exp(hi)) ||
		!near(got.TimeRatio.Est, math.Exp(logs.Mean())) || !near(got.TimeRatio.Confidence, 0.997) || got.Pairs != 12 || got.Delta != 0.02 {
		t.Errorf("got %+v", got)
	}
	if want := math.Expm1(logs.SmallestEffect(0.003, 0.8)); !near(*got.MDE, want) {
		t.Errorf("mde %v, want %v", *got.MDE, want)
	}
}

// The level a comparison is judged at matters: what one claim may say, one of
// many may not.
func TestJudgeLevel(t *testing.T) {
	m := matchup{old: 0, new: 1, logs: logsAround(1.05, 0.04, 14)}
	if got, _ := m.judge(twoCells(), 0.01); got.Verdict != result.VerdictSlower {
		t.Errorf("alone: %s, want slower", got.Verdict)
	}
	if got, _ := m.judge(twoCells(), 0.0001); got.Verdict != result.VerdictUndecided {
		t.Errorf("among many: %s, want undecided", got.Verdict)
	}
}

func TestMore(t *testing.T) {
	log := twoCells()
	m := matchup{logs: logsAround(1.03, 0.1, 12)}
	more := m.more(log, 0.01)
	if more == nil || *more <= 0 {
		t.Fatalf("got %v, want a time", more)
	}
	// After that time, at the same spread, it would be decided.
	pairs := int(12 * (1 + float64(*more)/float64(log.Elapsed)))
	if got := verdictOf(logsAround(1.03, 0.1, pairs)); got == result.VerdictUndecided {
		t.Errorf("after %d pairs, as forecast, still undecided", pairs)
	}
	if got := verdictOf(logsAround(1.03, 0.1, pairs/2)); got != result.VerdictUndecided {
		t.Errorf("after half the pairs already %s: the forecast is too long", got)
	}
	if got := (matchup{logs: logsAround(1.0099, 0.5, 12)}).more(log, 0.01); got == nil {
		t.Error("no forecast for an effect of half delta")
	}
}

func verdictOf(s stats.Sequence) string {
	lo, hi := s.Interval(0.01)
	return verdict(lo, hi, s.N, 0.02)
}

// Cells of one group are all compared, a large group against its fastest.
func TestMatchups(t *testing.T) {
	group := func(n int) (*journal.Log, [][]forkFigures) {
		log, all := &journal.Log{}, [][]forkFigures{}
		for i := range n {
			log.Cells = append(log.Cells, journal.CellLog{Cell: result.Cell{Scenario: "s", Workers: i + 1}, Facts: &worker.Ready{}})
			log.Cells[i].Facts.PassNS = 1
			ns := float64(100 + (i+3)%n)
			fork := forkFigures{turns: []turnFigures{{log: math.Log(ns), perTask: math.Log(ns)}}}
			again := fork
			again.fork = 1
			all = append(all, []forkFigures{fork, again})
		}
		return log, all
	}
	if got := matchups(group(5)); len(got) != 10 {
		t.Errorf("%d pairs of 5 cells, want 10", len(got))
	}
	n := maxAllPairs + 1
	got := matchups(group(n))
	if len(got) != n-1 {
		t.Errorf("%d pairs of %d cells, want each against the fastest", len(got), n)
	}
	for _, m := range got {
		if m.old != n-3 {
			t.Errorf("cell %d is compared with %d, want the fastest, %d", m.new, m.old, n-3)
		}
	}
	log, all := group(5)
	log.Header.Plan.Reference = log.Cells[2].Cell.Name()
	got = matchups(log, all)
	if len(got) != 4 {
		t.Errorf("%d pairs of 5 cells with a reference, want 4", len(got))
	}
	for _, m := range got {
		if m.old != 2 {
			t.Errorf("cell %d is compared with %d, want the reference, 2", m.new, m.old)
		}
	}
	log, all = group(3)
	log.Cells[0].Failed = &journal.Failure{}
	log.Cells[1].Facts.PassNS = 0 // slices of fixed length
	if got := matchups(log, all); len(got) != 0 {
		t.Errorf("%d pairs where one cell failed and one has no speed, want none", len(got))
	}
}
