package analyze

import (
	"slices"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/stats"
)

// ratioAmong is the compression ratio by which cells on one corpus are held against each
// other: that of the whole corpus where all of them know it, else that of the subset,
// which is the same for all of them.
func ratioAmong(cells []*result.CellResult) func(*result.CellResult) float64 {
	if slices.ContainsFunc(cells, func(c *result.CellResult) bool { return c.CorpusBytesOut == 0 }) {
		return func(c *result.CellResult) float64 { return *c.Ratio }
	}
	return func(c *result.CellResult) float64 { return c.WholeRatio().Est }
}

// wholeRatio fills in the compression ratio of the whole corpus: what it came to where
// all of it was compressed, whether before the rounds or because a pass is over all of
// it; else an estimate from a subset, with an interval over its items.
func wholeRatio(out *result.CellResult, c *journal.CellLog, confidence float64) {
	f := c.Facts
	if out.CorpusItems == 0 || f.BytesOut <= 0 {
		return // of an earlier program, or without a corpus
	}
	from := ratioSums(c)
	if from.In == out.CorpusBytes {
		out.CorpusBytesOut = from.Out
		exact := float64(from.In) / float64(from.Out)
		out.CorpusRatio = &result.Interval{Est: exact, Lo: &exact, Hi: &exact}
		return
	}
	out.ItemSums = &from
	items := stats.Moments{N: from.Items, X: float64(from.Out), Y: float64(from.In),
		XX: float64(from.OutOut), XY: float64(from.InOut), YY: float64(from.InIn)}
	e := items.RatioOfAll(out.CorpusItems, confidence)
	out.CorpusRatio = &result.Interval{Est: e.Est}
	if told := from.InIn > 0; told && e.Hi < mostDoubt*e.Est {
		out.CorpusRatio.Lo, out.CorpusRatio.Hi = &e.Lo, &e.Hi
	}
}

// ratioSums is what the ratio of a cell that has facts is made of: as many items as were
// compressed.
func ratioSums(c *journal.CellLog) result.ItemSums {
	f := c.Facts
	if w := c.Whole; w != nil && w.Error == "" && w.Items >= f.Items {
		return result.ItemSums{Items: w.Items, In: w.BytesIn, Out: w.BytesOut, InIn: w.SumInIn, InOut: w.SumInOut, OutOut: w.SumOutOut}
	}
	return result.ItemSums{Items: f.Items, In: f.BytesIn, Out: f.BytesOut, InIn: f.SumInIn, InOut: f.SumInOut, OutOut: f.SumOutOut}
}

// mayLead is the cells that others are held against: those that do not enlarge the data, or
// all where all do.
func mayLead(log *journal.Log, cells []int) []int {
	kept := slices.DeleteFunc(slices.Clone(cells), func(i int) bool {
		sums := ratioSums(&log.Cells[i])
		return sums.Out > 0 && float64(sums.In)/float64(sums.Out) < result.Enlarged
	})
	if len(kept) == 0 {
		return cells
	}
	return kept
}

// mostDoubt is how many times the estimate the end of an interval may be for it to be
// worth telling: two or three items say nothing of the others.
const mostDoubt = 3

// aboutWhole says which cells' corpora could not be compressed whole, and why.
func aboutWhole(log *journal.Log) []result.Warning {
	var out []result.Warning
	for _, c := range log.Cells {
		if c.Whole != nil && c.Whole.Error != "" && c.Failed == nil {
			out = append(out, result.Warning{Cell: c.Cell.Name(), Code: "whole_corpus",
				Text: "the ratio is an estimate: compressing the whole corpus failed: " + c.Whole.Error})
		}
	}
	return out
}
