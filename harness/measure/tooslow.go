package measure

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
)

// A cell that is too slow for the budget is left out, and the others are measured. It
// is found out in the pilot run, where no cell may take more than its share, or
// when all of them are planned. Either way the run names a budget that is enough.

// The budget that is named is larger than what it must cover: machines have slow minutes.
const budgetDoubt = 1.25

// A slowCell is one that the budget does not allow.
type slowCell struct {
	costed
	cut time.Duration // when its trial was ended; 0: what its first slice takes is known
}

// fitMost is fit, of as many cells as the budget allows: the slowest are left out, each
// with what it is compared with. The schedule is nil where that leaves none.
func fitMost(cells []costed, samples []journal.Subset, budget time.Duration,
	resample func(journal.Subset) (journal.Subset, bool, error)) (*journal.Schedule, []slowCell, error) {
	var out []slowCell
	for len(cells) > 0 {
		l, err := fit(cells, samples, budget, resample)
		little, ok := errors.AsType[*tooLittle](err)
		if !ok {
			return l, out, err
		}
		slowest := slowestOf(little.firsts)
		cells = slices.DeleteFunc(slices.Clone(cells), func(c costed) bool {
			drop := sameButBuild(c.cell, slowest.cell)
			if drop {
				out = append(out, slowCell{costed: c})
			}
			return drop
		})
	}
	return nil, out, nil
}

// leaveOut marks the cells that are too slow as failed, each with a budget that is enough
// for all. It is an error where there are no others.
func (e *engine) leaveOut(slow []slowCell, firsts []firstRound, trials []trial, others int) error {
	if len(slow) == 0 {
		return nil
	}
	slices.SortStableFunc(slow, func(a, b slowCell) int { return cmp.Compare(a.index, b.index) })
	guessed := slices.ContainsFunc(trials, func(t trial) bool { return t.cut > 0 })
	remedy := remedyOf(e.enough(firsts, trials), guessed)
	slowest := slowestOf(firsts)
	if others == 0 {
		return fmt.Errorf("%w: the budget is too small for one slice of each of %s; the slowest is %s: %s; %s", result.ErrPlan,
			result.Plural(len(firsts), "cell"), slowest.cell.Name(), why(slow, slowest), remedy)
	}
	for _, s := range slow {
		at := slices.IndexFunc(firsts, func(f firstRound) bool { return f.index == s.index })
		text := fmt.Sprintf("too slow for the budget: %s; the others were measured without it; %s", why(slow, firsts[at]), remedy)
		if err := e.fail(s.index, journal.Failure{Status: result.StatusFailed, Error: text}); err != nil {
			return err
		}
	}
	return nil
}

// why says how slow a cell is.
func why(slow []slowCell, f firstRound) string {
	at := slices.IndexFunc(slow, func(s slowCell) bool { return s.index == f.index })
	if at >= 0 && slow[at].cut > 0 && slow[at].cut < leastTrial {
		return "no time was left for its trial"
	}
	if at >= 0 && slow[at].cut > 0 {
		return fmt.Sprintf("its trial was not done after %v", roundUp(slow[at].cut))
	}
	return fmt.Sprintf("its first slice comes after about %v", roundUp(f.takes))
}

// enough is a budget that allows the trials and first rounds of all cells, and what is to
// be computed of whole corpora beside them.
func (e *engine) enough(firsts []firstRound, trials []trial) time.Duration {
	// What comes before the run and after it.
	fixed := max(0, time.Duration(e.Journal.Log.Header.Plan.Budget)-e.deadline.Sub(e.begun))
	longest := time.Duration(0)
	for _, t := range trials {
		took := t.took
		if t.cut > 0 {
			took = t.start + t.prepare + t.pass
		}
		fixed, longest = fixed+took, max(longest, took)
	}
	rounds := float64(takenTogether(firsts)) / plannedShare
	need := max(float64(fixed+trialShares*longest), (float64(fixed)+rounds)*wholeShare/(wholeShare-1))
	return time.Duration(budgetDoubt * need)
}

// remedyOf names a budget that is enough, as far as that is known or can be guessed.
func remedyOf(enough time.Duration, guessed bool) string {
	if enough > analyze.LongestAdvised {
		return "all cells need more than an hour; ask for fewer cells, lower levels or a smaller --block"
	}
	sure := "is"
	if guessed {
		sure = "should be"
	}
	return fmt.Sprintf("--budget %s %s enough for all cells, or ask for a smaller --block or a lower --level", asFlag(enough), sure)
}

// asFlag is a time as one would ask for it, rounded up.
func asFlag(d time.Duration) string {
	unit := time.Second
	switch {
	case d > 2*time.Minute:
		unit = time.Minute
	case d > 20*time.Second:
		unit = 5 * time.Second
	}
	text := (d + unit - 1).Truncate(unit).String()
	if strings.HasSuffix(text, "m0s") {
		return strings.TrimSuffix(text, "0s")
	}
	return text
}
