package analyze

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// nearDoubt is how probable it must be that another is better for it to be taken for
// being simpler.
const nearDoubt = 0.2

// Recommend answers a goal from the cells of r, one Advice for each scenario that the
// goal is about, kind of machine and unit, and one over all kinds where there are
// several: what every machine must keep of the bounds, and does best at. Only measured
// cells with a speed, its interval and a ratio take part; the ceiling does not. Errors
// wrap ErrGoal.
func Recommend(r *result.Result, g Goal) ([]result.Advice, error) {
	cells := r.CellsWhere(advisable)
	if some := r.CellsWhere(func(c *result.CellResult) bool {
		return c.Status == result.StatusOK && whyNever(c.Cell, c.About) == "" && c.MBPerS != nil
	}); len(cells) == 0 && len(some) > 0 {
		return nil, fmt.Errorf("%w by %s: no cell has rounds enough for an interval of its speed: raise --budget", ErrGoal, g.Text)
	}
	scenarios, err := scenariosFor(cells, g)
	if err != nil {
		return nil, err
	}
	for _, b := range g.Bounds {
		if !slices.ContainsFunc(g.concerned(cells), b.has) {
			return nil, fmt.Errorf("%w %s: no cell%s has %s: leave %s out, or measure a scenario that has it",
				ErrGoal, g.Text, ofScenarios(g.Scenarios()), b.metric.Name, b.Text)
		}
	}
	compared := comparedIn(r)
	work := func(c *result.CellResult) string { return c.UnitName() }
	var all []result.Advice
	pools := poolsOf(r, cells)
	for _, of := range scenarios {
		for _, p := range pools {
			for _, cells := range result.GroupBy(p.models(of), work) {
				a := advise(optionsOf(cells, g, p, r.Plan.Confidence), g, r.Plan, compared)
				if hosts := p.hostsOfModel(cells[0]); len(hosts) > 1 {
					a.Hosts = hosts
				}
				all = append(all, a)
			}
		}
	}
	return all, nil
}

// scenariosFor returns the cells that may be taken, by scenario: of the scenario that
// is advised on where the goal does not name others, else of the first that it names.
// Speed without a scenario is advised on for each.
func scenariosFor(cells []*result.CellResult, g Goal) ([][]*result.CellResult, error) {
	all := result.GroupBy(cells, func(c *result.CellResult) string { return c.Scenario })
	advised := func(of []*result.CellResult) bool { return of[0].About.Scenario.Advised }
	bounded := g.Scenarios()
	if len(bounded) == 0 {
		if len(all) == 0 {
			return nil, fmt.Errorf("%w by %s: no cell has a speed and a ratio: add --scenario compress", ErrGoal, g.Text)
		}
		// Only some scenarios have some of the figures, such as those of streams.
		if able := slices.DeleteFunc(slices.Clone(all), g.lacks); len(able) > 0 {
			all = able
		}
		if g.aim == aimSpeed {
			return all, nil
		}
		at := max(0, slices.IndexFunc(all, advised))
		return all[at : at+1], nil
	}
	var named [][]*result.CellResult
	for _, name := range bounded {
		at := slices.IndexFunc(all, func(of []*result.CellResult) bool { return of[0].Scenario == name })
		if at < 0 {
			return nil, fmt.Errorf("%w %s: no cell of scenario %s has a speed and a ratio: add --scenario %s", ErrGoal, g.Text, name, name)
		}
		named = append(named, all[at])
	}
	at := max(0, slices.IndexFunc(named, advised))
	return named[at : at+1], nil
}

// advisable reports whether a measured cell can be taken.
func advisable(c *result.CellResult) bool {
	return c.Status == result.StatusOK && whyNever(c.Cell, c.About) == "" && c.Ratio != nil && hasSpeed(c)
}

// whyNever says why a cell can never be taken, whatever is measured of it; "" where it can.
func whyNever(c result.Cell, about result.About) string {
	switch {
	case c.Codec == "":
		return "compresses nothing"
	case about.Codec.Ceiling:
		return "only copies"
	case about.Runner.Contrived:
		return "stands for a lock"
	case c.Rate > 0:
		return "has a rate, and so no speed of its own (how late its tasks are is in the table: leave --recommend out)"
	case about.Scenario.TimedSlice:
		return "has slices of a fixed time, and so no speed"
	}
	return ""
}

// CanRecommend tells, before anything is measured, whether some cell of each scenario that
// a goal is about can be taken: by nil, or by an error that says why none can.
func CanRecommend(cells []result.Cell, known result.Catalogue, g Goal) error {
	for _, of := range append(g.Scenarios(), "") {
		why, able := "", false
		for _, c := range cells {
			if of == "" || c.Scenario == of {
				never := whyNever(c, result.AboutOf(c, known))
				why, able = cmp.Or(why, never), able || never == ""
			}
		}
		if !able {
			return fmt.Errorf("no cell%s can be recommended, as the first %s: add cells with a speed and a ratio, as of --scenario compress",
				ofScenarios(strings.Fields(of)), cmp.Or(why, "is missing"))
		}
	}
	return nil
}

func advise(options []option, g Goal, run result.PlanInfo, compared comparedCells) result.Advice {
	first := options[0].cell
	var cells []*result.CellResult
	for _, o := range options {
		cells = append(cells, o.cell)
	}
	g.ratio = ratioAmong(cells)
	a := result.Advice{For: g.Text, Scenario: first.Scenario, Host: result.NonZero(first.Host), Corpus: result.NonZero(first.Corpus)}
	if first.Corpus != "" {
		a.Block = &first.Block
	}
	a.Endpoint, a.Stream = first.Endpoint, first.Stream
	eligible := withinOf(options)
	if len(eligible) == 0 {
		nearest := nearestOf(options)
		a.Nearest, a.Bounds = nearest.cell.Name, nearest.met
		return a
	}
	scale := newScale(eligible, g, run.Confidence)
	all := scale.candidates(eligible)
	best := all[0]
	tied := []candidate{best}
	for _, c := range all[1:] {
		if mayBeat(c, best, g, compared) {
			tied = append(tied, c)
		}
	}
	taken := best
	for _, c := range tied[1:] {
		if asGood(c, best, g, compared) && simpler(c.cell, taken.cell) {
			taken = c
		}
	}
	a.Simpler = taken.cell != best.cell
	might := mayKeep(scale.candidates(options), taken, g, compared)
	for _, c := range might {
		a.MayKeep = append(a.MayKeep, c.mayKeep(run.Elapsed))
	}
	a.FewForks = slices.ContainsFunc(append(might, all...), func(c candidate) bool { return c.cell.Forks < MinPairs })
	a.ToldApart = len(tied) == 1 && len(might) == 0 && !a.FewForks
	for _, c := range tied {
		if c.cell != taken.cell {
			a.Ties = append(a.Ties, c.cell.Name)
		}
	}
	a.RunnerUp = runnerUp(all, eligible, taken, g)
	a.Bounds = taken.met
	a.Cell, a.Codec, a.Runner, a.Workers = taken.cell.Name, taken.cell.Codec, taken.cell.Runner, taken.cell.Workers
	a.Dict = taken.cell.Dict
	if taken.cell.HasLevel() {
		a.Level = &taken.cell.Level
	}
	a.Ratio, a.MBPerS = g.ratio(taken.cell), taken.cell.MBPerS
	a.Probability = wholeChance(scale.candidates(options), taken, g, compared)
	return a
}

// runnerUp is the best of the others that keep all bounds; "" where there is none.
func runnerUp(all []candidate, eligible []option, taken candidate, g Goal) string {
	for _, c := range all {
		if c.cell != taken.cell {
			return c.cell.Name
		}
	}
	others := slices.DeleteFunc(slices.Clone(eligible), func(o option) bool { return o.cell == taken.cell })
	if len(others) == 0 {
		return ""
	}
	return slices.MaxFunc(others, func(x, y option) int {
		return cmp.Or(cmp.Compare(g.ratio(x.cell), g.ratio(y.cell)), cmp.Compare(x.cell.MBPerS.Est, y.cell.MBPerS.Est))
	}).cell.Name
}

// wholeChance is how probable all of an answer is: that the cell taken keeps its bounds, and
// that of the others none that is better keeps them. Where a verdict says that another is
// slower, that is in doubt by no more than all verdicts of its group together are.
func wholeChance(all []candidate, taken candidate, g Goal, compared comparedCells) float64 {
	chance, byVerdict := taken.keeps, 0.0
	for _, c := range all {
		if c.cell == taken.cell {
			continue
		}
		doubt := c.keeps * better(c, taken, g)
		switch verdictOn(c, taken, g, compared) {
		case result.VerdictSlower:
			byVerdict += doubt
			continue
		case result.VerdictFaster:
			doubt = max(doubt, c.keeps*(1-FamilyError))
		}
		chance *= 1 - doubt
	}
	return chance * (1 - min(byVerdict, FamilyError))
}

// mayKeep are the candidates that do not keep all bounds beyond doubt, but may, and then
// may be better than the one taken: the likeliest first.
func mayKeep(all []candidate, taken candidate, g Goal, compared comparedCells) (might []candidate) {
	doubt := func(c candidate) float64 { return c.keeps * better(c, taken, g) }
	for _, c := range all {
		if !c.within && doubt(c) >= tieDoubt && verdictOn(c, taken, g, compared) != result.VerdictSlower {
			might = append(might, c)
		}
	}
	slices.SortStableFunc(might, func(x, y candidate) int { return cmp.Compare(doubt(y), doubt(x)) })
	return might
}

// mayKeep says what is in doubt of a candidate, after a run of so many nanoseconds.
func (c candidate) mayKeep(elapsed int64) result.MayKeep {
	m := result.MayKeep{Cell: c.cell.Name, Chance: c.keeps}
	longer := 1.0
	for _, met := range c.met {
		if !met.Kept() {
			m.Bounds = append(m.Bounds, met)
			longer = max(longer, toTell(*met.Chance))
		}
	}
	if ns := float64(elapsed) * (longer - 1); ns < math.MaxInt64 {
		m.MoreNS = int64(ns)
	} else {
		m.MoreNS = math.MaxInt64
	}
	return m
}

// mayBeat reports whether a cell may be as good as the one with the best score: by
// their verdict where there is one, else by how probable it is.
func mayBeat(other, best candidate, g Goal, compared comparedCells) bool {
	if v := verdictOn(other, best, g, compared); v != "" {
		return v != result.VerdictSlower
	}
	return better(other, best, g) >= tieDoubt
}

// asGood reports whether a cell may be taken in the place of the one with the best score
// for being simpler. Undecided is not enough: it may come of few data on a large
// difference.
func asGood(other, best candidate, g Goal, compared comparedCells) bool {
	return verdictOn(other, best, g, compared) == result.VerdictEquivalent || better(other, best, g) >= nearDoubt
}

// verdictOn is the verdict on other, best being the old side; "" where they were not
// compared or not only speed counts between them.
func verdictOn(other, best candidate, g Goal, compared comparedCells) string {
	if g.aim != aimSpeed && g.ratio(other.cell) != g.ratio(best.cell) {
		return ""
	}
	return compared.verdict(best.cell.Name, other.cell.Name)
}

// simpler orders cells that are as good as each other. Levels count within a codec alone:
// those of another say nothing beside them.
func simpler(a, b *result.CellResult) bool {
	runner := func(c *result.CellResult) int {
		switch about := c.About.Runner; {
		case about.Baseline:
			return 0
		case about.Usual:
			return 1
		}
		return 2
	}
	level := 0
	if a.Codec == b.Codec {
		level = cmp.Compare(a.Level, b.Level)
	}
	memory := cmp.Compare(result.Value(a.PeakRSSBytes), result.Value(b.PeakRSSBytes))
	if a.MemoryBytes != nil && b.MemoryBytes != nil { // what a process has before is no part of it
		memory = cmp.Compare(*a.MemoryBytes, *b.MemoryBytes)
	}
	return cmp.Or(cmp.Compare(width(a), width(b)), cmp.Compare(runner(a), runner(b)), level, memory) < 0
}

// width is how many cores a cell takes: its workers, or more where one call keeps
// several threads busy.
func width(c *result.CellResult) int {
	if c.Parallelism == nil {
		return c.Workers
	}
	return max(c.Workers, int(math.Round(c.Parallelism.Est)))
}

// ofScenarios names scenarios behind what is of them; "" for none.
func ofScenarios(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " of " + strings.Join(names, ", ")
}
