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
}

// optionsOf joins cells with those of the other scenarios and judges them.
func optionsOf(cells []*result.CellResult, g Goal, p pool) []option {
	all := make([]option, len(cells))
	for i, c := range cells {
		o := option{cell: c, within: true}
		for _, scenario := range g.Scenarios() {
			other := c.Cell
			other.Scenario = scenario
			o.others = append(o.others, p.measured[other.Unhosted()]...)
		}
		o.others = append(o.others, p.measured[c.Unhosted()]...) // each machine keeps the bounds by itself
		for _, b := range g.Bounds {
			met, ok := b.judge(o)
			if o.within = o.within && ok && met.Margin >= 1; !ok {
				o.met = nil
				break
			}
			o.met = append(o.met, met)
		}
		all[i] = o
	}
	return all
}

// judge returns how far an option keeps the bound, by the worst of its cells that have
// the figure; false where none has.
func (b Bound) judge(o option) (worst result.Met, ok bool) {
	for _, c := range append([]*result.CellResult{o.cell}, o.others...) {
		if b.Scenario != "" && c.Scenario != b.Scenario {
			continue
		}
		if met, has := b.judgeCell(c); has && (!ok || met.Margin < worst.Margin) {
			worst, ok = met, true
		}
	}
	return worst, ok
}

// judgeCell judges by the end of the interval that is the worse one, where there is an
// interval, so that what is called met is met beyond doubt. A figure without one is
// taken as it is, and the forks in which it was otherwise are counted.
func (b Bound) judgeCell(c *result.CellResult) (result.Met, bool) {
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
	if iv.Lo == nil && b.metric.OfFork != nil && b.metric.Compare != result.Exactly {
		for i := range c.Samples {
			if v, ok := b.metric.OfFork(c, &c.Samples[i]); ok {
				m.Forks++
				if b.margin(v) < 1 {
					m.ForksMissed++
				}
			}
		}
	}
	return m, true
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

// withinOf are the cells of the options that keep all bounds.
func withinOf(all []option) []*result.CellResult {
	var out []*result.CellResult
	for _, o := range all {
		if o.within {
			out = append(out, o.cell)
		}
	}
	return out
}

// nearestOf is the option that misses a bound by least where it misses most; of those
// that lack a figure none, where another has all.
func nearestOf(all []option) option {
	least := func(o option) float64 {
		if o.met == nil {
			return 0
		}
		return slices.MinFunc(o.met, func(a, b result.Met) int { return cmp.Compare(a.Margin, b.Margin) }).Margin
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
