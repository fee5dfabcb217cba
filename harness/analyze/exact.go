package analyze

import (
	"fmt"
	"slices"

	"zstdshop/harness/result"
)

// codeOtherWork is that of the warning about two sides that did not do the same.
const codeOtherWork = "other_work"

// completeSides gives every cell of a comparison what its time's verdict leaves
// out: a verdict on each exact metric, and an undecided one on the time where
// there are too few pairs for a look. Sides that did other work than each other
// are not compared at all; with otherSeed subsets of a corpus are other work,
// unless what came out is the same, where their digests do not tell. Results that are no comparison stay as they
// are.
func completeSides(r *result.Result, otherSeed bool) {
	for _, s := range result.SidesOf(r) {
		if s.Old == nil || s.New == nil || s.Old.Status != result.StatusOK || s.New.Status != result.StatusOK {
			continue
		}
		isTime := func(c result.Comparison) bool {
			return c.Metric == result.MetricTime && c.Old == s.Old.Name && c.New == s.New.Name
		}
		if why := otherWork(s, otherSeed); why != "" {
			r.Comparisons = slices.DeleteFunc(r.Comparisons, isTime)
			r.Warnings = append(r.Warnings, result.Warning{Cell: s.New.Name, Code: codeOtherWork, Text: "not compared: " + why})
			continue
		}
		if s.Old.NSPerOp != nil && s.New.NSPerOp != nil && !slices.ContainsFunc(r.Comparisons, isTime) {
			r.Comparisons = append(r.Comparisons, untold(s))
		}
		if s.Old.BytesOut > 0 && s.New.BytesOut > 0 {
			r.Comparisons = append(r.Comparisons, compareRatios(s))
		}
		if s.Old.AllocsPerOp != nil && s.New.AllocsPerOp != nil {
			r.Comparisons = append(r.Comparisons, compareAllocs(s))
		}
		r.Warnings = append(r.Warnings, aboutSides(s)...)
	}
}

// otherWork says how the work of two sides differs; "" where it does not.
func otherWork(s result.Sides, otherSeed bool) string {
	a, b := s.Old, s.New
	switch {
	case a == nil || b == nil || a.Status != result.StatusOK || b.Status != result.StatusOK:
		return ""
	case differ(a.CorpusDigest, b.CorpusDigest):
		return fmt.Sprintf("old worked on a corpus %s with the digest %s, new on another with %s: measure both on the same data",
			a.Corpus, short(a.CorpusDigest), short(b.CorpusDigest))
	case a.Items != b.Items || a.BytesIn != b.BytesIn:
		return fmt.Sprintf("old worked on %d bytes in %d tasks, new on %d in %d: measure both on the same data, and where it is sampled with the same --seed and --budget",
			a.BytesIn, a.Items, b.BytesIn, b.Items)
	case a.CorpusBytes != b.CorpusBytes:
		return fmt.Sprintf("old worked on a sample of %d bytes, new on one of %d: measure both on the same data", a.CorpusBytes, b.CorpusBytes)
	case differ(a.ItemsDigest, b.ItemsDigest),
		otherSeed && !told(a.ItemsDigest, b.ItemsDigest) && a.BytesIn < a.CorpusBytes && a.Digest != b.Digest:
		return "old and new worked on other samples of the data: measure both with the same --seed and --budget"
	case a.NSPerOp != nil && b.NSPerOp != nil && a.Checksum != nil && b.Checksum != nil && *a.Checksum != *b.Checksum:
		return fmt.Sprintf("the checksums differ, %d and %d: one of the programs computes something else", *a.Checksum, *b.Checksum)
	}
	return ""
}

// told reports whether both sides have a digest: results of earlier programs have none.
func told(a, b string) bool { return a != "" && b != "" }

// differ reports whether two digests are known to be of other data.
func differ(a, b string) bool { return told(a, b) && a != b }

// aboutSides warns of what makes two sides less alike than their name says.
func aboutSides(s result.Sides) []result.Warning {
	var out []result.Warning
	warn := func(code, text string) { out = append(out, result.Warning{Cell: s.New.Name, Code: code, Text: text}) }
	if a, b := result.Value(s.Old.EffectiveLevel), result.Value(s.New.EffectiveLevel); a != b {
		warn("effective_level", fmt.Sprintf("the codec makes level %d of it in old and %d in new", a, b))
	}
	if a, b := s.Old.EffectiveGOMAXPROCS, s.New.EffectiveGOMAXPROCS; a != b {
		warn("gomaxprocs", fmt.Sprintf("GOMAXPROCS was %d in old and %d in new", a, b))
	}
	return out
}

// untold is the comparison of two times whose spread is not known.
func untold(s result.Sides) result.Comparison {
	return result.Comparison{Old: s.Old.Name, New: s.New.Name, Metric: result.MetricTime, Verdict: result.VerdictUndecided, Delta: DefaultDelta,
		TimeRatio: result.Ratio{Est: s.New.NSPerOp.Est / s.Old.NSPerOp.Est, Confidence: 1 - VerdictError}}
}

// exactly is a comparison that needs no interval.
func exactly(s result.Sides, metric string, better, worse bool, quotient, delta float64) result.Comparison {
	verdict := result.VerdictEquivalent
	if better {
		verdict = result.VerdictBetter
	} else if worse {
		verdict = result.VerdictWorse
	}
	return result.Comparison{Old: s.Old.Name, New: s.New.Name, Metric: metric, Verdict: verdict, Delta: delta,
		TimeRatio: result.Ratio{Est: quotient, Lo: &quotient, Hi: &quotient, Confidence: 1}}
}

// compareRatios holds compression ratios against each other, to the byte: the
// sides compressed the same data, all of the corpus where both did.
func compareRatios(s result.Sides) result.Comparison {
	a, b := s.Old.BytesOut, s.New.BytesOut
	switch oldWhole, newWhole := s.Old.CorpusBytesOut > 0, s.New.CorpusBytesOut > 0; {
	case oldWhole && newWhole:
		a, b = s.Old.CorpusBytesOut, s.New.CorpusBytesOut
	case oldWhole != newWhole: // one of all is not held against one of a part
		s.Old.CorpusRatio, s.New.CorpusRatio = nil, nil
	}
	return exactly(s, result.MetricRatio, b < a, b > a, float64(a)/float64(b), 0)
}

// compareAllocs holds allocations per task against each other. The count is
// exact, but not of the task alone: the runner and the runtime allocate a little
// in every slice, and how many tasks share it depends on the length of slices.
// So less than half an allocation a task is no difference, nor is less than what
// slices cost, nor less than delta.
func compareAllocs(s result.Sides) result.Comparison {
	a, b := *s.Old.AllocsPerOp, *s.New.AllocsPerOp
	slack := allocsSlack(s)
	quotient := 1.0
	if a != b {
		// None at all counts as one in all the tasks that were looked at.
		quotient = b / max(a, 1/float64(timedTasks(s.Old)))
	}
	return exactly(s, result.MetricAllocs, b <= a-slack, b >= a+slack, quotient, DefaultDelta)
}

// allocsSlack is the least difference of allocations per task that is one.
func allocsSlack(s result.Sides) float64 {
	return max(result.CountSlack, DefaultDelta**s.Old.AllocsPerOp, perSlice(s.Old), perSlice(s.New))
}

// perSlice bounds what runner and runtime allocate in a slice, per task. Seen
// were 2 to 5 a slice under one worker and 8 to 18 under a pool of two.
func perSlice(c *result.CellResult) float64 {
	return float64(8+8*c.Workers) * float64(max(len(c.Samples), 1)) / float64(timedTasks(c))
}

// timedTasks is how many tasks of c were timed and had their allocations
// counted; at least 1.
func timedTasks(c *result.CellResult) int64 {
	var n int64
	for _, f := range c.Samples {
		n += f.TimedTasks
	}
	return max(n, 1)
}
