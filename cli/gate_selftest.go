package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"zstdshop/harness"
)

// The selftest gates this program against itself with a wide limit, so that a
// few seconds decide: what it checks is the gate, not the machine.
const (
	selftestLimit = 0.20
	selftestOver  = 450 // permille planted that are clearly beyond the limit
	selftestUnder = 80  // and clearly within
)

// A selftestPhase is one gate whose answer is known.
type selftestPhase struct {
	name  string
	redo  [2]int // planted in old and new
	red   bool   // every cell must be a regression; else none may
	first bool   // of the first cell only
	share time.Duration
}

func selftestPhases() []selftestPhase {
	return []selftestPhase{
		{"equals stay green", [2]int{0, 0}, false, false, 4},
		{"a planted slowdown goes red in every cell", [2]int{0, selftestOver}, true, false, 4},
		{"a slowdown within the limit stays green", [2]int{0, selftestUnder}, false, true, 1},
		{"a planted speed-up stays green", [2]int{selftestOver, 0}, false, true, 1},
	}
}

// selftest runs gates of this program against itself, with slowdowns planted on
// one side or none.
func (a *app) selftest(ctx context.Context, g *gateFlags, what *gated, begun time.Time) error {
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	state, err := os.MkdirTemp("", "zstdshop-selftest-*")
	if err != nil {
		return fmt.Errorf("selftest: %w", err)
	}
	defer os.RemoveAll(state)
	budget := min(what.budget, 55*time.Second)
	limit := selftestLimit
	total := time.Duration(0)
	for _, p := range selftestPhases() {
		total += p.share
	}
	failed := false
	for _, p := range selftestPhases() {
		some := *what.what
		if p.first {
			some.cells = some.cells[:1]
		}
		some.plan.Budget = budget * p.share / total
		limits := map[string]harness.Limits{}
		for _, c := range some.cells {
			limits[c.Name()] = harness.Limits{Time: &limit}
		}
		r, err := a.runSides(ctx, sideBySide{what: &some, programs: []program{{"this program", exe}, {"itself", exe}},
			redo: p.redo, limits: limits, patience: g.timeout.value, state: state}, time.Now())
		if err != nil {
			return err
		}
		good, text := p.judge(r.Checks)
		word := "ok  "
		if !good {
			word, failed = "FAIL", true
		}
		if _, err := fmt.Fprintf(a.stdout, "%s  %s: %s\n", word, p.name, text); err != nil {
			return err
		}
	}
	if failed {
		return &exitError{exitFailed, errors.New("the gate does not work on this machine: its verdicts must not be used")}
	}
	_, err = fmt.Fprintf(a.stdout, "The gate works: %s, %v.\n", count(len(what.what.cells), "cell"), time.Since(begun).Round(time.Second))
	return err
}

// judge tells whether the checks of a phase came out as they must. What stays
// undecided is neither: a gate that never decides fails where red is wanted.
func (p selftestPhase) judge(checks []harness.Check) (good bool, text string) {
	n := map[string]int{}
	for _, c := range checks {
		n[c.Outcome]++
	}
	red, green := n[harness.OutcomeRegression], n[harness.OutcomePass]
	text = fmt.Sprintf("%d red, %d green, %d undecided of %d", red, green, len(checks)-red-green, len(checks))
	if p.red {
		return red == len(checks) && red > 0, text
	}
	return red == 0 && green > 0, text
}
