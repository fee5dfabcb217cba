package reports

import (
	"fmt"
	"strings"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// equalRatioLines says for the ratio of each codec's default level which codec and
// level gets there fastest.
func equalRatioLines(r *result.Result) []string {
	return mapped(analyze.EqualRatios(r), equalRatioLine)
}

func equalRatioLine(e analyze.EqualRatio) string {
	name := func(p analyze.FrontPoint) string { return p.Cells[0].Codec + " at level " + levelsText(p.Cells) }
	mbPerS := func(p analyze.FrontPoint) string { return significant(p.MBPerS.Est, 3) + " MB/s" }
	own := e.Own.Cells[0]
	text := fmt.Sprintf("%s, at equal ratio: %sx, which %s has at its default, %d, is reached fastest by ",
		inWords(e.Cells), fixedPlaces(e.Own.Ratio, 2), own.Codec, own.About.Codec.Levels.Default)
	if e.By.Cells[0] == own {
		text += "itself, at " + mbPerS(e.Own)
	} else {
		text += fmt.Sprintf("%s, %sx at %s against %s", name(e.By), fixedPlaces(e.By.Ratio, 2), mbPerS(e.By), mbPerS(e.Own))
	}
	if len(e.Tied) > 0 {
		text += "; not told from it by their intervals: " + strings.Join(mapped(e.Tied, name), ", ")
	}
	return text
}
