package analyze

import (
	"math"
	"slices"

	"zstdshop/harness/result"
)

// A pool is machines that one answer is given for: those of a kind, or all there are.
type pool struct {
	measured map[string][]*result.CellResult // by the names that cells have anywhere
	kinds    int
	kindOf   func(*result.CellResult) string
}

// poolsOf makes a pool of each kind of machine, and one of all where there are several.
func poolsOf(r *result.Result, cells []*result.CellResult) (pools []pool) {
	kindOf := func(c *result.CellResult) string { return r.HostOf(c.Cell).Kind() }
	kinds := result.GroupBy(cells, kindOf)
	for _, of := range kinds {
		pools = append(pools, newPool(of, 1, kindOf))
	}
	if len(kinds) > 1 {
		pools = append(pools, newPool(cells, len(kinds), kindOf))
	}
	return pools
}

func newPool(cells []*result.CellResult, kinds int, kindOf func(*result.CellResult) string) pool {
	p := pool{measured: map[string][]*result.CellResult{}, kinds: kinds, kindOf: kindOf}
	for _, c := range cells {
		p.measured[c.Unhosted()] = append(p.measured[c.Unhosted()], c)
	}
	return p
}

// models are the cells of the pool among some, each as its machines together have it. One
// that failed on a machine that others of its unit were measured on is left out. Of several
// kinds there are none where the unit was measured on one of them alone: that is what is
// said of the kind.
func (p pool) models(cells []*result.CellResult) (all []*result.CellResult) {
	var mine []*result.CellResult
	for _, c := range cells {
		if slices.Contains(p.measured[c.Unhosted()], c) {
			mine = append(mine, c)
		}
	}
	for _, unit := range result.GroupBy(mine, func(c *result.CellResult) string { return c.UnitName() }) {
		hosts := result.GroupBy(unit, func(c *result.CellResult) string { return c.Host })
		if p.kinds > 1 && len(result.GroupBy(unit, p.kindOf)) < 2 {
			continue
		}
		for _, of := range result.GroupBy(unit, func(c *result.CellResult) string { return c.Unhosted() }) {
			if len(of) == len(hosts) {
				all = append(all, p.joined(of))
			}
		}
	}
	return all
}

// joined is one cell of those that several machines have of it. Machines of a kind differ
// by more than their intervals say, so the interval of their speed holds all of these;
// that of several kinds is of their geometric mean, by which each counts as much as the
// others, however fast it is.
func (p pool) joined(of []*result.CellResult) *result.CellResult {
	if len(of) == 1 {
		return of[0]
	}
	one := *of[0]
	one.Host, one.Name, one.MBPerS = "", of[0].Unhosted(), nil
	var est, below, above float64
	kinds := result.GroupBy(of, p.kindOf)
	n := float64(len(kinds))
	for _, kind := range kinds {
		s := rangeOfSpeeds(kind)
		est += math.Log(s.Est) / n
		below += math.Pow(math.Log(s.Est / *s.Lo)/n, 2)
		above += math.Pow(math.Log(*s.Hi/s.Est)/n, 2)
	}
	lo, hi := math.Exp(est-math.Sqrt(below)), math.Exp(est+math.Sqrt(above))
	one.MBPerS = &result.Interval{Est: math.Exp(est), Lo: &lo, Hi: &hi}
	for _, c := range of {
		one.Forks = min(one.Forks, c.Forks)
	}
	return &one
}

// hostsOfModel are the machines that a cell of models is of.
func (p pool) hostsOfModel(c *result.CellResult) (hosts []string) {
	for _, m := range p.measured[c.Unhosted()] {
		hosts = append(hosts, m.Host)
	}
	return hosts
}
