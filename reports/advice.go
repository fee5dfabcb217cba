package reports

import (
	"fmt"
	"strconv"
	"strings"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// Advise answers a goal from r as analyze.Recommend does, and puts each answer in words.
func Advise(r *result.Result, g analyze.Goal) ([]result.Advice, error) {
	all, err := analyze.Recommend(r, g)
	cells := cellsByName(r)
	for i := range all {
		all[i].Words = adviceLine(all[i], cells)
	}
	return all, err
}

// adviceLines says in words what was recommended.
func adviceLines(r *result.Result) []string {
	cells := cellsByName(r)
	return mapped(r.Recommendations, func(a result.Advice) string { return adviceLine(a, cells) })
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

func adviceLine(a result.Advice, cells map[string]*result.CellResult) string {
	goal := a.For
	if goal == "balanced" {
		goal = "a balance of size and speed"
	}
	text := "for " + goal + ", " + a.Scenario
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
	if a.Cell == "" {
		text += ": no cell is that fast beyond doubt"
		if c := cells[a.Nearest]; c != nil {
			text += "; the nearest is " + advised(c)
			if c.MBPerS != nil && c.MBPerS.Lo != nil {
				text += ", at least " + significant(*c.MBPerS.Lo, 3) + " MB/s"
			} else {
				text += ", speed not known"
			}
		}
		return text
	}
	c := cells[a.Cell]
	if c == nil {
		return text + ": " + a.Cell
	}
	text += ": take " + advised(c)
	chance, runnerUp := chanceText(a.Probability), advisedName(cells, a.RunnerUp)
	switch {
	case a.RunnerUp == "":
		text += "; there is no other to hold it against"
	case a.ToldApart && a.Probability < sure:
		// Verdicts come of turns beside each other, and tell more than two intervals.
		text += fmt.Sprintf(", better than every other by verdicts (%s by the intervals alone); runner-up %s", chance, runnerUp)
	case a.ToldApart:
		text += fmt.Sprintf(", better than all others (%s); runner-up %s", chance, runnerUp)
	case len(a.Ties) == 0:
		text += ", the best by its figures; runner-up " + runnerUp
	default:
		names := list(mapped(a.Ties, func(name string) string { return advisedName(cells, name) })).upTo(3)
		why := "the best by its figures"
		if a.Simpler {
			why = "the simplest of those that may be the best"
		}
		text += fmt.Sprintf(", %s (%s that none is better); not told apart from it: %s", why, chance, names)
	}
	if a.FewForks {
		text += "; there were too few forks to be sure: raise --budget"
	}
	return text
}

// advised names a cell with its level and what it does: datadog at level 3 in a pool
// of 2, 2.88x at 512 MB/s.
func advised(c *result.CellResult) string {
	name := model(c)
	if c.HasLevel() {
		if codec, rest, ok := strings.Cut(name, " "); ok {
			name = codec + " at level " + strconv.Itoa(c.Level) + " " + rest
		}
	}
	if iv := c.WholeRatio(); iv != nil {
		name += fmt.Sprintf(", %.4gx", iv.Est)
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
