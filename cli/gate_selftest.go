package cli

import (
	"context"
	"fmt"
	"os"
	"time"

	"zstdshop/harness/measure"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
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
	red   bool   // every cell must be a regression; else every one must pass
	first bool   // of the first cell only
	share time.Duration
}

var selftestPhases = []selftestPhase{
	{"equals stay green", [2]int{0, 0}, false, false, 4},
	{"a planted slowdown goes red in every cell", [2]int{0, selftestOver}, true, false, 4},
	{"a slowdown within the limit stays green", [2]int{0, selftestUnder}, false, true, 1},
	{"a planted speed-up stays green", [2]int{selftestOver, 0}, false, true, 1},
}

// selftest runs gates of this program against itself, with slowdowns planted on
// one side or none.
func (a *app) selftest(ctx context.Context, p *plan.Plan, begun time.Time) error {
	state, err := os.MkdirTemp("", "zstdshop-selftest-*")
	if err != nil {
		return fmt.Errorf("selftest: %w", err)
	}
	defer os.RemoveAll(state)
	budget := min(p.Budget, 55*time.Second)
	total := time.Duration(0)
	for _, phase := range selftestPhases {
		total += phase.share
	}
	wrong, open := 0, 0
	for _, phase := range selftestPhases {
		q := a.request(p, time.Now())
		q.State, q.Budget = state, budget*phase.share/total
		q.Programs = []measure.Program{{Name: "this program", Redo: phase.redo[0]}, {Name: "itself", Redo: phase.redo[1]}}
		if phase.first {
			q.Cells = q.Cells[:1]
		}
		q.Limits = map[string]result.Limits{}
		for _, c := range q.Cells {
			q.Limits[c.Name()] = result.Limits{result.MetricTime: selftestLimit}
		}
		r, err := a.run(ctx, q)
		if err != nil {
			return err
		}
		t := phase.judge(r.Checks)
		if _, err := fmt.Fprintf(a.stdout, "%-9s  %s: %s\n", t.word(), phase.name, t); err != nil {
			return err
		}
		wrong, open = wrong+t.wrong, open+t.undecided
	}
	switch {
	case wrong > 0:
		return &exitError{exitFailed, fmt.Errorf("the gate said %s wrong on this machine: its verdicts must not be used", result.Plural(wrong, "thing"))}
	case open > 0:
		return &exitError{exitUndecided, fmt.Errorf("nothing was said wrong, but %s stayed undecided: this machine is too noisy for %v; raise --budget, or end what else runs on it",
			result.Plural(open, "check"), budget.Round(time.Second))}
	}
	_, err = fmt.Fprintf(a.stdout, "The gate works: %s, %v.\n", result.Plural(len(p.Cells), "cell"), time.Since(begun).Round(time.Second))
	return err
}

// A tally is how the checks of a phase came out.
type tally struct{ right, wrong, undecided int }

// judge counts the checks of a phase that came out as they must and as they must
// not. Undecided is neither. A cell that failed is wrong in every phase, and so is
// a phase without checks.
func (p selftestPhase) judge(checks []result.Check) (t tally) {
	wanted := result.OutcomePass
	if p.red {
		wanted = result.OutcomeRegression
	}
	for _, c := range checks {
		switch c.Outcome {
		case wanted:
			t.right++
		case result.OutcomeUndecided:
			t.undecided++
		default:
			t.wrong++
		}
	}
	if len(checks) == 0 {
		t.wrong = 1
	}
	return t
}

// word is one word for a phase.
func (t tally) word() string {
	switch {
	case t.wrong > 0:
		return "WRONG"
	case t.undecided > 0:
		return "undecided"
	}
	return "right"
}

func (t tally) String() string {
	return fmt.Sprintf("%d right, %d wrong, %d undecided", t.right, t.wrong, t.undecided)
}
