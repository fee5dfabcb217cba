package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// Sentence sums a result up in one to three plain sentences, fit to be quoted:
// what is fastest where the comparisons say so, and whether one Go processor
// held the codecs to one core. It is made harmless to draw.
func Sentence(r *result.Result) string { return visible(closing(r)) }

// closing is Sentence with names as they came.
func closing(r *result.Result) string {
	if r.Sides != nil {
		return newContest(r).closing(r)
	}
	s := headline(r)
	if s == nil {
		return cmp.Or(onlyCeiling(r), nothingMeasured(r))
	}
	if isTimed(s[0]) {
		// There is nothing to compare, so the cells of all such sets tell.
		s = slices.Concat(slices.DeleteFunc(sets(r), func(s set) bool { return !isTimed(s[0]) })...)
	}
	return soFar(r) + answer(s, verdictsOf(r)) + heldToOneCore(s)
}

// soFar begins what is said of a run that did not end.
func soFar(r *result.Result) string {
	if r.Plan.Complete {
		return ""
	}
	return "The run is not complete; so far: "
}

// answer says what the figures of a set come to.
func answer(s set, v verdicts) string { return where(s) + ": " + outcome(s, v) + uncounted(s) + "." }

// headline picks the set that the sentence is about: the one with the most
// measured cells, of several the one at level 3, of several of those the one
// with the most workers, then the first. Sets with a speed go before those
// that only kept cores busy. It is nil where no cell has a figure.
func headline(r *result.Result) set {
	rank := func(s set) []int {
		speed, busy, usual, workers := 0, 0, 0, 0
		for _, c := range s {
			if hasSpeed(c) {
				speed++
			}
			if c.Status == result.StatusOK && c.Parallelism != nil {
				busy++
			}
			if c.Level == 3 {
				usual = 1
			}
			workers = max(workers, c.Workers)
		}
		return []int{speed, busy, usual, workers}
	}
	all := slices.DeleteFunc(sets(r), func(s set) bool { return rank(s)[0] == 0 && rank(s)[1] == 0 })
	if len(all) == 0 {
		return nil
	}
	return slices.MaxFunc(all, func(a, b set) int { return slices.Compare(rank(a), rank(b)) })
}

// onlyCeiling says what was measured where that is ceilings alone; "" where it is not.
func onlyCeiling(r *result.Result) string {
	cells := set(slices.DeleteFunc(cellsOf(r), func(c *result.CellResult) bool { return !isCeiling(c) || !hasSpeed(c) }))
	if len(cells) == 0 {
		return ""
	}
	slow, fast := slices.MaxFunc(cells, byTime), slices.MinFunc(cells, byTime)
	speeds := speed(fast)
	if text := speed(slow); text != speeds {
		speeds = text + " to " + speeds
	}
	return fmt.Sprintf("Only the ceiling was measured: %s of %s, which copies, at %s. Name codecs to see how near they come to it.",
		plural(len(cells), "cell"), fast.Codec, speeds)
}

func nothingMeasured(r *result.Result) string {
	parts := append(list{"Nothing was measured: " + plural(len(r.Cells), "cell")}, unmeasured(cellsOf(r))...)
	return parts.String() + "."
}

// unmeasured counts the cells that have no figures, by what became of them.
func unmeasured(s set) (parts list) {
	for _, status := range []string{result.StatusFailed, result.StatusUnavailable, result.StatusUnmeasured} {
		n := len(slices.DeleteFunc(slices.Clone(s), func(c *result.CellResult) bool { return c.Status != status }))
		parts.addIf(n > 0, "%d %s", n, status)
	}
	return parts
}

// endpointText is an endpoint as the path that is asked for.
func endpointText(name string) string { return "/" + strings.ReplaceAll(name, "-", "/") }

// where says on what work the cells of s were measured, as far as it is the same.
func where(s set) string {
	level, ok := sharedBy(s, levelAsked)
	if !ok {
		level = ""
	}
	return workAt(s, level)
}

// workOf is where without a level.
func workOf(s set) string { return workAt(s, "") }

func workAt(s set, level string) string {
	c := s[0]
	doing := cmp.Or(c.About.Scenario.Doing, "running "+c.Scenario)
	if c.Stream != 0 {
		doing += " of " + blockText(c.Stream)
	}
	if c.Endpoint != "" {
		doing = "asking " + c.Scenario + " for " + endpointText(c.Endpoint)
	}
	if c.Rate != 0 {
		doing += " " + plural(c.Rate, "time") + " a second"
	}
	if level != "" {
		doing += " at level " + level
	}
	if host, ok := sharedBy(s, func(c *result.CellResult) string { return c.Host }); ok && host != "" {
		doing += " on " + host
	}
	if tasks, ok := sharedBy(s, func(c *result.CellResult) int { return c.Tasks }); ok && tasks != 0 && !isTimed(c) {
		doing += " as " + plural(tasks, "task")
	}
	if c.Iters != 0 {
		doing += " of " + plural(c.Iters, "iteration")
	}
	return capital(onData(s) + doing)
}

// onData begins what is said of work on data with which; "" without a corpus.
func onData(s set) string {
	c := s[0]
	if c.Corpus == "" {
		return ""
	}
	data := c.Corpus
	if whole, used := dataOf(s); used > 0 && used < whole {
		data = "a sample of " + bytesText(used) + " of " + data
	} else if whole > 0 {
		data = bytesText(whole) + " of " + data
	}
	return "On " + data + " in " + itemsText(s) + ", "
}

// levelAsked is the level of a cell whose codec has any; else "".
func levelAsked(c *result.CellResult) string {
	if !c.HasLevel() {
		return ""
	}
	return strconv.Itoa(c.Level)
}

// outcome says what the verdicts make of the cells of s.
func outcome(s set, v verdicts) string {
	cells := s.contenders()
	return ledBy(s, cells, v) + enlarging(s)
}

// ledBy says what the verdicts make of the cells of s that may lead.
func ledBy(s, cells set, v verdicts) string {
	st := v.rankingOf(cells)
	switch {
	case len(cells) == 0 && s[0].Rate != 0:
		return atARate(s)
	case len(cells) == 0:
		return coresKept(s)
	case len(cells) == 1:
		return model(cells[0]) + " runs at " + speed(cells[0]) + ", with nothing to compare it with"
	case !st.compared:
		return uncompared(cells, v)
	case st.sole():
		return fastest(st.leaders[0], s, v) + cells.alikeText()
	}
	return tied(st.leaders, v) + st.leaders.alikeText()
}

// uncompared speaks of cells of which none was compared with all others: for want of rounds,
// before which only those are told apart that are far from each other.
func uncompared(cells set, v verdicts) string {
	slow, fast := slices.MaxFunc(cells, byTime), slices.MinFunc(cells, byTime)
	text, which := fmt.Sprintf("%d cells run at %s to %s", len(cells), speed(slow), speed(fast)), "which"
	if ahead, behind, by := v.farApart(cells); len(behind) > 0 {
		names := func(of set) string { return strings.Join(list(mapped(of, model)).upTo(3), " and ") }
		text, which = fmt.Sprintf("%s are %s (at least %s) as fast as %s", names(ahead), times(by.Est), times(*by.Lo), names(behind)), "which of the faster ones"
	}
	least := slices.MinFunc(cells, func(a, b *result.CellResult) int { return a.Forks - b.Forks })
	if least.Forks < analyze.MinPairs {
		return text + fmt.Sprintf("; %s leads is not told: that takes %d rounds, and there was time for %d", which, analyze.MinPairs, least.Forks)
	}
	return text + ", but were not compared, so none can be called fastest"
}

// fastest speaks of the cell that leads a set alone.
func fastest(c *result.CellResult, s set, v verdicts) string {
	cells := s.contenders()
	text := model(c) + " is fastest at " + cells.pace(c)
	if c.SpeedUp != nil && !c.About.Runner.Baseline {
		text += " (" + times(c.SpeedUp.Est) + " the single goroutine)"
	}
	// Where there is no other codec, the same one in another language is a rival.
	best := func(o *result.CellResult) string {
		if slices.ContainsFunc(s.leftOut(), func(l *result.CellResult) bool { return l.Codec == o.Codec }) {
			return model(o) // its best may be one that does not lead
		}
		return o.Codec + "'s best"
	}
	rivals := slices.DeleteFunc(slices.Clone(cells), func(o *result.CellResult) bool { return o.Codec == c.Codec })
	if len(rivals) == 0 {
		best = model
		rivals = slices.DeleteFunc(slices.Clone(cells), func(o *result.CellResult) bool { return o.Language == c.Language })
	}
	if len(rivals) == 0 {
		return text
	}
	// The factor is the comparison's own, from cells that took turns, and so is the order.
	against := func(o *result.CellResult) float64 {
		found, _ := v.of(o.Name, c.Name)
		return found.TimeRatio.Est
	}
	rival := slices.MinFunc(rivals, func(a, b *result.CellResult) int {
		return cmp.Or(cmp.Compare(against(a), against(b)), byTime(a, b))
	})
	text += ", " + times(against(rival)) + " " + best(rival)
	if ratio := cells.ratioOf(rival); ratio != "" {
		text += ", which makes the data " + ratio
	}
	return text
}

// enlarging names the cells that do not lead because they make the data larger.
func enlarging(of ...set) string {
	left := slices.Concat(mapped(of, set.leftOut)...)
	if len(left) == 0 {
		return ""
	}
	names := list(mapped(left, func(c *result.CellResult) string {
		return modelAtLevel(c) + " (" + fixedPlaces(c.WholeRatio().Est, 2) + "x at " + speed(c) + ")"
	}))
	return "; left out for making the data larger: " + names.upTo(3).String()
}

// coresKept is what cells without a speed did.
func coresKept(s set) string {
	var parts list
	for _, c := range s {
		parts.addIf(c.Status == result.StatusOK && c.Parallelism != nil,
			"%s kept %.2f cores busy", threads(c), result.Value(c.Parallelism).Est)
	}
	return parts.upTo(5).String()
}

// atARate says how long tasks take that were planned, and of those that came too
// fast what was done of them.
func atARate(s set) string {
	var parts []string
	for _, c := range s {
		if c.Status != result.StatusOK || c.LatencyUS == nil || c.TasksPerS == nil {
			continue
		}
		if c.TasksPerS.Est < fallenBehind*float64(c.Rate) {
			parts = append(parts, fmt.Sprintf("%s falls behind, with %s a second done", model(c), grouped(int64(math.Round(c.TasksPerS.Est)))))
			continue
		}
		u := timeUnit([]float64{1e3 * c.LatencyUS.P99})
		parts = append(parts, fmt.Sprintf("%s has 99 %% done within %s %s of when they were due", model(c), significant(1e3*c.LatencyUS.P99/u.size, 3), u.name))
	}
	return strings.Join(parts, ", ")
}

// fallenBehind is the share of the planned rate below which it was too much.
const fallenBehind = 0.95

// uncounted says which cells of s the outcome leaves out.
func uncounted(s set) string {
	parts := unmeasured(s)
	if len(parts) == 0 {
		return ""
	}
	return " (not counting cells: " + parts.String() + ")"
}

// heldToOneCore reports whether GOMAXPROCS=1 limits the codecs of s to one
// core, or whether they escape into C calls; "" where no cell of s shows it. A
// set without codecs returns for its scenario.
func heldToOneCore(s set) string {
	var shown set
	runner := ""
	seen := make(map[string]bool)
	// The more workers, the plainer it shows.
	for _, c := range slices.SortedStableFunc(slices.Values(s), func(a, b *result.CellResult) int { return b.Workers - a.Workers }) {
		name := cmp.Or(c.Codec, c.Scenario)
		needs := c.About.Runner.Process
		if needs.GOMAXPROCS != 1 || needs.ProcessPerWorker || !manyAtWork(c) || c.Parallelism == nil || seen[name] {
			continue
		}
		seen[name], runner = true, c.Runner
		if showsCores(c) {
			shown = append(shown, c)
		}
	}
	held, escaped, unclear := sortByCores(shown)
	told := func(cells set) string {
		return strings.Join(mapped(cells, func(c *result.CellResult) string {
			return fmt.Sprintf("%s (%.2f cores busy)", cmp.Or(c.Codec, c.Scenario), c.Parallelism.Est)
		}), " and ")
	}
	var parts list
	parts.addIf(held != nil, "holds %s to one core", told(held))
	parts.addIf(escaped != nil, "does not hold %s", told(escaped))
	parts.addIf(unclear != nil, "leaves it undecided for %s", told(unclear))
	if len(parts) == 0 {
		return ""
	}
	return " One Go processor (" + runner + ") " + strings.Join(parts, " but ") + "."
}
