package measure

import (
	"slices"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/stats"
)

// behindWidth is how much wider than asked the relative figure of a cell may be that is
// surely behind.
const behindWidth = 1.5

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

// viewOf judges all comparisons anew.
func viewOf(log *journal.Log) view {
	all := analyze.AllFigures(log)
	v := view{log: log, times: analyze.CleanTimes(log, all), relatives: analyze.RelativeToReference(log, all),
		decided: map[[2]string]bool{}, undecided: map[string]bool{}}
	for i, s := range analyze.RelativeToBest(log, all) {
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

// contenders lists those that go on: all, but the ones of which all is told. What the
// others are held against goes on as long as one of them does.
func (v view) contenders(g journal.GroupSchedule) []int {
	in := v.in(g)
	on := map[int]bool{}
	for _, i := range in {
		if !v.told(i) {
			on[i] = true
			if against := v.relatives[i].Against; against >= 0 && !v.log.Header.Verdicts {
				on[against] = true
			}
		}
	}
	if len(on) == 0 {
		return in // nothing is open, and the run is too young to end
	}
	return slices.DeleteFunc(in, func(i int) bool { return !on[i] })
}

// told reports whether all is told of a cell that this run asks. In a run for verdicts
// that is its comparisons. In another one it is how it stands to the fastest of its group
// or to the reference: the verdict, and a figure as precise as asked; half as wide again
// where it is behind by more than delta, since the time is for the contenders. A cell
// alone in its group has its own time for a figure.
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
	case s.Ratio.Lo > 1+v.log.Header.Delta:
		precision *= behindWidth
	}
	return v.decided[[2]string{c.Cell.Name(), v.log.Cells[s.Against].Cell.Name()}] && s.Ratio.HalfWidth() <= precision
}
