package reports

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// closeness is how far apart cells are that cannot be told apart.
type closeness struct {
	equivalent bool    // all of them
	delta      float64 // of equivalence
	most       float64 // how many times as fast one may be as another; 0 where that is not known
	pair       string  // those two, where there are more
	more       int64   // nanoseconds that it might take to tell
	told       float64 // the share by which they must differ to be told apart in the time given
}

// closenessOf is that of leaders, of which there are at least two.
func (v verdicts) closenessOf(leaders set) closeness {
	all := closeness{equivalent: true}
	known := true
	for i, a := range leaders {
		for _, b := range leaders[i+1:] {
			c, _ := v.of(a.Name, b.Name)
			all.delta = max(all.delta, c.Delta)
			all.more, all.told = max(all.more, result.Value(c.MoreNS)), max(all.told, result.Value(c.MDE))
			if t := c.TimeRatio; t.Lo != nil && t.Hi != nil && *t.Lo > 0 && !math.IsInf(*t.Hi, 0) {
				if most := max(*t.Hi, 1 / *t.Lo); most > all.most {
					all.most, all.pair = most, model(a)+" and "+model(b)
				}
			} else {
				known = false
			}
			all.equivalent = all.equivalent && c.Verdict == result.VerdictEquivalent
		}
	}
	if !known {
		all.most = 0
	}
	if len(leaders) == 2 {
		all.pair = "" // there are no others
	}
	return all
}

// compare orders from what is known to be near to what is not known to be.
func (c closeness) compare(o closeness) int {
	far := func(c closeness) float64 {
		switch {
		case c.equivalent:
			return c.delta
		case c.most > 0:
			return c.most
		}
		return math.Inf(1)
	}
	return cmp.Compare(far(c), far(o))
}

func (c closeness) text() string {
	switch {
	case c.equivalent:
		return result.VerdictEquivalent + " within " + percentText(c.delta) + " %"
	case c.most > 0:
		text := "at most " + fixedPlaces(math.Ceil(c.most*100)/100, 2) + "x"
		if c.pair != "" {
			text += " between " + c.pair
		}
		return text
	}
	return result.VerdictUndecided
}

// tied speaks of cells that cannot be told apart, of which there are at least two: which,
// how far apart they are at most, and what it would take to tell.
func tied(leaders set, v verdicts) string {
	c := v.closenessOf(leaders)
	how := c.text()
	if !c.equivalent && c.more > 0 && len(leaders) == 2 {
		how += ", " + outlook(c.more, "might tell them apart", c.told)
	}
	ordered := leaders.byTurns()
	mixed := len(asTheMachineWas(leaders)) > 0 // and then their speeds are not for dividing
	inOrder := slices.IsSortedFunc(ordered, byTime)
	names := list(mapped(ordered, func(c *result.CellResult) string {
		switch {
		case mixed:
			return model(c)
		case inOrder || c == ordered[0]:
			return model(c) + " at " + leaders.pace(c)
		}
		// Speeds are of other moments and in another order; factors of shared turns are not.
		figures := list{fixedPlaces(c.VsBest.Est, 2) + "x its time"}
		ratio := leaders.ratioOf(c)
		figures.addIf(ratio != "", "%s", ratio)
		return model(c) + " (" + figures.String() + ")"
	})).upTo(3)
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last] + " cannot be told apart: " + how
}
