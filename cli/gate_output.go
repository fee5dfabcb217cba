package cli

import (
	"errors"
	"fmt"
	"os"

	"zstdshop/harness/result"
	"zstdshop/reports"
)

// writeGate writes the files that were asked for, tells GitHub where it runs
// there, and shows the result.
func (a *app) writeGate(g *gateFlags, r *result.Result) error {
	var errs []error
	put := func(path string, make func() ([]byte, error)) {
		if path == "" {
			return
		}
		text, err := make()
		if err == nil {
			err = writeFile(path, text)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("write %s: %w", path, err))
		}
	}
	put(g.junit, func() ([]byte, error) { return reports.JUnit(r, g.undecided == "fail") })
	put(g.summary, func() ([]byte, error) { return reports.Summary(r) })
	if a.getenv("GITHUB_ACTIONS") == "true" {
		errs = append(errs, a.tellGitHub(r))
	}
	return errors.Join(append(errs, g.out.write(a, r))...)
}

// tellGitHub writes annotations, the step's summary and its outputs.
func (a *app) tellGitHub(r *result.Result) error {
	a.stderr.Write(reports.Annotations(r))
	summary, err := reports.Summary(r)
	if err != nil {
		return err
	}
	n, outcome := outcomes(r.Checks), result.OutcomePass
	switch {
	case n[result.OutcomeRegression]+n[result.OutcomeFailed] > 0:
		outcome = result.OutcomeRegression
	case n[result.OutcomeUndecided] > 0:
		outcome = result.OutcomeUndecided
	}
	outputs := fmt.Sprintf("outcome=%s\nregressions=%d\nundecided=%d\nfailed=%d\n",
		outcome, n[result.OutcomeRegression], n[result.OutcomeUndecided], n[result.OutcomeFailed])
	return errors.Join(
		appendTo(a.getenv("GITHUB_STEP_SUMMARY"), summary),
		appendTo(a.getenv("GITHUB_OUTPUT"), []byte(outputs)),
	)
}

// outcomes counts checks by what came out.
func outcomes(checks []result.Check) map[string]int {
	n := map[string]int{}
	for _, c := range checks {
		n[c.Outcome]++
	}
	return n
}

// appendTo adds text to a file; nothing where there is no path.
func appendTo(path string, text []byte) error {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("tell GitHub: %w", err)
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}
