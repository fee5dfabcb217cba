package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// Advise answers a goal from r as analyze.Recommend does, and puts each answer in words.
func Advise(r *result.Result, g analyze.Goal) ([]result.Advice, error) {
	all, err := analyze.Recommend(r, g)
	for i := range all {
		all[i].Words = adviceLine(r, all[i])
	}
	return all, err
}

// adviceLines says in words what was recommended.
func adviceLines(r *result.Result) []string {
	return mapped(r.Recommendations, func(a result.Advice) string { return adviceLine(r, a) })
}

func cellsByName(r *result.Result) map[string]*result.CellResult {
	cells := map[string]*result.CellResult{}
	for _, c := range cellsOf(r) {
		cells[c.Name] = c
	}
	return cells
}

// sure is the probability below which what is told apart owes it to verdicts.
const sure = 0.95

// goalWords are goals that are put in other words than they are asked for.
var goalWords = map[string]string{
	"size": "the best ratio", "speed": "the most speed", "balanced": "a balance of size and speed",
}

func adviceLine(r *result.Result, a result.Advice) string {
	cells := cellsByName(r)
	if len(a.Hosts) > 0 {
		cells = cellsAnywhere(cells, a)
	}
	text := "for " + cmp.Or(goalWords[a.For], strings.Join(strings.Split(a.For, ","), ", ")) + ", " + a.Scenario
	if a.Endpoint != "" {
		text += " asked for " + endpointText(a.Endpoint)
	}
	if a.Stream != 0 {
		text += " of " + blockText(a.Stream)
	}
	if a.Corpus != nil {
		text += " of " + *a.Corpus
	}
	if a.Block != nil {
		text += " in " + blockText(*a.Block)
		if *a.Block != 0 {
			text += " blocks"
		}
	}
	if a.Host != nil {
		text += " on " + *a.Host
	}
	text += onHosts(r, a.Hosts)
	if a.Cell == "" {
		return text + ": " + nobodyLine(a, cells)
	}
	c := cells[a.Cell]
	if c == nil {
		return text + ": " + a.Cell
	}
	text += ": take " + advised(c)
	if len(a.Bounds) > 0 {
		text += ", which keeps " + strings.Join(mapped(a.Bounds, keptText), ", ")
	}
	chance, runnerUp := chanceText(a.Probability), advisedName(cells, a.RunnerUp)
	switch {
	case a.RunnerUp == "":
		text += "; there is no other to hold it against"
	case a.ToldApart && a.Probability < sure:
		// Verdicts come of turns beside each other, and tell more than two intervals.
		text += fmt.Sprintf("; it is better than every other by verdicts (%s by the intervals alone); runner-up %s", chance, runnerUp)
	case a.ToldApart:
		text += fmt.Sprintf("; it is better than all others (%s); runner-up %s", chance, runnerUp)
	case len(a.Ties) == 0:
		text += "; it is the best by its figures; runner-up " + runnerUp
	default:
		names := list(mapped(a.Ties, func(name string) string { return advisedName(cells, name) })).upTo(3)
		why := "the best by its figures"
		if a.Simpler {
			why = "the simplest of those that may be the best"
		}
		text += fmt.Sprintf("; it is %s (%s that none is better); not told apart from it: %s", why, chance, names)
	}
	if a.FewForks {
		text += "; there were too few forks to be sure: raise --budget"
	}
	return text + contextLine(c)
}

// contextLine says what a context with a dictionary costs, in items: whoever makes one for
// each small record pays more for it than for the record.
func contextLine(c *result.CellResult) string {
	if c.Dictionary == nil || c.Dictionary.ContextNS == 0 || c.NSPerOp == nil || c.NSPerOp.Est <= 0 {
		return ""
	}
	took := float64(c.Dictionary.ContextNS)
	items := took / c.NSPerOp.Est
	if items < 1 {
		return ""
	}
	of, _ := result.MetricOf(result.MetricP99) // a duration, in the unit of its size
	return fmt.Sprintf("; keep its contexts: making one with the dictionary takes %s, as long as %s", boundText(of, took), plural(int(items), "item"))
}

// nobodyLine says that no cell keeps the bounds, and which comes nearest.
func nobodyLine(a result.Advice, cells map[string]*result.CellResult) string {
	text := "no cell keeps that beyond doubt"
	if len(a.Bounds) > 1 {
		text = "no cell keeps all of that beyond doubt"
	}
	c := cells[a.Nearest]
	if c == nil {
		return text
	}
	text += "; the nearest is " + advised(c)
	missed := slices.DeleteFunc(slices.Clone(a.Bounds), func(m result.Met) bool { return m.Margin >= 1 })
	switch {
	case len(missed) > 0:
		text += ", which misses " + strings.Join(mapped(missed, missedText), ", ")
	case c.MBPerS != nil && c.MBPerS.Lo != nil: // of an earlier program, or it lacks a figure
		text += ", at least " + significant(*c.MBPerS.Lo, 3) + " MB/s"
	}
	return text
}

// keptText says by how much a bound is kept, and what is not sure of it.
func keptText(m result.Met) string {
	by := fmt.Sprintf("by %s %%", percentDown(m.Margin-1))
	if m.Margin >= 2 {
		by = fixedPlaces(math.Floor(10*m.Margin)/10, 1) + " times over"
	}
	text := m.Asked + " " + by + " (" + boundedText(m)
	if m.ForksMissed > 0 {
		text += fmt.Sprintf("; not sure: %d of %s did not keep it", m.ForksMissed, plural(m.Forks, "fork"))
	}
	return text + ")"
}

// missedText says how far a bound is from being kept.
func missedText(m result.Met) string { return m.Asked + " (" + boundedText(m) + ")" }

// boundedText is a figure in the unit of its size, with its worse end.
func boundedText(m result.Met) string {
	i := slices.IndexFunc(result.Metrics(), func(of result.Metric) bool { return of.Name == m.Metric })
	if i < 0 {
		return significant(m.Value.Est, 3)
	}
	of := result.Metrics()[i]
	draw := func(v float64) string { return boundText(of, v) }
	text := draw(m.Value.Est)
	switch {
	case of.Better == result.Higher && m.Value.Lo != nil && *m.Value.Lo < m.Value.Est:
		text += ", at least " + unitless(draw(*m.Value.Lo))
	case of.Better == result.Lower && m.Value.Hi != nil && *m.Value.Hi > m.Value.Est:
		text += ", at most " + unitless(draw(*m.Value.Hi))
	}
	return text
}

// unitless leaves out the unit that the text before has, too.
func unitless(text string) string {
	number, _, _ := strings.Cut(text, " ")
	return number
}

// boundText draws a figure in base units.
func boundText(of result.Metric, v float64) string {
	switch {
	case of.Speed:
		return significant(v/1e6, 3) + " MB/s"
	case of.Unit != result.Plain && of.Unit != result.Count:
		u := figure{of}.unit([]float64{v})
		return significant(v/u.size, 3) + " " + u.name
	}
	return significant(v, 4) + of.Suffix
}

// percentDown draws a share as percent rounded down, so that what is said is kept.
func percentDown(share float64) string {
	p := 100 * share
	if p < 10 {
		return fixedPlaces(math.Floor(10*p)/10, -1)
	}
	return fixedPlaces(math.Floor(p), 0)
}

// advised names a cell with its level and what it does: datadog at level 3 in a pool
// of 2, 2.88x at 512 MB/s.
func advised(c *result.CellResult) string {
	name := modelAtLevel(c)
	if iv := c.WholeRatio(); iv != nil {
		name += ", " + result.Digits(iv.Est, 4) + "x"
	}
	if c.MBPerS != nil {
		name += " at " + speed(c)
	}
	return name
}

func advisedName(cells map[string]*result.CellResult, name string) string {
	if c := cells[name]; c != nil {
		return advised(c)
	}
	return name
}

// chanceText draws a probability, never as certain.
func chanceText(p float64) string {
	switch {
	case p > 0.999:
		return "over 99.9 %"
	case p > 0.99:
		return "over 99 %"
	case p < 0.01:
		return "under 1 %"
	}
	return fmt.Sprintf("%.0f %%", 100*p)
}
