package analyze

import (
	"cmp"
	"math"
	"slices"

	"zstdshop/harness/result"
)

// An option is what can be taken: the cell of the scenario that a goal is about, and
// the cells that differ from it only in being of the other scenarios of the goal.
type option struct {
	cell   *result.CellResult
	others []*result.CellResult
	// within is set where it keeps all bounds beyond doubt; met says by how much, one
	// for each bound, nil where a figure is missing.
	within bool
	met    []result.Met
	keeps  float64 // how probable it is that it keeps all bounds
}

// optionsOf joins cells with those of the other scenarios and judges them.
func optionsOf(cells []*result.CellResult, g Goal, p pool, confidence float64) []option {
	all := make([]option, len(cells))
	scatters := make([]scatter, len(g.Bounds))
	for i, b := range g.Bounds {
		var forks [][]float64
		for _, c := range cells {
			forks = append(forks, b.marginsOfForks(c))
		}
		scatters[i] = scatterOf(forks)
	}
	for i, c := range cells {
		o := option{cell: c, within: true, keeps: 1}
		for _, scenario := range g.Scenarios() {
			other := c.Cell
			other.Scenario = scenario
			o.others = append(o.others, p.measured[other.Unhosted()]...)
		}
		o.others = append(o.others, p.measured[c.Unhosted()]...) // each machine keeps the bounds by itself
		for k, b := range g.Bounds {
			met, ok := b.judge(o, confidence, scatters[k])
			if o.within = o.within && ok && met.Kept(); !ok {
				o.met, o.keeps = nil, 0
				break
			}
			o.keeps *= *met.Chance
			o.met = append(o.met, met)
		}
		all[i] = o
	}
	return all
}

// judge returns how far an option keeps the bound, by the worst of its cells that have
// the figure; false where none has. The chance is that all of them keep it.
func (b Bound) judge(o option, confidence float64, all scatter) (worst result.Met, ok bool) {
	chance := 1.0
	cells := append([]*result.CellResult{o.cell}, o.others...)
	for i, c := range cells {
		if b.Scenario != "" && c.Scenario != b.Scenario || slices.Contains(cells[:i], c) {
			continue
		}
		met, has := b.judgeCell(c, confidence, all)
		if !has {
			continue
		}
		if chance *= *met.Chance; !ok || worst.Kept() && !met.Kept() || worst.Kept() == met.Kept() && met.Margin < worst.Margin {
			worst, ok = met, true
		}
	}
	worst.Chance = &chance
	return worst, ok
}

// judgeCell judges by the end of the interval that is the worse one, where there is an
// interval, so that what is called met is met beyond doubt. Of a figure without one the
// forks in which it was otherwise are counted.
func (b Bound) judgeCell(c *result.CellResult, confidence float64, all scatter) (result.Met, bool) {
	iv := b.figure(c)
	if iv == nil || iv.Est <= 0 {
		return result.Met{}, false
	}
	m := result.Met{Asked: b.Text, Scenario: c.Scenario, Metric: b.metric.Name, Value: *iv}
	end := iv.Est
	switch {
	case b.AtLeast && iv.Lo != nil:
		end = *iv.Lo
	case !b.AtLeast && iv.Hi != nil:
		end = *iv.Hi
	}
	m.Margin = b.margin(end)
	var chance float64
	if iv.Lo != nil && iv.Hi != nil {
		chance = b.chanceByInterval(c, *iv, confidence)
	} else {
		margins := b.marginsOfForks(c)
		for _, margin := range margins {
			if m.Forks++; margin < 1 {
				m.ForksMissed++
			}
		}
		chance = chanceByForks(m.Margin, margins, all)
	}
	m.Chance = &chance
	return m, true
}

// chanceByInterval is how probable it is that the figure keeps the bound.
func (b Bound) chanceByInterval(c *result.CellResult, iv result.Interval, confidence float64) float64 {
	df := float64(max(c.Items-1, 1)) // of a ratio, which is estimated over items
	if b.metric.Speed {
		df = degrees(c)
	}
	kept := b.margin(iv.Est) >= 1
	end := *iv.Lo
	if kept != b.AtLeast {
		end = *iv.Hi
	}
	diff := math.Log(b.margin(iv.Est))
	if end == iv.Est && diff == 0 { // exact, and just what is asked
		return chanceOf(kept)
	}
	return above(diff, standardError(iv.Est, end, confidence, df), df)
}

// marginsOfForks are the margins of the forks of a cell that have the figure; nil where it
// has an interval, or every fork has the same.
func (b Bound) marginsOfForks(c *result.CellResult) (margins []float64) {
	if iv := b.figure(c); iv == nil || iv.Lo != nil || b.metric.OfFork == nil || b.metric.Compare == result.Exactly {
		return nil
	}
	for i := range c.Samples {
		if v, ok := b.metric.OfFork(c, &c.Samples[i]); ok && v > 0 {
			margins = append(margins, b.margin(v))
		}
	}
	return margins
}

// has reports whether a cell has the figure of the bound.
func (b Bound) has(c *result.CellResult) bool { return b.figure(c) != nil }

// figure is what the bound is about, in base units.
func (b Bound) figure(c *result.CellResult) *result.Interval {
	iv := b.metric.Of(c)
	if iv == nil || b.Scenario == "" {
		return iv
	}
	const mega = 1e6
	out := result.Interval{Est: iv.Est * mega}
	if iv.Lo != nil && iv.Hi != nil {
		lo, hi := *iv.Lo*mega, *iv.Hi*mega
		out.Lo, out.Hi = &lo, &hi
	}
	return &out
}

// margin is how many times better than asked a value is; below 1 it is not within the
// bound.
func (b Bound) margin(v float64) float64 {
	if b.strict && v == b.Value {
		return math.Nextafter(1, 0)
	}
	if b.AtLeast {
		return v / b.Value
	}
	return b.Value / v
}

// withinOf are the options that keep all bounds.
func withinOf(all []option) (within []option) {
	for _, o := range all {
		if o.within {
			within = append(within, o)
		}
	}
	return within
}

// nearestOf is the option that misses a bound by least where it misses most, and a bound
// that the figure keeps, though its forks do not, as by its chance; of those that lack a
// figure none, where another has all.
func nearestOf(all []option) option {
	least := func(o option) float64 {
		if o.met == nil {
			return 0
		}
		worst := math.Inf(1)
		for _, m := range o.met {
			margin := m.Margin
			if margin >= 1 && !m.Kept() {
				margin = *m.Chance
			}
			worst = min(worst, margin)
		}
		return worst
	}
	return slices.MaxFunc(all, func(a, b option) int { return cmp.Compare(least(a), least(b)) })
}

// concerned are the cells of the scenarios whose speeds are bounded; all where none is.
func (g Goal) concerned(cells []*result.CellResult) []*result.CellResult {
	of := g.Scenarios()
	if len(of) == 0 {
		return cells
	}
	return slices.DeleteFunc(slices.Clone(cells), func(c *result.CellResult) bool { return !slices.Contains(of, c.Scenario) })
}

// lacks reports whether none of the cells has the figure of some bound.
func (g Goal) lacks(cells []*result.CellResult) bool {
	return slices.ContainsFunc(g.Bounds, func(b Bound) bool { return !slices.ContainsFunc(cells, b.has) })
}
