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

// answers is an answer for each set of cells that have a speed and may be compared, or that
// had a rate, and
// what stands behind the tables of whether one Go processor held codecs to one core;
// where there is no more than one, the sentence. Cells of several codecs that stand alone
// have one together. Further levels of the same work do not
// repeat it, nor does further work on the same data repeat those, and many levels are told
// together.
func answers(r *result.Result) (all, behind []string) {
	v := verdictsOf(r)
	fast := slices.DeleteFunc(sets(r), func(s set) bool { return len(s.measured()) == 0 && (s[0].Rate == 0 || atARate(s) == "") })
	said := ""
	for _, same := range result.GroupBy(fast, workOf) {
		for _, line := range workAnswers(same, len(fast) > mostAnswers, v) {
			// Further work on the same data does not repeat on which.
			if data := onData(same[0]); data == said && data != "" {
				line = capital(strings.TrimPrefix(line, data))
			}
			all = append(all, line)
		}
		said = onData(same[0])
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

// workAnswers are those of sets that do the same work; with many their levels are told
// together. The one with the fastest cell comes first.
func workAnswers(same []set, many bool, v verdicts) (all []string) {
	lone, others := loneOf(same)
	for _, levels := range runsOf(others, func(s set) bool { return s[0].HasLevel() }) {
		if many && len(levels) > 1 && levels[0][0].HasLevel() && levels[0][0].Rate == 0 {
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
	if lone == nil {
		return all
	}
	of := set(slices.Concat(same...))
	at := len(all)
	if of.measured().alike() || slices.Contains(lone, slices.MinFunc(of.measured(), byTime)) {
		at = 0
	}
	return slices.Insert(all, at, aloneLine(lone, of))
}
