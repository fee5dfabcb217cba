package reports

import (
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

// sure is the probability below which an answer is no more than the best by its figures.
const sure = 0.95

// goalText is a goal in words: what is looked for, and what it must keep.
func goalText(asked string) string {
	g, err := analyze.ParseGoal(asked)
	if err != nil { // of a later program
		return asked
	}
	bounds := mapped(g.Bounds, func(b analyze.Bound) string { return b.Text })
	if len(bounds) == 0 {
		return g.Aim()
	}
	return g.Aim() + " that keeps " + strings.Join(bounds, ", ")
}

// cutAlike are the cells on the data that a is about.
func cutAlike(r *result.Result, a result.Advice) set {
	if a.Block == nil {
		return nil
	}
	return slices.DeleteFunc(cellsOf(r), func(c *result.CellResult) bool {
		return c.Block != *a.Block || a.Corpus != nil && c.Corpus != *a.Corpus
	})
}

func adviceLine(r *result.Result, a result.Advice) string {
	cells := cellsByName(r)
	if len(a.Hosts) > 0 {
		cells = cellsAnywhere(cells, a)
	}
	text := "for " + goalText(a.For) + ", " + a.Scenario
	if a.Endpoint != "" {
		text += " asked for " + endpointText(a.Endpoint)
	}
	if a.Stream != 0 {
		text += " of " + blockText(a.Stream)
	}
	if a.Corpus != nil {
		text += " of " + *a.Corpus
	}
	if cut := cutAlike(r, a); len(cut) > 0 {
		text += " in " + itemsText(cut)
	}
	if a.Host != nil {
		text += " on " + *a.Host
	}
	text += onHosts(r, a.Hosts)
	if a.Cell == "" {
		text += ": " + nobodyLine(a, cells)
		if nearest := cells[a.Nearest]; nearest != nil {
			text += boundsLine(a, nearest)
		}
		return text
	}
	c := cells[a.Cell]
	if c == nil {
		return text + ": " + a.Cell
	}
	text += ": take " + advised(c)
	if len(a.Bounds) > 0 {
		text += ", which keeps " + strings.Join(mapped(a.Bounds, keptText), ", ")
	}
	text += howSure(a, cells)
	if a.FewForks {
		text += "; there were too few forks to be sure: raise --budget"
	}
	return text + contextLine(c) + boundsLine(a, c)
}

// howSure says how sure an answer is as a whole, and what is next to it.
func howSure(a result.Advice, cells map[string]*result.CellResult) string {
	none := "none is better"
	if len(a.Bounds) > 0 {
		none = "no other that keeps it is better"
	}
	chance, next := chanceText(a.Probability), ""
	if a.RunnerUp != "" {
		next = "; runner-up " + advisedName(cells, a.RunnerUp)
	}
	switch {
	case len(a.MayKeep) > 0:
		return "; " + mayKeepText(a, cells) + tiesText(a, cells)
	case len(a.Ties) > 0:
		why := "the best by its figures"
		if a.Simpler {
			why = "the simplest of those that may be the best"
		}
		return fmt.Sprintf("; it is %s (%s that %s)", why, chance, none) + tiesText(a, cells)
	case a.RunnerUp == "" && (len(a.Bounds) == 0 || a.Probability >= sure):
		return "; there is no other to hold it against"
	case a.ToldApart && a.Probability >= sure && len(a.Bounds) > 0:
		return fmt.Sprintf("; %s (%s)", none, chance) + next
	case a.ToldApart && a.Probability >= sure:
		return fmt.Sprintf("; it is better than all others (%s)", chance) + next
	case a.ToldApart:
		return fmt.Sprintf("; it is the best by its figures (%s that %s)", chance, none) + next
	}
	return "; it is the best by its figures" + next
}

// tiesText names the cells that are not told apart; "" of none.
func tiesText(a result.Advice, cells map[string]*result.CellResult) string {
	if len(a.Ties) == 0 {
		return ""
	}
	names := list(mapped(a.Ties, func(name string) string { return advisedName(cells, name) }))
	return "; not told apart from it: " + names.upTo(3).String()
}

// mayKeepText says how sure an answer is beside cells that may be better and keep the
// bounds, names the likeliest of them, and says what it would take to tell.
func mayKeepText(a result.Advice, cells map[string]*result.CellResult) string {
	m := a.MayKeep[0]
	text := fmt.Sprintf("that this is the best is %s sure: %s may be better and keep %s, %s", chanceText(a.Probability), advisedName(cells, m.Cell),
		strings.Join(mapped(m.Bounds, mayText), ", "), outlook(m.MoreNS, "might tell", 0))
	if more := len(a.MayKeep) - 1; more > 0 {
		text += "; so may " + plural(more, "more cell")
	}
	return text
}

// mayText says how probable it is that a bound is kept that is not kept beyond doubt.
func mayText(m result.Met) string {
	text := m.Asked + " ("
	if m.Chance != nil {
		text += chanceText(*m.Chance) + ": "
	}
	return text + bothEnds(m) + missedForks(m) + ")"
}

// missedForks says in how many forks a bound was not kept; "" where in none.
func missedForks(m result.Met) string {
	if m.ForksMissed == 0 {
		return ""
	}
	return fmt.Sprintf("; %d of %s did not keep it", m.ForksMissed, plural(m.Forks, "fork"))
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

// boundsLine says of what the figures are that bounds were held against, where their names
// alone mislead: the whole process, and the machine when nothing disturbs it.
func boundsLine(a result.Advice, c *result.CellResult) string {
	bounded := func(is func(result.Metric) bool) bool {
		return slices.ContainsFunc(a.Bounds, func(m result.Met) bool {
			of, known := result.MetricNamed(m.Metric)
			return known && is(of)
		})
	}
	text := ""
	if bounded(func(m result.Metric) bool { return m.Speed }) && c.Disturbed != nil && *c.Disturbed >= mentioned {
		text += "; speeds are those of the calm machine"
	}
	if before := c.PreparedRSSBytes; before != nil && bounded(func(m result.Metric) bool { return m.Key == result.MetricRSS }) {
		of, _ := result.MetricOf(result.MetricRSS)
		text += "; rss is that of the whole worker process, " + boundText(of, float64(*before)) + " before its first task: memory is what the cell adds"
	}
	return text
}

// mentioned is the share of disturbed slices from which on it is said that speeds are lower
// with what disturbs.
const mentioned = 0.05

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
	missed := slices.DeleteFunc(slices.Clone(a.Bounds), func(m result.Met) bool { return m.Kept() || m.MayBeKept() })
	may := slices.DeleteFunc(slices.Clone(a.Bounds), func(m result.Met) bool { return !m.MayBeKept() })
	switch {
	case len(missed) > 0:
		text += ", which misses " + strings.Join(mapped(missed, missedText), ", ")
	case len(may) > 0:
		text += ", which may keep " + strings.Join(mapped(may, mayText), ", ")
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
	if m.Margin >= 100 {
		by = grouped(int64(m.Margin)) + " times over"
	}
	return m.Asked + " " + by + " (" + boundedText(m) + missedForks(m) + ")"
}

// missedText says how far a bound is from being kept.
func missedText(m result.Met) string { return m.Asked + " (" + boundedText(m) + ")" }

// boundedText is a figure in the unit of its size, with its worse end.
func boundedText(m result.Met) string {
	of, known := result.MetricNamed(m.Metric)
	if !known {
		return significant(m.Value.Est, 3)
	}
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

// bothEnds is a figure in the unit of its size with both ends of its interval.
func bothEnds(m result.Met) string {
	of, known := result.MetricNamed(m.Metric)
	if !known || m.Value.Lo == nil || m.Value.Hi == nil {
		return boundedText(m)
	}
	draw := func(v float64) string { return boundText(of, v) }
	return fmt.Sprintf("%s, %s to %s", draw(m.Value.Est), unitless(draw(*m.Value.Lo)), unitless(draw(*m.Value.Hi)))
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

// chanceText draws a probability, never as certain nor as more than it is.
func chanceText(p float64) string {
	switch {
	case p > 0.999:
		return "over 99.9 %"
	case p > 0.99:
		return "over 99 %"
	case p < 0.01:
		return "under 1 %"
	}
	return fmt.Sprintf("%.0f %%", math.Floor(100*p+1e-9))
}
