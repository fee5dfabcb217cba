package reports

import (
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// mostAnswers is how many sets of cells have an answer each. Where there are more, the
// levels of the same work are told together: a terminal has no room for a line each, and the
// tables have all.
const mostAnswers = 4

// answers is an answer for each set of cells that have a speed and may be compared, and
// what stands behind the tables of whether one Go processor held codecs to one core;
// where there is no more than one, the sentence. Cells of several codecs that stand alone
// have one together. Further levels of the same work do not
// repeat it, and many levels are told together.
func answers(r *result.Result) (all, behind []string) {
	v := verdictsOf(r)
	fast := slices.DeleteFunc(sets(r), func(s set) bool { return len(s.measured()) == 0 })
	alone, others := aloneOf(fast)
	for _, s := range alone {
		all = append(all, aloneLine(s))
	}
	work := func(s set) [2]any { return [2]any{workOf(s), s[0].HasLevel()} }
	for _, levels := range runsOf(others, work) {
		if len(fast) > mostAnswers && len(levels) > 1 && levels[0][0].HasLevel() {
			all = append(all, workOf(slices.Concat(levels...))+": "+overLevels(levels, v)+".")
			continue
		}
		for i, s := range levels {
			text := answer(s, v)
			if level := levelAsked(s[0]); i > 0 && level != "" {
				text = "At level " + level + ": " + outcome(s, v) + uncounted(s) + "."
			}
			all = append(all, text)
		}
	}
	if len(fast) < 2 { // and so none is told together
		return []string{closing(r)}, nil
	}
	all[0] = soFar(r) + all[0]
	if held := heldToOneCore(headline(r)); held != "" {
		behind = []string{strings.TrimSpace(held)}
	}
	return all, behind
}
