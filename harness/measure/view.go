package measure

import (
	"math"
	"slices"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/stats"
)

// view is what can be said after a round: of the log alone, so that a run that is
// resumed goes on as it would have.
type view struct {
	log       *journal.Log
	times     []stats.Estimate
	relatives []analyze.Relative // to the fastest of the group, or to the reference
	decided   map[[2]string]bool // pairs of names that have a verdict, in both orders
	undecided map[string]bool    // names of cells with an open comparison
	programs  Known              // of a run for verdicts
}

// viewOf judges all comparisons anew; known has the entries that the cells name.
func viewOf(log *journal.Log, known result.Catalogue) view {
	all := analyze.AllFigures(log)
	v := view{log: log, times: analyze.CleanTimes(log, all), relatives: analyze.RelativeToReference(log, all),
		decided: map[[2]string]bool{}, undecided: map[string]bool{}}
	for i, s := range analyze.RelativeToBest(log, all, known) {
		if v.relatives[i].Against < 0 {
			v.relatives[i] = s
		}
	}
	cs, open := analyze.Judgments(log, all)
	for i, c := range cs {
		if open[i] {
			v.undecided[c.Old], v.undecided[c.New] = true, true
		} else {
			v.decided[[2]string{c.Old, c.New}], v.decided[[2]string{c.New, c.Old}] = true, true
			v.programs.Decided++
		}
	}
	v.programs.Asked, v.programs.Visible = len(cs), analyze.Outlook(log, all)
	for _, name := range analyze.OpenLimits(log) {
		v.undecided[name] = true
	}
	return v
}

// known is what can be told of the group of a cell.
func (v view) known(c result.Cell) Known {
	switch {
	case v.log == nil: // before the first round
		return Known{}
	case v.log.Header.Verdicts:
		return v.programs
	}
	for i, s := range v.relatives {
		if s.Against == i && v.log.Cells[i].Cell.Group() == c.Group() {
			return Known{Leader: &v.log.Cells[i].Cell}
		}
	}
	return Known{}
}

// in lists the cells of a group that have not failed.
func (v view) in(g journal.GroupSchedule) []int {
	return slices.DeleteFunc(slices.Clone(g.Cells), func(i int) bool { return v.log.Cells[i].Failed != nil })
}

// aloneMost is how many times the turns of other cells those may have of which it is not
// told yet who leads, and how many times the time of other groups theirs.
const aloneMost = 8

// contenders lists those that go on. Who leads is asked first: while that is open, the
// cells that cannot be told from the leader go on alone with it, so that their turns lie
// close and are many. After them come all of which not all is told. What a cell is held
// against goes on with it.
func (v view) contenders(g journal.GroupSchedule) []int {
	for _, open := range []func(i int) bool{v.unplaced(g), func(i int) bool { return !v.told(i) }} {
		on := map[int]bool{}
		for _, i := range v.in(g) {
			if open(i) {
				on[i] = true
				if against := v.relatives[i].Against; against >= 0 && !v.log.Header.Verdicts {
					on[against] = true
				}
			}
		}
		if len(on) > 0 {
			return slices.DeleteFunc(v.in(g), func(i int) bool { return !on[i] })
		}
	}
	return v.in(g) // nothing is open, and the run is too young to end
}

// asks reports whether it is open who leads a group, or how its cells stand to the
// reference, and more turns of those alone are worth it.
func (v view) asks(g journal.GroupSchedule) bool {
	return slices.ContainsFunc(v.in(g), v.unplaced(g))
}

// unplaced is of a cell that has too few rounds for a verdict, or none yet against the
// fastest of its group or the reference. Those that so many turns could not tell apart are
// left at that: others want good figures, too.
func (v view) unplaced(g journal.GroupSchedule) func(i int) bool {
	least := math.MaxInt
	for _, i := range v.in(g) {
		least = min(least, v.turns(i))
	}
	return func(i int) bool {
		against := v.relatives[i].Against
		return len(v.log.Cells[i].Forks) < analyze.MinPairs ||
			!v.log.Header.Verdicts && against >= 0 && against != i && v.turns(i) < aloneMost*least && !v.placed(i)
	}
}

// placed reports whether there is a verdict of a cell and what it is held against.
func (v view) placed(i int) bool {
	return v.decided[[2]string{v.log.Cells[i].Cell.Name(), v.log.Cells[v.relatives[i].Against].Cell.Name()}]
}

// turns is how many a cell has had.
func (v view) turns(i int) (n int) {
	for _, f := range v.log.Cells[i].Forks {
		n += len(f.Turn)
	}
	return n
}

// told reports whether all is told of a cell that this run asks. In a run for verdicts
// that is its comparisons. In another one it is how it stands to the fastest of its group
// or to the reference: the verdict, and a figure as precise as asked (analyze.PrecisionOf).
// A cell alone in its group has its own time for a figure.
func (v view) told(i int) bool {
	c, s, precision := v.log.Cells[i], v.relatives[i], v.log.Header.Plan.Precision
	switch {
	case len(c.Forks) < analyze.MinPairs:
		return false
	case v.log.Header.Verdicts:
		return !v.undecided[c.Cell.Name()]
	case s.Against < 0:
		return v.times[i].HalfWidth() <= precision
	case s.Against == i:
		return true
	}
	return v.placed(i) && s.Ratio.HalfWidth() <= analyze.PrecisionOf(s.Ratio.Lo, precision, v.log.Header.Delta)
}
