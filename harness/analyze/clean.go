package analyze

import (
	"math"

	"zstdshop/harness/journal"
	"zstdshop/stats"
)

// A cell's own time is that of the clean machine. All slices count, each brought
// to a calm machine by what the sentinels around it say:
//
//	log time per task = cell's own + slope * (sentinel - calm) + noise
//
// in logarithms. The sentinel is the lower of the two around the slice: one that
// was itself interrupted says nothing of the slice. One slope serves the whole
// run, since one cell's is known badly and those of different cells hardly differ
// (docs/method.md); slices are compared with those of their own cell only, so a
// slow cell is no sign of a slow machine. calm is the lowest sentinel of the run
// among cells that have as many of them run at once: where two CPUs share a core,
// two sentinels slow each other down as the work does.
//
// The interval comes from leaving out pairs of neighbouring rounds, because the
// interference outlasts a round, slope and calm fitted anew each time; and from
// a doubt in the line itself, which says how calm the machine would be from times
// of which few or none were.

// doubt is the standard error of what a time is brought down by, as a share of
// it: what makes the intervals of repeated runs hold each other (docs/method.md).
const doubt = 0.07

// turnSums is what is needed of a cell's turns in some rounds: x their states, y
// the logs of their time per task.
type turnSums struct{ n, x, y, xx, xy, calm float64 }

func (s *turnSums) add(x, y float64) { s.merge(turnSums{1, x, y, x * x, x * y, x}) }

func (s *turnSums) merge(o turnSums) {
	if o.n == 0 {
		return
	}
	if s.n == 0 || o.calm < s.calm {
		s.calm = o.calm
	}
	s.n, s.x, s.y, s.xx, s.xy = s.n+o.n, s.x+o.x, s.y+o.y, s.xx+o.xx, s.xy+o.xy
}

// CleanTimes is each cell's time for one task in nanoseconds; N is the number of
// pairs of rounds behind it, or of rounds where there are few.
func CleanTimes(log *journal.Log, all [][]forkFigures) []stats.Estimate {
	rounds := 0
	for _, fs := range all {
		for _, f := range fs {
			rounds = max(rounds, f.fork+1)
		}
	}
	size := 1
	if rounds >= MinPairs {
		size = 2
	}
	groups := (rounds + size - 1) / size
	sums := make([][]turnSums, len(all))
	lanes := make([]sentinels, len(all))
	for i, fs := range all {
		sums[i] = sumTurns(fs, groups, size, paced(&log.Cells[i]))
		lanes[i] = sentinels{lanesOf(&log.Cells[i]), log.Cells[i].Cell.Language}
	}
	whole, brought := cleanLogs(sums, lanes, -1)
	without := make([][]float64, groups)
	for g := range without {
		without[g], _ = cleanLogs(sums, lanes, g)
	}
	out := make([]stats.Estimate, len(all))
	for i := range all {
		out[i] = stats.Estimate{Est: math.Exp(whole[i]), Lo: 0, Hi: math.Inf(1)}
		var left []float64
		for g := range groups {
			if sums[i][g].n > 0 {
				out[i].N++
			}
			left = append(left, without[g][i])
		}
		if out[i].N >= 2 {
			se := math.Hypot(stats.JackknifeSE(left), doubt*brought[i])
			half := se * stats.StudentQuantile(0.5+log.Header.Plan.Confidence/2, float64(out[i].N-1))
			out[i].Lo, out[i].Hi = math.Exp(whole[i]-half), math.Exp(whole[i]+half)
		}
	}
	return out
}

// sentinels are alike where as many run at once, of one program.
type sentinels struct {
	lanes    int
	language string
}

// sumTurns adds up the turns of a cell by groups of size rounds. Those in which
// its only worker was starved are left out, unless all were. How long a paced
// slice takes has nothing to do with the machine.
func sumTurns(fs []forkFigures, groups, size int, paced bool) []turnSums {
	starved := true
	for _, f := range fs {
		for _, t := range f.turns {
			starved = starved && t.starved
		}
	}
	out := make([]turnSums, groups)
	for _, f := range fs {
		for _, t := range f.turns {
			if paced {
				t.state = 0
			}
			if !t.starved || starved {
				out[f.fork/size].add(t.state, t.perTask+f.collecting)
			}
		}
	}
	return out
}

// cleanLogs is the log of each cell's time for one task without the rounds of
// group skip, NaN for a cell that has no others, and how far that was brought
// down from its plain mean.
func cleanLogs(sums [][]turnSums, lanes []sentinels, skip int) (logs, brought []float64) {
	cells := make([]turnSums, len(sums))
	calm := map[sentinels]float64{}
	var sxx, sxy float64
	for i := range sums {
		for g, s := range sums[i] {
			if g != skip {
				cells[i].merge(s)
			}
		}
		c := cells[i]
		if c.n == 0 || c.calm == 0 { // without sentinels
			continue
		}
		if low, ok := calm[lanes[i]]; !ok || c.calm < low {
			calm[lanes[i]] = c.calm
		}
		sxx += c.xx - c.x*c.x/c.n
		sxy += c.xy - c.x*c.y/c.n
	}
	slope := 0.0
	if sxx > 0 {
		slope = min(max(sxy/sxx, 0), 1)
	}
	logs, brought = make([]float64, len(cells)), make([]float64, len(cells))
	for i, c := range cells {
		if c.calm != 0 && c.n > 0 {
			brought[i] = slope * (c.x/c.n - calm[lanes[i]])
		}
		logs[i] = c.y/c.n - brought[i]
	}
	return logs, brought
}

// paced reports whether the length of the cell's slices is fixed or planned.
func paced(c *journal.CellLog) bool { return c.Cell.Rate > 0 || c.Facts == nil || c.Facts.PassNS == 0 }

// lanesOf is how many of the cell's sentinels run at once.
func lanesOf(c *journal.CellLog) int {
	switch {
	case c.Facts == nil:
		return c.Cell.Workers
	case c.Facts.Lanes > 0:
		return c.Facts.Lanes
	case c.Facts.GOMAXPROCS > 0: // of a run before workers told
		return min(c.Cell.Workers, c.Facts.GOMAXPROCS)
	}
	return c.Cell.Workers
}
