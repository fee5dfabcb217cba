package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// checkedMetric is the metric of a check; the zero value for one of a later program.
func checkedMetric(c result.Check) result.Metric {
	m, _ := result.MetricOf(c.Metric)
	return m
}

// checkedName is a metric as the gate's sentences have it.
func checkedName(m result.Metric) string {
	return strings.Replace(m.Name, "/op", "/task", 1)
}

// drawChecked is a figure of a check with its unit, in the units of v1.
func drawChecked(m result.Metric, v float64) string {
	switch {
	case m.Unit == result.Nanoseconds && m.V1 == 0:
		return significant(v/1e3, 4) + " µs"
	case m.Unit == result.Nanoseconds:
		return significant(v, 3) + " µs"
	case m.Unit == result.Bytes:
		return fixedPlaces(v/mebibyte, 1) + " MiB"
	case m.Suffix != "":
		return fixedPlaces(v, 4) + " " + m.Suffix
	}
	return fixedPlaces(v, 2)
}

// drawLimit is how much worse a metric may become.
func drawLimit(c result.Check) string {
	m := checkedMetric(c)
	limit := max(c.Limit, c.Slack)
	switch {
	case m.Compare == result.Floor:
		return "at least " + significant(limit, 3)
	case m.Compare == result.Counted:
		return "+" + fixedPlaces(math.Ceil(1e2*limit)/1e2, -1)
	case m.Better == result.Higher:
		return "-" + percentUp(limit) + " %"
	}
	return "+" + percentUp(limit) + " %"
}

// gateTable shows every check, the worst outcomes first.
func gateTable(checks []result.Check) table {
	t := table{heading: []fact{{"gate", gateCounts(checks)}}}
	ordered := byOutcome(checks)
	names, shared := shortNames(ordered)
	if shared != "" {
		t.heading = append(t.heading, fact{"all", shared})
	}
	several := slices.ContainsFunc(names, func(name string) bool { return name != "" })
	t.columns = []column{
		{name: "cell"}, {name: "metric"}, {name: "old", right: true, spare: 2}, {name: "new", right: true, spare: 2},
		{name: "change", right: true}, {name: "limit", right: true}, {name: "outcome"},
	}
	for i, c := range ordered {
		m := checkedMetric(c)
		figure := func(v *float64) cell {
			if v == nil {
				return cell{}
			}
			return cell{text: drawChecked(m, *v)}
		}
		r := row{cells: []cell{
			{text: names[i]}, {text: checkedName(m)}, figure(c.Old), figure(c.New), {text: changeText(c)}, {text: drawLimit(c)}, {text: c.Outcome},
		}}
		switch c.Outcome {
		case result.OutcomeRegression, result.OutcomeFailed:
			r.tone = toneBad
		case result.OutcomePass:
			r.tone = toneGood
		}
		t.rows = append(t.rows, r)
	}
	if !several { // the heading has it, and the room is for figures
		t.columns = t.columns[1:]
		for i := range t.rows {
			t.rows[i].cells = t.rows[i].cells[1:]
		}
	}
	return t
}

// changeText is what a check found: the change with its interval.
func changeText(c result.Check) string {
	if c.Change == nil {
		return ""
	}
	if checkedMetric(c).Compare == result.Counted && c.Old != nil && c.New != nil {
		return fmt.Sprintf("%+.2f", *c.New-*c.Old) // in what its limit is in
	}
	draw := func(v float64) string {
		if checkedMetric(c).Compare == result.Floor {
			return fixedPlaces(v, 2)
		}
		return fmt.Sprintf("%+.1f %%", 100*(v-1))
	}
	text := draw(c.Change.Est)
	if c.Change.Confidence < 1 && c.Change.Lo != nil && c.Change.Hi != nil {
		text += " (" + draw(*c.Change.Lo) + ".." + draw(*c.Change.Hi) + ")"
	}
	return text
}

// outcomes are in the order in which they are shown, the worst first; word is what
// became of a check.
var outcomes = []struct{ outcome, word string }{
	{result.OutcomeFailed, "failed"}, {result.OutcomeRegression, "regressed"}, {result.OutcomeUndecided, "undecided"},
	{result.OutcomeAccepted, "accepted"}, {result.OutcomePass, "passed"},
}

func byOutcome(checks []result.Check) (out []result.Check) {
	for _, o := range outcomes {
		out = append(out, withOutcome(checks, o.outcome)...)
	}
	return out
}

func withOutcome(checks []result.Check, outcome string) []result.Check {
	return slices.DeleteFunc(slices.Clone(checks), func(c result.Check) bool { return c.Outcome != outcome })
}

// gateCounts is how many checks have each outcome.
func gateCounts(checks []result.Check) string {
	var parts list
	for _, o := range outcomes {
		n := len(withOutcome(checks, o.outcome))
		parts.addIf(n > 0, "%d %s", n, o.word)
	}
	if len(parts) == 0 {
		return "nothing was checked"
	}
	return fmt.Sprintf("%s of %d", parts, len(checks))
}

// gateNotes says of each check that did not pass what there is to say.
func gateNotes(checks []result.Check) []string {
	var out []string
	for _, c := range byOutcome(checks) {
		text := shortName(c.Cell) + ", " + checkedName(checkedMetric(c)) + ": "
		switch {
		case c.Reason != "":
			out = append(out, text+c.Outcome+": "+c.Reason)
		case c.Outcome == result.OutcomeUndecided && c.MoreNS == nil:
			out = append(out, text+"undecided; its rounds are too few or too noisy to say how much longer it would take")
		case c.Outcome == result.OutcomeUndecided:
			said := "undecided; " + outlook(*c.MoreNS, "would decide it", doubt(c.Change))
			if !tooLong(*c.MoreNS) {
				said += ": raise --budget"
			}
			out = append(out, text+said)
		}
	}
	return out
}

// doubt is how far from the limit a change must be to be told from it, going by the
// interval that it has; 0 without one.
func doubt(of *result.Ratio) float64 {
	if of == nil || of.Lo == nil || of.Hi == nil || !(*of.Lo > 0) {
		return 0
	}
	return math.Sqrt(*of.Hi / *of.Lo) - 1
}

// gateClosing is the gate's answer in a sentence.
func gateClosing(r *result.Result) string {
	worst := append(
		mapped(withOutcome(r.Checks, result.OutcomeFailed), func(c result.Check) string { return shortName(c.Cell) + " failed" }),
		mapped(withOutcome(r.Checks, result.OutcomeRegression), func(c result.Check) string {
			return fmt.Sprintf("%s %s %s where %s is allowed", shortName(c.Cell), checkedName(checkedMetric(c)), changeText(c), drawLimit(c))
		})...)
	undecided, accepted := len(withOutcome(r.Checks, result.OutcomeUndecided)), len(withOutcome(r.Checks, result.OutcomeAccepted))
	switch {
	case len(worst) > 3:
		return fmt.Sprintf("Regression: %s, and %d more.", strings.Join(worst[:3], "; "), len(worst)-3)
	case len(worst) > 0:
		return "Regression: " + strings.Join(worst, "; ") + "."
	case undecided > 0:
		return fmt.Sprintf("Undecided: no regression beyond the limit (%s) was found, and %d of %d checks could not be decided.",
			limitsText(r.Checks), undecided, len(r.Checks))
	case accepted > 0:
		return fmt.Sprintf("Pass: nothing but %d known regressions that were accepted.", accepted)
	case len(r.Checks) == 0:
		return "Nothing was checked."
	case len(r.Cells) == 0:
		return fmt.Sprintf("Pass: both sides are the same program, so none of %d checks is beyond its limit (%s).", len(r.Checks), limitsText(r.Checks))
	}
	return fmt.Sprintf("Pass: none of %d checks is beyond its limit (%s).", len(r.Checks), limitsText(r.Checks))
}

// limitsText is the limits of checks, by their metrics.
func limitsText(checks []result.Check) string {
	var parts []string
	for _, of := range result.GroupBy(checks, func(c result.Check) string { return c.Metric }) {
		least := slices.MinFunc(of, func(a, b result.Check) int { return cmp.Compare(a.Limit, b.Limit) })
		most := slices.MaxFunc(of, func(a, b result.Check) int { return cmp.Compare(a.Limit, b.Limit) })
		text := checkedName(checkedMetric(least)) + " " + drawLimit(least)
		if drawLimit(most) != drawLimit(least) {
			text += " to " + drawLimit(most)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// shortNames are the names of the checks' cells without the keys that all share,
// and those.
func shortNames(checks []result.Check) (names []string, shared string) {
	var common []string
	for i, c := range checks {
		parts := strings.Split(c.Cell, "/")
		if i == 0 {
			common = parts
		}
		common = slices.DeleteFunc(slices.Clone(common), func(part string) bool { return !slices.Contains(parts, part) })
	}
	for _, c := range checks {
		own := slices.DeleteFunc(strings.Split(c.Cell, "/"), func(part string) bool { return slices.Contains(common, part) })
		names = append(names, shortName(strings.Join(own, "/")))
	}
	return names, shortName(strings.Join(common, "/"))
}

// shortName is a cell's name without the names of its keys where the value says
// it all.
func shortName(name string) string {
	var parts []string
	before := ""
	for _, part := range strings.Split(name, "/") {
		key, value, _ := strings.Cut(part, "=")
		codec := before == "codec"
		before = key
		switch {
		case key == "level" && codec:
			parts[len(parts)-1] += "@" + value
		case key == "scenario" || key == "corpus" || key == "codec" || key == "runner" || key == "endpoint":
			parts = append(parts, value)
		default:
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}
