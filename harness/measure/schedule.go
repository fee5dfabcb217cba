package measure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// The lengths a slice needs, measured in docs/method.md: a short one is lost in
// the cost of switching, and a pool needs time to fill its workers.
const (
	minSliceOne      = 1250 * time.Microsecond // one worker
	minSliceMany     = 5 * time.Millisecond    // more, which have a beginning and an end to share; not of twins
	minSliceBound    = 5 * time.Millisecond    // more than GOMAXPROCS lets run
	minTasksPerCrew  = 32                      // tasks per worker, for more than one
	plannedSlice     = 100 * time.Millisecond  // where tasks come at a rate
	maxCrewSlice     = 100 * time.Millisecond  // up to which a slice has minTasksPerCrew
	maxLanguageSlice = 500 * time.Millisecond  // of the slowest language, where there are several,
	languageSlices   = 50                      // and that part of the budget, so that there are rounds enough
	warmUpTime       = 2500 * time.Microsecond // where two cells of one worker take turns; twice that
	manyWarmUps      = 2                       // where more do, which sleep for longer, and twice that
	crewWarmUps      = 2                       // for several workers, which must spread again; but
	twinWarmUps      = 2                       // for several of two builds a part of it, on each of their CPUs
	boundWarmUp      = 10 * time.Millisecond   // where GOMAXPROCS is below them: calls must find their way out
	maxFork          = time.Second             // a cell's share of one round
	turnCost         = 700 * time.Microsecond  // gathering, waiting until it is quiet, messages
	probeTimedSlice  = 100 * time.Millisecond
	settleTime       = 10 * time.Second // at least, or half the budget, before a run ends as precise
	plannedShare     = 0.95             // of the time left that is planned
	shrinkPays       = 0.95             // a smaller sample must cut the round to this share
	maxSliceTasks    = 1 << 20          // keeps messages and counts sane
)

// cost is what the pilot run knows of a cell.
type cost struct {
	start   time.Duration // of a worker, and its end
	prepare time.Duration // of the whole sample, verification not counted
	pass    time.Duration // one worker, one pass
	items   int
	lanes   int  // workers that can run at once; >= 1
	bound   bool // by GOMAXPROCS, below what workers and CPUs allow
	timed   bool // slices of fixed length
}

// costed is a cell with its cost over the whole of its sample.
type costed struct {
	index  int
	cell   result.Cell
	cost   cost  // over bytes
	bytes  int64 // the cost was measured over; 0 without a corpus
	sample int   // index into the samples, -1 without a corpus
}

// scaled returns the cost of n bytes where c was measured over bytes.
func (c cost) scaled(n, bytes int64, items int) cost {
	if bytes <= 0 {
		return c
	}
	f := float64(n) / float64(bytes)
	c.prepare = time.Duration(float64(c.prepare) * f)
	c.pass = time.Duration(float64(c.pass) * f)
	c.items = items
	return c
}

// windows cuts a group's work: the smallest slice that is long enough for
// every cell in it, the fastest included.
func windows(members []costed, budget time.Duration) []journal.Window {
	items := members[0].cost.items
	if members[0].cost.timed {
		return []journal.Window{{First: 0, Count: items}}
	}
	count := 1
	for _, m := range members {
		least := minSliceOne
		switch {
		case m.cell.Rate > 0:
			least = plannedSlice
		case m.cell.Workers > 1:
			switch {
			case m.cost.bound:
				least = minSliceBound
			case !m.twin():
				least = minSliceMany
			}
			// Huge tasks are an exception: 32 of them could take minutes.
			most := int(float64(maxCrewSlice) / m.betweenTasks())
			count = max(count, min(minTasksPerCrew*m.cell.Workers, max(most, m.cell.Workers)))
		}
		need := math.Ceil(float64(least) / m.betweenTasks())
		count = max(count, int(min(need, maxSliceTasks)))
	}
	count = min(count, languageMost(members, budget))
	if count >= items {
		passes := (count + items - 1) / items
		return []journal.Window{{First: 0, Count: passes * items}}
	}
	n := (items + count/4) / count // rather a fifth too short than twice too long
	out := make([]journal.Window, n)
	for k := range out {
		first := k * items / n
		out[k] = journal.Window{First: first, Count: (k+1)*items/n - first}
	}
	return out
}

// languageMost is the most tasks of a slice where languages are compared, one of
// which may be a thousand times as slow as another: what is long enough for the
// fast one would take minutes. Each worker still gets one.
func languageMost(members []costed, budget time.Duration) int {
	foreign, slowest, workers := false, 0.0, 1
	for _, m := range members {
		foreign = foreign || m.cell.Language != ""
		slowest = max(slowest, m.betweenTasks())
		workers = max(workers, m.cell.Workers)
	}
	if !foreign {
		return maxSliceTasks
	}
	most := min(maxLanguageSlice, budget/languageSlices)
	return max(workers, int(float64(most)/max(slowest, 1)))
}

// betweenTasks is the time from the end of one task of a slice to that of the next
// in nanoseconds, as planned, or where that is too fast as the cell can.
func (m costed) betweenTasks() float64 {
	ns := float64(m.cost.pass) / float64(max(m.cost.items, 1)) / float64(m.cost.lanes)
	if m.cell.Rate > 0 {
		ns = max(ns, 1e9/float64(m.cell.Rate))
	}
	return max(ns, 1)
}

// twin reports whether a cell is compared with another build of itself alone. What its
// workers take to begin and end is the same on both sides then and may be a larger part of
// a slice than where models are compared, and more turns say more than longer ones
// (docs/method.md).
func (m costed) twin() bool { return m.cell.Build != "" }

// warmUp is how many tasks come before a slice, off the clock; they are those
// of the slice, over and over.
func (m costed) warmUp(members int) int {
	c, k := m.cell, m.cost
	if k.timed || k.pass <= 0 {
		return 0
	}
	perTask := float64(k.pass) / float64(k.items)
	length := warmUpTime
	if members > 2 {
		length *= manyWarmUps
	}
	switch {
	case c.Workers > 1 && m.twin():
		length /= twinWarmUps
	case c.Workers > 1:
		length *= crewWarmUps
	}
	if k.bound {
		length = max(length, boundWarmUp)
	}
	n := int(math.Ceil(float64(length) * float64(k.lanes) / max(perTask, 1)))
	return max(c.Workers, min(n, maxSliceTasks))
}

// equalWarmUp is m's warm-up; two builds of the same cell have the longer one's.
func equalWarmUp(m costed, members []costed) int {
	warm := 0
	for _, other := range members {
		cell := other.cell
		cell.Build = m.cell.Build
		if cell == m.cell {
			warm = max(warm, other.warmUp(len(members)))
		}
	}
	return warm
}

// planned is a group before its windows are numbered in the schedule.
type planned struct {
	members []costed
	windows []journal.Window
	once    time.Duration // one round with one pass through the windows
}

// turnTime is what one turn of a cell in a window takes.
func (g planned) turnTime(m costed, w journal.Window) time.Duration {
	if m.cost.timed {
		return probeTimedSlice + turnCost
	}
	perTask := float64(m.cost.pass) / float64(max(m.cost.items, 1))
	warm := perTask * float64(m.warmUp(len(g.members))) / float64(m.cost.lanes)
	return time.Duration(warm+m.betweenTasks()*float64(w.Count)) + turnCost
}

// fixedTime is what a cell's fork takes beside its turns.
func (g planned) fixedTime(m costed) time.Duration {
	t := m.cost.start + m.cost.prepare + m.cost.pass
	if !m.cost.timed && modeOf(m.cell) != worker.ModeLatency {
		t += (minRunIn + 1) * g.turnTime(m, g.windows[0]) // the run-in and the latency slice
	}
	return t
}

// forkTime is one cell's share of a round with one pass through the windows.
func (g planned) forkTime(m costed) time.Duration {
	t := g.fixedTime(m)
	for _, w := range g.windows {
		t += g.turnTime(m, w)
	}
	return t
}

// planGroups cuts all groups for the sample sizes given.
func planGroups(cells []costed, samples []journal.Subset, budget time.Duration) []planned {
	var order []string
	byGroup := map[string][]costed{}
	for _, s := range cells {
		g := s.cell.Group()
		if byGroup[g] == nil {
			order = append(order, g)
		}
		if s.sample >= 0 {
			s.cost = s.cost.scaled(samples[s.sample].Bytes, s.bytes, samples[s.sample].Items)
		}
		byGroup[g] = append(byGroup[g], s)
	}
	var out []planned
	for _, g := range order {
		p := planned{members: byGroup[g], windows: windows(byGroup[g], budget)}
		for _, m := range p.members {
			p.once += p.forkTime(m)
		}
		out = append(out, p)
	}
	return out
}

// shrink cuts all groups for the samples that a budget allows: they are halved, the
// costliest first, until MinPairs rounds fit and no cell's fork takes longer
// than maxFork.
// resample returns a smaller sample, or false where it cannot shrink.
func shrink(cells []costed, samples []journal.Subset, budget time.Duration,
	resample func(journal.Subset) (journal.Subset, bool, error)) ([]planned, []journal.Subset, error) {
	groups := planGroups(cells, samples, budget)
	stuck := make([]bool, len(samples))
	for {
		worst, fork := worstSample(groups, stuck)
		tooLong := total(groups) > budget/analyze.MinPairs
		if worst < 0 || !tooLong && fork <= maxFork {
			break
		}
		smaller, ok, err := resample(samples[worst])
		if err != nil {
			return nil, nil, err
		}
		shrunk := slices.Clone(samples)
		shrunk[worst] = smaller
		after := planGroups(cells, shrunk, budget)
		// Below some size slices are as long as they must be, whatever the
		// sample; less data would then cost truth and save no time.
		if !ok || float64(total(after)) > shrinkPays*float64(total(groups)) {
			stuck[worst] = true
			continue
		}
		samples, groups = shrunk, after
	}
	return groups, samples, nil
}

// fit is the sample and window sizes for a budget. The error is *tooLittle where it does
// not allow one slice of each cell.
func fit(cells []costed, samples []journal.Subset, budget time.Duration,
	resample func(journal.Subset) (journal.Subset, bool, error)) (*journal.Schedule, error) {
	groups, samples, err := shrink(cells, samples, budget, resample)
	if err != nil {
		return nil, err
	}
	if firsts := firstRounds(groups); takenTogether(firsts) > budget {
		return nil, &tooLittle{firsts}
	}
	l := &journal.Schedule{Subsets: samples}
	for _, g := range groups {
		gl := journal.GroupSchedule{Windows: g.windows}
		slices.SortFunc(g.members, func(a, b costed) int { return cmp.Compare(a.index, b.index) })
		for _, m := range g.members {
			gl.Cells = append(gl.Cells, m.index)
			gl.Warm = append(gl.Warm, equalWarmUp(m, g.members))
			gl.FixedNS += int64(g.fixedTime(m))
			gl.TurnNS += int64(g.turnTime(m, g.windows[0]))
		}
		l.Groups = append(l.Groups, gl)
	}
	return l, nil
}

// A firstRound is what a cell takes until its first slice counts.
type firstRound struct {
	costed
	takes time.Duration
}

// firstRounds are those of all cells.
func firstRounds(groups []planned) (out []firstRound) {
	for _, g := range groups {
		for _, m := range g.members {
			out = append(out, firstRound{m, g.firstTime(m)})
		}
	}
	return out
}

// firstTime is the least that a cell takes until its first slice counts: of its worker
// process, of checking what it computes, of being run in, and of the turn itself.
func (g planned) firstTime(m costed) time.Duration {
	t := m.cost.start + m.cost.prepare + m.cost.pass + g.turnTime(m, g.windows[0])
	if m.cost.timed {
		return t
	}
	slice := time.Duration(m.betweenTasks() * float64(g.windows[0].Count))
	one := time.Duration(m.betweenTasks() * float64(m.cell.Workers)) // the shortest slice
	return t + m.cost.pass + min(slice, max(runInSlice, one))
}

// takenTogether is what they take one after the other.
func takenTogether(firsts []firstRound) (t time.Duration) {
	for _, f := range firsts {
		t += f.takes
	}
	return t
}

// tooLittle is the error of a budget that does not allow one slice of each cell.
type tooLittle struct{ firsts []firstRound }

func (e *tooLittle) Error() string {
	return fmt.Sprintf("%v: the budget is too small for one slice of each of %s", result.ErrPlan, result.Plural(len(e.firsts), "cell"))
}

func (e *tooLittle) Unwrap() error { return result.ErrPlan }

// slowestOf is the cell that takes longest.
func slowestOf(firsts []firstRound) firstRound {
	return slices.MaxFunc(firsts, func(a, b firstRound) int { return cmp.Compare(a.takes, b.takes) })
}

func total(groups []planned) (t time.Duration) {
	for _, g := range groups {
		t += g.once
	}
	return t
}

// worstSample is the sample with the longest single fork that can still shrink, and
// that fork; -1 where there is none.
func worstSample(groups []planned, stuck []bool) (worst int, longest time.Duration) {
	worst = -1
	for _, g := range groups {
		for _, m := range g.members {
			if m.sample < 0 || stuck[m.sample] {
				continue
			}
			if t := g.forkTime(m); t > longest {
				worst, longest = m.sample, t
			}
		}
	}
	return worst, longest
}

func roundUp(d time.Duration) time.Duration {
	unit := 100 * time.Millisecond
	if d > 10*time.Second {
		unit = time.Second
	}
	return (d + unit - 1).Truncate(unit)
}
