package reports

import (
	"slices"
	"strings"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// overLevels says of sets of the same work, each at a level of its own, who leads at which.
func overLevels(levels []set, v verdicts) string {
	all := mapped(levels, func(s set) string { return levelAsked(s[0]) })
	var alone, several []set
	for _, s := range levels {
		if len(s.contenders()) == 1 {
			alone = append(alone, s)
		} else {
			several = append(several, s)
		}
	}
	parts := mapped(result.GroupBy(several, v.leading), func(same []set) string {
		at := levelsOf(mapped(same, func(s set) string { return levelAsked(s[0]) }), all)
		return v.leading(same[0]) + " at " + at + " (" + v.paces(same) + ")"
	})
	if len(alone) > 0 {
		of := func(s set) string { return model(s.contenders()[0]) }
		parts = append(parts, "alone, and so not compared: "+strings.Join(mapped(result.GroupBy(alone, of), func(same []set) string {
			at := levelsOf(mapped(same, func(s set) string { return levelAsked(s[0]) }), all)
			return of(same[0]) + " at " + at + " (" + v.paces(same) + ")"
		}), ", "))
	}
	return strings.Join(parts, "; ") + enlarging(levels...) + uncounted(slices.Concat(levels...))
}

// leading says who leads a set; it is the same at all levels with the same leaders.
func (v verdicts) leading(s set) string {
	cells := s.contenders()
	st := v.rankingOf(cells)
	names := mapped(st.leaders, model)
	slices.Sort(names)
	switch {
	case !st.compared:
		if slices.ContainsFunc(cells, func(c *result.CellResult) bool { return c.Forks < analyze.MinPairs }) {
			return plural(len(cells), "cell") + " had too few forks to be told apart"
		}
		return plural(len(cells), "cell") + " were not compared"
	case st.sole():
		return names[0] + " is fastest"
	}
	some := list(names).upTo(3)
	last := len(some) - 1
	return strings.Join(some[:last], ", ") + " and " + some[last] + " cannot be told apart"
}

// paces is from the first to the last of sets with the same leaders how fast the first of
// them is, and of several leaders how far apart they are at most.
func (v verdicts) paces(same []set) string {
	pace := func(s set) string {
		cells := s.contenders()
		if leaders := v.rankingOf(cells).leaders; len(leaders) > 0 {
			cells = leaders
		}
		return s.pace(cells.byTurns()[0])
	}
	text := rangeText(pace(same[0]), pace(same[len(same)-1]))
	var apart []closeness
	for _, s := range same {
		if leaders := v.rankingOf(s.contenders()).leaders; len(leaders) > 1 {
			apart = append(apart, v.closenessOf(leaders))
		}
	}
	if len(apart) > 0 {
		text += ", " + slices.MaxFunc(apart, closeness.compare).text()
	}
	return text
}

// levelsOf names some of all levels, which are in order, as ranges where nothing in between
// is left out.
func levelsOf(some, all []string) string {
	if len(some) == 1 {
		return "level " + some[0]
	}
	var parts []string
	for i := 0; i < len(some); {
		from, n := slices.Index(all, some[i]), 1
		for i+n < len(some) && from+n < len(all) && all[from+n] == some[i+n] {
			n++
		}
		if n < 3 {
			n = 1
			parts = append(parts, some[i])
		} else {
			parts = append(parts, some[i]+" to "+some[i+n-1])
		}
		i += n
	}
	last := len(parts) - 1
	if last == 0 {
		return "levels " + parts[0]
	}
	return "levels " + strings.Join(parts[:last], ", ") + " and " + parts[last]
}

// rangeText is from one figure to another, with the unit once where it is the same.
func rangeText(from, to string) string {
	if from == to {
		return from
	}
	number, unit, _ := strings.Cut(from, " ")
	if _, other, _ := strings.Cut(to, " "); unit == other {
		from = number
	}
	return from + " to " + to
}
