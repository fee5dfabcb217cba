package cli

import (
	"errors"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// failures are the verdicts that --fail-on knows.
var failures = []string{result.VerdictSlower, result.VerdictWorse, result.VerdictUndecided}

// judge is the exit status of a comparison that has been shown.
func judge(r *result.Result, failOn []string) error {
	verdicts := map[string]int{}
	compared := map[string]bool{} // new sides that have a verdict on time
	for _, c := range r.Comparisons {
		verdicts[c.Verdict]++
		if c.Metric == result.MetricTime {
			compared[c.New] = true
		}
	}
	if len(r.Comparisons) == 0 {
		return errors.New("no cell could be compared: the table says why")
	}
	lost, open := 0, 0
	for _, s := range result.SidesOf(r) {
		switch {
		case compared[s.New.Name] || timeless(s):
		case s.New.Status == result.StatusFailed && s.Old.Status != result.StatusFailed:
			lost++
			open++
		default:
			open++
		}
	}
	var broken []string
	add := func(n int, text string, on ...string) {
		if n > 0 && slices.ContainsFunc(on, func(verdict string) bool { return slices.Contains(failOn, verdict) }) {
			broken = append(broken, result.Plural(n, "cell")+" "+text)
		}
	}
	add(verdicts[result.VerdictSlower], "slower", result.VerdictSlower)
	add(verdicts[result.VerdictWorse], "worse in ratio or allocations", result.VerdictWorse)
	add(lost, "failed in NEW alone", result.VerdictSlower, result.VerdictWorse)
	if len(broken) > 0 {
		return &exitError{exitFailed, errors.New("--fail-on: " + strings.Join(broken, ", "))}
	}
	add(verdicts[result.VerdictUndecided], "undecided", result.VerdictUndecided)
	add(open, "without a verdict", result.VerdictUndecided)
	if len(broken) > 0 {
		return &exitError{exitUndecided, errors.New("--fail-on: " + strings.Join(broken, ", "))}
	}
	return nil
}

// timeless reports whether a cell has no time to compare: both sides lack its
// codec, or it has no speed.
func timeless(s result.Sides) bool {
	both := func(status string) bool { return s.Old.Status == status && s.New.Status == status }
	return both(result.StatusUnavailable) || both(result.StatusOK) && s.Old.NSPerOp == nil && s.New.NSPerOp == nil
}
