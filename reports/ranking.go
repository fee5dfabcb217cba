package reports

import (
	"slices"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// verdicts holds the comparisons of a result's times, to be asked either way
// round.
type verdicts map[[2]string]result.Comparison

// verdictsOf indexes the comparisons between two cells that have a verdict or enough
// pairs for one. Of two that contradict each other remains that nothing is
// decided.
func verdictsOf(r *result.Result) verdicts {
	v := make(verdicts)
	for _, c := range r.Comparisons {
		if c.Metric != result.MetricTime || c.Old == c.New || c.Pairs < analyze.MinPairs && c.Verdict == result.VerdictUndecided {
			continue
		}
		if have, ok := v.of(c.New, c.Old); ok && have.Verdict != c.Verdict {
			c.Verdict = result.VerdictUndecided
		}
		v[[2]string{c.New, c.Old}] = c
		v[[2]string{c.Old, c.New}] = reversed(c)
	}
	return v
}

// of is the comparison that speaks of a against b.
func (v verdicts) of(a, b string) (result.Comparison, bool) {
	c, ok := v[[2]string{a, b}]
	return c, ok
}

// reversed is c told from the other side: the verdict turns round and the
// ratio becomes its reciprocal.
func reversed(c result.Comparison) result.Comparison {
	c.Old, c.New = c.New, c.Old
	switch c.Verdict {
	case result.VerdictFaster:
		c.Verdict = result.VerdictSlower
	case result.VerdictSlower:
		c.Verdict = result.VerdictFaster
	}
	t := c.TimeRatio
	c.TimeRatio.Est, c.TimeRatio.Lo, c.TimeRatio.Hi = 1/t.Est, inverse(t.Hi), inverse(t.Lo)
	return c
}

// A ranking says which cells of a set the comparisons put first.
type ranking struct {
	// compared is set where a cell that nothing beats was compared with every
	// other cell of the set. Otherwise there are no leaders.
	compared bool
	// leaders are the cells that nothing is known to beat. One alone is faster
	// than every other cell of the set; several cannot be told apart from the
	// best.
	leaders set
}

// sole reports whether c leads alone.
func (s ranking) sole() bool { return len(s.leaders) == 1 }

// farApart splits cells into those that nothing is known to beat and the others, where each
// of the first is faster than each of the others, and how many times it is so for the two
// that are nearest; else nothing is behind.
func (v verdicts) farApart(cells set) (ahead, behind set, by result.Ratio) {
	for _, c := range cells {
		beaten := func(o *result.CellResult) bool {
			found, _ := v.of(c.Name, o.Name)
			return found.Verdict == result.VerdictSlower
		}
		if slices.ContainsFunc(cells, beaten) {
			behind = append(behind, c)
		} else {
			ahead = append(ahead, c)
		}
	}
	if len(ahead) == 0 {
		return cells, nil, by // verdicts of several runs may go round in a circle
	}
	for _, a := range ahead {
		for _, b := range behind {
			c, _ := v.of(b.Name, a.Name)
			if c.Verdict != result.VerdictSlower || c.TimeRatio.Lo == nil {
				return cells, nil, result.Ratio{}
			}
			if by.Lo == nil || c.TimeRatio.Est < by.Est {
				by = c.TimeRatio
			}
		}
	}
	return ahead, behind, by
}

// rankingOf ranks the measured cells by verdicts alone; figures do not count.
func (v verdicts) rankingOf(cells set) ranking {
	cells = cells.measured()
	if len(cells) < 2 {
		return ranking{}
	}
	leaders := slices.DeleteFunc(slices.Clone(cells), func(a *result.CellResult) bool {
		return slices.ContainsFunc(cells, func(b *result.CellResult) bool {
			c, _ := v.of(a.Name, b.Name)
			return c.Verdict == result.VerdictSlower
		})
	})
	// In a large set not all pairs are compared, but all cells with one.
	if !slices.ContainsFunc(leaders, func(a *result.CellResult) bool { return v.comparedWithAll(a, cells) }) {
		return ranking{}
	}
	if len(leaders) == 1 {
		// It may still not be told apart from a cell that a third one beats.
		a := leaders[0]
		for _, b := range cells {
			if c, _ := v.of(a.Name, b.Name); a != b && c.Verdict != result.VerdictFaster {
				leaders = append(leaders, b)
			}
		}
	}
	return ranking{compared: true, leaders: leaders}
}

// comparedWithAll reports whether a was held against every other of cells.
func (v verdicts) comparedWithAll(a *result.CellResult, cells set) bool {
	return !slices.ContainsFunc(cells, func(b *result.CellResult) bool {
		_, ok := v.of(a.Name, b.Name)
		return a != b && !ok
	})
}

// Marks of the cells that lead their set.
const (
	markFastest = "*" // faster than every other
	markLeading = "=" // not told apart from the best
)

// marks gives the leading cells of every set their mark, of those that may lead.
func marks(r *result.Result) map[*result.CellResult]string {
	v := verdictsOf(r)
	m := make(map[*result.CellResult]string)
	for _, s := range sets(r) {
		st := v.rankingOf(s.contenders())
		for _, c := range st.leaders {
			m[c] = markLeading
			if st.sole() {
				m[c] = markFastest
			}
		}
	}
	return m
}

// inverse is 1/v, nil for nil.
func inverse(v *float64) *float64 {
	if v == nil {
		return nil
	}
	i := 1 / *v
	return &i
}
