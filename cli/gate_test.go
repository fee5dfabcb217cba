package cli

import (
	"errors"
	"testing"

	"zstdshop/harness/result"
)

// The first of regression, failed and undecided that holds makes the status.
func TestGateStatus(t *testing.T) {
	const pass, red, open, failed, accepted = result.OutcomePass, result.OutcomeRegression, result.OutcomeUndecided, result.OutcomeFailed, result.OutcomeAccepted
	for _, c := range []struct {
		outcomes []string
		strict   bool
		want     int
	}{
		{[]string{pass, pass}, true, exitOK},
		{[]string{pass, accepted}, true, exitOK},
		{[]string{pass, open}, true, exitUndecided},
		{[]string{pass, open}, false, exitOK},
		{[]string{open, red}, true, exitFailed},
		{[]string{open, red}, false, exitFailed},
		{[]string{failed, open}, true, exitFailed},
	} {
		var checks []result.Check
		for _, o := range c.outcomes {
			checks = append(checks, result.Check{Outcome: o})
		}
		got := exitOK
		if e, ok := errors.AsType[*exitError](gateStatus(checks, c.strict)); ok {
			got = e.status
		}
		if got != c.want {
			t.Errorf("%v, undecided fails %v: status %d, want %d", c.outcomes, c.strict, got, c.want)
		}
	}
}

// A selftest phase is wrong only where its cells came out as they must not;
// undecided is not wrong.
func TestSelftestJudges(t *testing.T) {
	red, green, open, failed := result.OutcomeRegression, result.OutcomePass, result.OutcomeUndecided, result.OutcomeFailed
	for _, c := range []struct {
		wantRed  bool
		outcomes []string
		want     tally
		word     string
	}{
		{true, []string{red, red}, tally{right: 2}, "right"},
		{true, []string{red, green}, tally{right: 1, wrong: 1}, "WRONG"},
		{true, []string{red, open}, tally{right: 1, undecided: 1}, "undecided"},
		{true, []string{failed, red}, tally{right: 1, wrong: 1}, "WRONG"},
		{true, nil, tally{wrong: 1}, "WRONG"},
		{false, []string{green, green}, tally{right: 2}, "right"},
		{false, []string{green, open}, tally{right: 1, undecided: 1}, "undecided"},
		{false, []string{open, red}, tally{wrong: 1, undecided: 1}, "WRONG"},
		{false, []string{open, open}, tally{undecided: 2}, "undecided"},
		{false, nil, tally{wrong: 1}, "WRONG"},
	} {
		var checks []result.Check
		for _, o := range c.outcomes {
			checks = append(checks, result.Check{Outcome: o})
		}
		if got := (selftestPhase{red: c.wantRed}).judge(checks); got != c.want || got.word() != c.word {
			t.Errorf("red wanted %v, outcomes %v: %v, %s, want %v, %s", c.wantRed, c.outcomes, got, got.word(), c.want, c.word)
		}
	}
}
