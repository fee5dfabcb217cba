package analyze

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"zstdshop/harness/result"
	"zstdshop/stats"
)

// tieDoubt is how improbable it must be that another is better before a cell counts
// as told apart from it, where the two were not compared in turns.
const tieDoubt = 0.025

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
				a := advise(optionsOf(cells, g, p), g, r.Plan.Confidence, compared)
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
		return "has a rate, and so no speed of its own"
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

// A candidate is a cell with its score for a goal, larger is better, and the
// standard deviation of that.
type candidate struct {
	cell      *result.CellResult
	score, sd float64
}

func advise(options []option, g Goal, confidence float64, compared comparedCells) result.Advice {
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
	all := candidates(eligible, g, confidence)
	if len(all) == 0 {
		nearest := nearestOf(options)
		a.Nearest, a.Bounds = nearest.cell.Name, nearest.met
		return a
	}
	slices.SortStableFunc(all, func(x, y candidate) int { return cmp.Compare(y.score, x.score) })
	est, sd := make([]float64, len(all)), make([]float64, len(all))
	for i, c := range all {
		est[i], sd[i] = c.score, c.sd
	}
	chance := stats.Largest(est, sd)
	tied := []candidate{all[0]}
	for _, c := range all[1:] {
		if mayBeat(c, all[0], g, compared) {
			tied = append(tied, c)
		}
	}
	taken := all[0].cell
	for _, c := range tied[1:] {
		if asGood(c, all[0], g, compared) && simpler(c.cell, taken) {
			taken = c.cell
		}
	}
	a.Simpler = taken != all[0].cell
	a.FewForks = slices.ContainsFunc(all, func(c candidate) bool { return c.cell.Forks < MinPairs })
	a.ToldApart = len(tied) == 1 && !a.FewForks
	for _, c := range tied {
		if c.cell != taken {
			a.Ties = append(a.Ties, c.cell.Name)
		}
	}
	isTaken := func(c candidate) bool { return c.cell == taken }
	if at := slices.IndexFunc(all, func(c candidate) bool { return !isTaken(c) }); at >= 0 {
		a.RunnerUp = all[at].cell.Name
	} else if others := without(eligible, all); len(others) > 0 {
		a.RunnerUp = slices.MaxFunc(others, func(x, y *result.CellResult) int {
			return cmp.Or(cmp.Compare(g.ratio(x), g.ratio(y)), cmp.Compare(x.MBPerS.Est, y.MBPerS.Est))
		}).Name
	}
	a.Bounds = options[slices.IndexFunc(options, func(o option) bool { return o.cell == taken })].met
	a.Cell, a.Codec, a.Runner, a.Workers = taken.Name, taken.Codec, taken.Runner, taken.Workers
	a.Dict = taken.Dict
	if taken.HasLevel() {
		a.Level = &taken.Level
	}
	a.Ratio, a.MBPerS, a.Probability = g.ratio(taken), taken.MBPerS, chance[slices.IndexFunc(all, isTaken)]
	return a
}

// without are the cells that are no candidates.
func without(cells []*result.CellResult, candidates []candidate) []*result.CellResult {
	return slices.DeleteFunc(slices.Clone(cells), func(c *result.CellResult) bool {
		return slices.ContainsFunc(candidates, func(k candidate) bool { return k.cell == c })
	})
}

// candidates scores cells that can be taken:
//
//	speed      log MB/s
//	size       log MB/s, of the cells with the best ratio
//	balanced   (log MB/s - least) / (most - least) + the same of log ratio
//
// Scores are logarithms because errors of speeds are relative.
func candidates(cells []*result.CellResult, g Goal, confidence float64) []candidate {
	if len(cells) == 0 {
		return nil
	}
	if g.aim == aimSize {
		best := g.ratio(slices.MaxFunc(cells, func(a, b *result.CellResult) int { return cmp.Compare(g.ratio(a), g.ratio(b)) }))
		cells = slices.DeleteFunc(slices.Clone(cells), func(c *result.CellResult) bool { return g.ratio(c) < best })
	}
	var speeds, ratios []float64
	for _, c := range cells {
		speeds, ratios = append(speeds, math.Log(c.MBPerS.Est)), append(ratios, math.Log(g.ratio(c)))
	}
	z := math.Sqrt2 * math.Erfinv(confidence)
	share, width := 1.0, math.Inf(1) // the ratio does not count
	if g.aim == aimBalanced {
		share, width = 1/spread(speeds), spread(ratios)
	}
	var all []candidate
	for i, c := range cells {
		sd := math.Log(*c.MBPerS.Hi / *c.MBPerS.Lo) / (2 * z)
		score := (speeds[i]-slices.Min(speeds))*share + (ratios[i]-slices.Min(ratios))/width
		all = append(all, candidate{c, score, sd * share})
	}
	return all
}

// spread is from the least to the most, 1 where they are the same.
func spread(values []float64) float64 {
	if width := slices.Max(values) - slices.Min(values); width > 0 {
		return width
	}
	return 1
}

// mayBeat reports whether a cell may be as good as the one with the best score: by
// their verdict where there is one, else by how probable it is.
func mayBeat(other, best candidate, g Goal, compared comparedCells) bool {
	if v := verdictOn(other, best, g, compared); v != "" {
		return v != result.VerdictSlower
	}
	return pairwise(other, best) >= tieDoubt
}

// asGood reports whether a cell may be taken in the place of the one with the best score
// for being simpler. Undecided is not enough: it may come of few data on a large
// difference.
func asGood(other, best candidate, g Goal, compared comparedCells) bool {
	return verdictOn(other, best, g, compared) == result.VerdictEquivalent || pairwise(other, best) >= nearDoubt
}

// verdictOn is the verdict on other, best being the old side; "" where they were not
// compared or not only speed counts between them.
func verdictOn(other, best candidate, g Goal, compared comparedCells) string {
	if g.aim != aimSpeed && g.ratio(other.cell) != g.ratio(best.cell) {
		return ""
	}
	return compared.verdict(best.cell.Name, other.cell.Name)
}

// pairwise is how probable it is that other is better than best.
func pairwise(other, best candidate) float64 {
	return stats.Largest([]float64{best.score, other.score}, []float64{best.sd, other.sd})[1]
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
