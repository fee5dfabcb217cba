package analyze

import (
	"fmt"
	"slices"

	"zstdshop/harness/result"
)

// Accept marks the regressions of checks that known allows, each by an entry of its own
// cell and metric. A regression that has become worse since, beyond its limit, stays
// one.
func Accept(checks []result.Check, known []result.Accepted) {
	for i := range checks {
		c := &checks[i]
		if c.Outcome != result.OutcomeRegression || c.Change == nil {
			continue
		}
		k := slices.IndexFunc(known, func(a result.Accepted) bool { return !a.Past && allows(a, c) })
		if k >= 0 {
			c.Outcome, c.Reason = result.OutcomeAccepted, known[k].Reason
		}
	}
}

// allows reports whether an entry is of a check and its size holds what was found.
func allows(a result.Accepted, c *result.Check) bool {
	if a.Cell != c.Cell || a.Metric != c.Metric {
		return false
	}
	m, _ := result.MetricOf(c.Metric)
	if a.More > 0 {
		return m.Compare == result.Counted && c.Old != nil && c.New != nil && *c.New-*c.Old <= a.More
	}
	lo, hi := c.Change.Est, c.Change.Est
	if c.Change.Lo != nil && c.Change.Hi != nil {
		lo, hi = *c.Change.Lo, *c.Change.Hi
	}
	return outcome(lo, hi, a.UpTo, m.MoreIsBetter()) != result.OutcomeRegression
}

// AboutAccepted warns of the entries that fit no check: they allow nothing.
func AboutAccepted(checks []result.Check, known []result.Accepted) []result.Warning {
	var out []result.Warning
	for _, a := range known {
		why := "no such cell is gated"
		fits := false
		for _, c := range checks {
			if c.Cell == a.Cell {
				why = "of this cell it is not gated"
				fits = fits || c.Metric == a.Metric
			}
		}
		if !fits {
			out = append(out, result.Warning{Code: "accepted_unused",
				Text: fmt.Sprintf("the accepted %s of %s allows nothing: %s; correct the entry, or remove it", a.Metric, a.Cell, why)})
		}
	}
	return out
}

// SameProgram is the checks of cells whose sides are the same program: none can be
// beyond a limit of how much worse it may become. It returns nil where one has a limit
// of its own, which only measuring holds it against.
func SameProgram(cells []result.Cell, limits map[string]result.Limits) []result.Check {
	out := []result.Check{}
	for _, cell := range cells {
		for _, m := range result.Compared() {
			limit, gated := limits[cell.Name()][m.Key]
			switch {
			case !gated || m.Compare == result.Exactly && cell.Codec == "":
				continue
			case m.Compare == result.Floor:
				return nil
			}
			out = append(out, result.Check{Cell: cell.Name(), Metric: m.Key, Limit: limit, Outcome: result.OutcomePass})
		}
	}
	return out
}
