package reports

import (
	"fmt"
	"math"
	"strconv"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
	"zstdshop/reports/html"
)

// dictLines says what each dictionary gains, and for which sizes of records it pays.
func dictLines(r *result.Result) []string {
	return mapped(analyze.DictSeriesOf(r), func(s analyze.DictSeries) string { return dictLine(s, deltaOf(r)) })
}

// deltaOf is the share below which a gain is none.
func deltaOf(r *result.Result) float64 {
	if r.Plan.Delta == 0 {
		return analyze.DefaultDelta
	}
	return r.Plan.Delta
}

func dictLine(s analyze.DictSeries, delta float64) string {
	text := fmt.Sprintf("dictionary %s of %s on %s: ", s.Dict, seriesCodec(s), s.Corpus)
	var points list
	for _, p := range s.Points {
		points.addIf(true, "%s → %s at %s", fixedPlaces(p.Without, 2)+"x", fixedPlaces(p.With, 2)+"x", size(p.Bytes))
	}
	text += "ratio " + points.String()
	if len(s.Points) < 2 {
		return text
	}
	to, from := s.Pays(delta)
	by := percentText(delta) + " %"
	switch {
	case to == 0 && from == 0:
		return text + "; for which of these sizes it pays, by more than " + by + ", is not known"
	case to == 0:
		return text + "; from " + size(from) + " on it gains less than " + by
	case from == 0:
		return text + "; it pays, by more than " + by + ", for records of up to " + size(to) + " at least"
	}
	return text + "; it pays, by more than " + by + ", up to somewhere between " + size(to) + " and " + size(from)
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
