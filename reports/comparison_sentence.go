package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// closing sums the comparison of r up by counting its verdicts. It says nothing that no
// verdict says.
func (t *contest) closing(r *result.Result) string {
	text := t.outcome(result.MetricTime)
	if !r.Plan.Complete {
		text = "The run is not complete; so far: " + text
	}
	var equal []string
	for _, m := range exactMetrics() {
		counts := t.count(m.Key)
		switch total := counts.total(); {
		case total == 0:
		case len(counts[result.VerdictEquivalent]) == total:
			equal = append(equal, m.Title)
		default:
			text += " " + capital(m.Title) + ": " + t.parts(counts, m.Key) + "."
		}
	}
	if len(equal) > 0 {
		all := strings.Join(equal, " and ")
		verb := " is"
		if len(equal) > 1 || strings.HasSuffix(all, "task") {
			verb = " are"
		}
		text += " " + capital(all) + verb + " the same."
	}
	return text
}

// counts is the cells that have each verdict on a metric.
type counts map[string][]*contestant

func (t *contest) count(metric string) counts {
	n := make(counts)
	for _, c := range t.rows {
		if v := c.verdict(metric); v != "" {
			n[v] = append(n[v], c)
		}
	}
	return n
}

func (n counts) total() (sum int) {
	for _, c := range n {
		sum += len(c)
	}
	return sum
}

// outcome is the sentence on the times.
func (t *contest) outcome(metric string) string {
	n := t.count(metric)
	total := n.total()
	if total == 0 {
		return "Nothing was compared: " + plural(len(t.rows), "cell") + ", none of which both sides have a time of."
	}
	in, rest := "", "."
	if total > 1 {
		in = " in " + allOf(total)
	}
	if out := len(t.rows) - total; out > 0 {
		rest = "; " + plural(out, "cell") + " could not be compared."
	}
	undecided, equivalent := n[result.VerdictUndecided], n[result.VerdictEquivalent]
	switch {
	case len(undecided) == total:
		return "New cannot be told from old: undecided" + in + forecast(undecided) + rest
	case len(equivalent) == total:
		return "New takes as long as old" + within(equivalent) + in + rest
	case total == 1:
		for verdict, c := range n {
			return fmt.Sprintf("New is %s than old: it takes %s times as long%s", verdict, quotient(c[0].by[metric].TimeRatio.Est, 3), rest)
		}
	}
	return fmt.Sprintf("Of %d cells compared, new is %s%s", total, t.parts(n, metric), rest)
}

// allOf is all of at least two cells.
func allOf(n int) string {
	if n == 2 {
		return "both cells"
	}
	return fmt.Sprintf("all %d cells", n)
}

// parts lists how many cells have each verdict, and those that differ most.
func (t *contest) parts(n counts, metric string) string {
	var parts list
	for _, verdict := range []string{
		result.VerdictSlower, result.VerdictWorse, result.VerdictFaster, result.VerdictBetter, result.VerdictEquivalent, result.VerdictUndecided,
	} {
		cells := n[verdict]
		if len(cells) == 0 {
			continue
		}
		text := fmt.Sprintf("%s in %d", verdict, len(cells))
		switch verdict {
		case result.VerdictEquivalent:
			text = fmt.Sprintf("the same in %d", len(cells))
			if metric == result.MetricTime {
				text = fmt.Sprintf("%s%s in %d", verdict, within(cells), len(cells))
			}
		case result.VerdictUndecided:
			text += forecast(cells)
		default:
			text += " (" + t.largest(cells, metric) + ")"
		}
		parts = append(parts, text)
	}
	return parts.String()
}

// largest names the cells that differ most, and the quotient of each.
func (t *contest) largest(cells []*contestant, metric string) string {
	effect := func(c *contestant) float64 { return math.Abs(math.Log(c.by[metric].TimeRatio.Est)) }
	sorted := slices.SortedStableFunc(slices.Values(cells), func(a, b *contestant) int { return cmp.Compare(effect(b), effect(a)) })
	const named = 2
	names := mapped(sorted[:min(named, len(sorted))], func(c *contestant) string {
		text := t.nameOf(c) + ": " + quotient(c.by[metric].TimeRatio.Est, 3)
		if metric == result.MetricTime {
			text += " times as long"
		}
		return text
	})
	if more := len(sorted) - named; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, "; ")
}

// nameOf names a cell by its model and what else tells it from the others.
func (t *contest) nameOf(c *contestant) string {
	var parts list
	add := func(key, before string) {
		k, _ := result.KeyOf(key)
		own := k.Raw(c.cell.Cell)
		if own != "" && slices.ContainsFunc(t.rows, func(o *contestant) bool { return k.Raw(o.cell.Cell) != own }) {
			parts = append(parts, before+keyText(c.cell, key, nil))
		}
	}
	add("scenario", "")
	add("corpus", "")
	add("block", "")
	parts = append(parts, model(c.cell))
	add("level", "level ")
	return parts.String()
}

// within says how far apart equivalent may be.
func within(cells []*contestant) string {
	delta := 0.0
	for _, c := range cells {
		delta = max(delta, c.by[result.MetricTime].Delta)
	}
	return " within " + percentText(delta) + " %"
}

// forecast is how much longer all of these might take.
func forecast(cells []*contestant) string {
	var more int64
	var told float64
	for _, c := range cells {
		v := c.by[result.MetricTime]
		more, told = max(more, result.Value(v.MoreNS)), max(told, result.Value(v.MDE))
	}
	if more == 0 {
		return ""
	}
	return " (" + outlook(more, "might decide", told) + ")"
}
