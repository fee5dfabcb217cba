package reports

import (
	"fmt"
	"slices"
	"strings"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// mostEqualRatios is how many lines a report that is not wide has of them.
const mostEqualRatios = 4

// equalRatioLines says for the ratio of each codec's default level which codec and level
// gets there fastest: with wide of each runner, else what is told beyond doubt, once for
// all runners, and not where a ratio was asked for, which the advice is about.
func equalRatioLines(r *result.Result, wide bool) []string {
	all := analyze.EqualRatios(r)
	if wide {
		return mapped(all, equalRatioLine)
	}
	told := slices.DeleteFunc(analyze.ToldEqualRatios(all), func(e analyze.EqualRatio) bool {
		return slices.ContainsFunc(r.Recommendations, func(a result.Advice) bool { return asksRatio(a, e.Own.Cells[0]) })
	})
	lines := mapped(result.GroupBy(told, equalRatioAnswer), toldEqualRatioLine)
	if more := len(lines) - mostEqualRatios; more > 0 {
		lines = append(lines[:mostEqualRatios:mostEqualRatios], plural(more, "more answer")+" at equal ratio: --wide has all")
	}
	return lines
}

// equalRatioLine is one of them in full.
func equalRatioLine(e analyze.EqualRatio) string {
	mbPerS := func(p analyze.FrontPoint) string { return significant(p.MBPerS.Est, 3) + " MB/s" }
	own := e.Own.Cells[0]
	text := fmt.Sprintf("%s, at equal ratio: %s, which %s has at its default, %d, is reached fastest by ",
		inWords(e.Cells), ratioAt(e.Own), own.Codec, own.About.Codec.Levels.Default)
	if e.By.Cells[0] == own {
		text += "itself, at " + mbPerS(e.Own)
	} else {
		text += fmt.Sprintf("%s, %sx at %s against %s", codecAtLevel(e.By), fixedPlaces(e.By.Ratio, 2), mbPerS(e.By), mbPerS(e.Own))
	}
	if len(e.Tied) > 0 {
		text += "; not told apart from it: " + strings.Join(mapped(e.Tied, codecAtLevel), ", ")
	}
	return text
}

// ratioAt is the ratio of a point, and that it is the sample's where the table has another.
func ratioAt(p analyze.FrontPoint) string {
	text := fixedPlaces(p.Ratio, 2) + "x"
	if whole := p.Cells[0].WholeRatio(); whole != nil && whole.Est != p.Ratio {
		text += " of the sample"
	}
	return text
}

// codecAtLevel names a point, with all levels that are one to its codec.
func codecAtLevel(p analyze.FrontPoint) string {
	return p.Cells[0].Codec + " at level " + levelsText(p.Cells) + conditions(p.Cells[0])
}

// asksRatio reports whether advice is about a ratio of the work that c does.
func asksRatio(a result.Advice, c *result.CellResult) bool {
	return a.Scenario == c.Scenario && result.Value(a.Corpus) == c.Corpus && result.Value(a.Block) == c.Block &&
		slices.ContainsFunc(a.Bounds, func(m result.Met) bool { return m.Metric == result.MetricRatio })
}

// equalRatioAnswer tells answers apart that do not share a line: the same work, and the
// same codec and level that is fastest under the same runners.
func equalRatioAnswer(e analyze.EqualRatio) string {
	return strings.Join(mapped(append([]analyze.FrontPoint{e.By}, e.Also...), func(p analyze.FrontPoint) string { return p.Cells[0].Name }), "\x00")
}

// toldEqualRatioLine says of answers with one fastest codec and level which others, at
// their defaults, it beats.
func toldEqualRatioLine(all []analyze.EqualRatio) string {
	e := all[0]
	figures := func(p analyze.FrontPoint) string {
		return ratioAt(p) + " at " + significant(p.MBPerS.Est, 3) + " MB/s"
	}
	beaten := mapped(all, func(e analyze.EqualRatio) string {
		own := e.Own.Cells[0]
		return fmt.Sprintf("%s at its default, %d (%s)", own.Codec, own.About.Codec.Levels.Default, figures(e.Own))
	})
	text := fmt.Sprintf("%s, at equal ratio: %s (%s) is the fastest that makes the data as small as %s",
		where(e.Cells), modelAtLevel(e.By.Cells[0]), figures(e.By), strings.Join(beaten, " and "))
	if len(e.Tied) > 0 {
		text += "; not told apart from it: " + list(mapped(e.Tied, codecAtLevel)).upTo(3).String()
	}
	if len(e.Also) > 0 {
		text += "; likewise " + strings.Join(mapped(e.Also, func(p analyze.FrontPoint) string { return underRunner(p.Cells[0]) }), ", ")
	}
	return text
}
