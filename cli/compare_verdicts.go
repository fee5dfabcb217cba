package cli

import (
	"errors"
	"slices"
	"strings"

	"zstdshop/harness"
)

// failures are the verdicts that --fail-on knows.
var failures = []string{harness.VerdictSlower, harness.VerdictWorse, harness.VerdictUndecided}

// judge is the exit status of a comparison that has been shown.
func judge(r *harness.Result, failOn []string) error {
	verdicts := map[string]int{}
	compared := map[string]bool{} // new sides that have a verdict on time
	for _, c := range r.Comparisons {
		verdicts[c.Verdict]++
		if c.Metric == harness.MetricTime {
			compared[c.New] = true
		}
	}
	if len(r.Comparisons) == 0 {
		return errors.New("no cell could be compared: the table says why")
	}
	lost, open := 0, 0
	for _, s := range harness.SidesOf(r) {
		switch {
		case compared[s.New.Name] || timeless(s):
		case s.New.Status == harness.StatusFailed && s.Old.Status != harness.StatusFailed:
			lost++
			open++
		default:
			open++
		}
	}
	var broken []string
	add := func(n int, text string, on ...string) {
		if n > 0 && slices.ContainsFunc(on, func(verdict string) bool { return slices.Contains(failOn, verdict) }) {
			broken = append(broken, count(n, "cell")+" "+text)
		}
	}
	add(verdicts[harness.VerdictSlower], "slower", harness.VerdictSlower)
	add(verdicts[harness.VerdictWorse], "worse in ratio or allocations", harness.VerdictWorse)
	add(lost, "failed in NEW alone", harness.VerdictSlower, harness.VerdictWorse)
	if len(broken) > 0 {
		return &exitError{exitFailed, errors.New("--fail-on: " + strings.Join(broken, ", "))}
	}
	add(verdicts[harness.VerdictUndecided], "undecided", harness.VerdictUndecided)
	add(open, "without a verdict", harness.VerdictUndecided)
	if len(broken) > 0 {
		return &exitError{exitUndecided, errors.New("--fail-on: " + strings.Join(broken, ", "))}
	}
	return nil
}

// timeless tells whether a cell has no time to compare: both sides lack its
// codec, or it has no speed.
func timeless(s harness.Sides) bool {
	both := func(status string) bool { return s.Old.Status == status && s.New.Status == status }
	return both(harness.StatusUnavailable) || both(harness.StatusOK) && s.Old.NSPerOp == nil && s.New.NSPerOp == nil
}
