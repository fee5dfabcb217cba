package reports

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
	"zstdshop/reports/html"
)

// mostDicts is how many codecs an answer about a dictionary gives ratios of.
const mostDicts = 3

// dictAnswers says for which sizes of records dictionaries pay, the largest gain first, and
// once for all codecs of which the same is true. What stands behind the tables is answers
// beyond mostAnswers, and ratios that no answer gives.
func dictAnswers(r *result.Result) (all, behind []string) {
	delta := deltaOf(r)
	series := analyze.DictSeriesOf(r)
	slices.SortStableFunc(series, func(a, b analyze.DictSeries) int {
		return cmp.Compare(b.Points[0].Gain.Est, a.Points[0].Gain.Est)
	})
	type outcome struct{ corpus, dict, pays string }
	outcomes := result.GroupBy(series, func(s analyze.DictSeries) outcome {
		return outcome{s.Corpus, s.Dict, paysText(s, delta)}
	})
	all = mapped(outcomes, func(same []analyze.DictSeries) string { return dictAnswer(same, delta) })
	if more := len(all) - mostAnswers; more > 0 {
		all, behind = all[:mostAnswers:mostAnswers], all[mostAnswers:]
		all[mostAnswers-1] += " Below the tables: " + plural(more, "more answer") + " about dictionaries."
	}
	for _, same := range outcomes {
		for i, s := range same {
			if i >= mostDicts || len(s.Points) > len(ends(s.Points)) {
				behind = append(behind, "dictionary "+s.Dict+" of "+seriesCodec(s)+" on "+s.Corpus+": "+ratiosText(s.Points))
			}
		}
	}
	return all, behind
}

// dictAnswer says what is the same of several codecs with one dictionary, with the ratios
// of the first of them at the smallest and the largest size.
func dictAnswer(same []analyze.DictSeries, delta float64) string {
	s := same[0]
	with := list(mapped(same[:min(len(same), mostDicts)], func(s analyze.DictSeries) string {
		return seriesCodec(s) + " (" + ratiosText(ends(s.Points)) + ")"
	}))
	with.addIf(len(same) > mostDicts, "%d more", len(same)-mostDicts)
	return "On " + s.Corpus + ", dictionary " + s.Dict + ": " + paysText(s, delta) + ", with " + with.String() + "."
}

// ends is the smallest and the largest size.
func ends(points []analyze.DictPoint) []analyze.DictPoint {
	if len(points) < 2 {
		return points
	}
	return []analyze.DictPoint{points[0], points[len(points)-1]}
}

// deltaOf is the share below which a gain is none.
func deltaOf(r *result.Result) float64 {
	if r.Plan.Delta == 0 {
		return analyze.DefaultDelta
	}
	return r.Plan.Delta
}

// ratiosText is the ratios without the dictionary and with it.
func ratiosText(points []analyze.DictPoint) string {
	var parts list
	for _, p := range points {
		parts.addIf(true, "%s → %s at %s", fixedPlaces(p.Without, 2)+"x", fixedPlaces(p.With, 2)+"x", size(p.Bytes))
	}
	return "ratio " + parts.String()
}

// paysText says for which of the sizes measured a dictionary pays.
func paysText(s analyze.DictSeries, delta float64) string {
	to, from := s.Pays(delta)
	by, one := percentText(delta)+" %", len(s.Points) == 1
	switch {
	case to == 0 && from == 0 && one:
		return "whether it pays, by more than " + by + ", is not known"
	case to == 0 && from == 0:
		return "for which of these sizes it pays, by more than " + by + ", is not known"
	case to == 0 && one:
		return "it gains less than " + by
	case to == 0:
		return "from " + size(from) + " on it gains less than " + by
	case one:
		return "it pays, by more than " + by
	case from == 0:
		return "it pays, by more than " + by + ", for records of up to " + size(to) + " at least"
	}
	return "it pays, by more than " + by + ", up to somewhere between " + size(to) + " and " + size(from)
}

// size draws the mean size of records.
func size(bytes float64) string { return bytesText(int64(math.Round(bytes))) }

// seriesCodec is a codec with its level, where it has one.
func seriesCodec(s analyze.DictSeries) string {
	if s.Level == nil {
		return s.Codec
	}
	return s.Codec + "@" + strconv.Itoa(*s.Level)
}

// sizes puts what dictionaries gain into words and numbers to be drawn: a picture for
// each corpus.
func sizes(r *result.Result) []html.Sizes {
	var all []html.Sizes
	for _, of := range result.GroupBy(analyze.DictSeriesOf(r), func(s analyze.DictSeries) string { return s.Corpus }) {
		one := html.Sizes{Title: visible(of[0].Corpus)}
		for n, s := range of {
			for _, p := range s.Points {
				draw := func(v float64) string { return fixedPlaces(v, 2) }
				one.Points = append(one.Points, html.SizePoint{
					Name: visible(seriesCodec(s) + " " + s.Dict), Size: size(p.Bytes), Without: draw(p.Without) + "x", With: draw(p.With) + "x",
					Gain: draw(p.Gain.Est), Bounds: boundsOf(&p.Gain, draw), Series: n, Bytes: p.Bytes, Plain: p.Without, Ratio: p.With,
				})
			}
		}
		all = append(all, one)
	}
	return all
}
