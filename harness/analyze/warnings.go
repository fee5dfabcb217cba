package analyze

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"zstdshop/harness/result"
	"zstdshop/stats"
)

// warnings says what a reader must know of the cells.
func warnings(r *result.Result) []result.Warning {
	var out []result.Warning
	warn := func(cell, code, format string, args ...any) {
		out = append(out, result.Warning{Cell: cell, Code: code, Text: fmt.Sprintf(format, args...)})
	}
	few, rough, fewest := 0, 0, MinPairs
	var short []float64 // shares of CPU time that others took from cells of several workers
	subsets := map[string]result.CellResult{}
	for _, c := range r.Cells {
		if c.Status == result.StatusUnmeasured {
			warn(c.Name, "unmeasured", "not measured before the run ended: `zstdshop bench --resume` goes on, or raise --budget")
		}
		if c.Status != result.StatusOK {
			continue
		}
		if c.Forks < MinPairs {
			few++
			fewest = min(fewest, c.Forks)
		}
		if c.Disturbed != nil && *c.Disturbed > 0.9 && c.Parallelism != nil && c.About.Runner.Baseline && c.Parallelism.Est < 0.95 {
			rough++
		}
		if share := lostShare(c.Cell, warmForks(c.Samples), c.Lanes); share > 0 && c.Workers > 1 && c.NSPerOp != nil {
			short = append(short, share)
		}
		if log := disagreement(c.Cell, c.Samples); log != 0 {
			warn(c.Name, "disagree", "its slices take %s times what other slices of the same work did in the same workers, so its interval holds both: "+
				"it was measured cold or at two speeds; measure it alone, or with a larger --block", result.Digits(math.Exp(log), 2))
		}
		if c.BytesIn < c.CorpusBytes && (c.CorpusItems == 0 || c.ShortSubset()) {
			subsets[c.Corpus+" in "+itemWords(c.Cell)] = c
		}
	}
	for _, name := range slices.Sorted(maps.Keys(subsets)) {
		c := subsets[name]
		less := "to measure it whole"
		if c.ShortSubset() {
			less = fmt.Sprintf("to have %d items and %d bytes at least: speeds of fewer are those of few items", result.SubsetItems, result.SubsetBytes)
		}
		warn("", "sampled", "%s: speeds were measured on a seeded sample of %d of %d bytes, because the slowest level would not fit the budget otherwise: "+
			"raise --budget or drop that level %s%s; memory holds the items of the sample, so it goes by how many they are", name, c.BytesIn, c.CorpusBytes, less, ratiosOf(r, c))
	}
	if rough > 0 {
		warn("", "starved", "%s of a single goroutine got less than 0.95 of a CPU: other processes took the rest, "+
			"and all figures of this run are too low; end them, or see `zstdshop doctor`", result.Plural(rough, "cell"))
	}
	if len(short) > 0 {
		warn("", "starved", "%s of several workers waited for CPUs that other processes had, for %.0f %% of what the workers could have run: "+
			"all figures of this run are too low, and those intervals reach to where no wait would have been; "+
			"end what else runs here, or on the host of a virtual machine, or see `zstdshop doctor`", result.Plural(len(short), "cell"), 100*stats.Median(short))
	}
	if few > 0 {
		warn("", "few_forks", "%s had fewer than %d forks, too few to tell cells apart: raise --budget%s or ask for fewer cells",
			result.Plural(few, "cell"), MinPairs, budgetForForks(r.Plan.Elapsed, fewest))
	}
	if w := noisy(r); w != nil {
		out = append(out, *w)
	}
	return out
}

// budgetForForks names the budget with which a cell that had so few forks would have
// MinPairs, at the pace of a run that took so many nanoseconds and with a tenth more; ""
// where that cannot be known, or nobody would wait for it.
func budgetForForks(elapsed int64, forks int) string {
	if elapsed <= 0 || forks < 1 {
		return ""
	}
	needs := time.Duration(1.1 * float64(elapsed) * MinPairs / float64(forks))
	if needs > LongestAdvised {
		return ""
	}
	return ", about " + roughly(needs) + " might do,"
}

// itemWords says what the corpus of a cell is cut into.
func itemWords(c result.Cell) string {
	if c.ItemBytes() == 0 {
		return "whole files"
	}
	return fmt.Sprintf("blocks of at most %d bytes", c.ItemBytes())
}

// ratiosOf says of what the ratios are of cells that work on the same sample as c.
func ratiosOf(r *result.Result, c result.CellResult) string {
	whole, part := 0, 0
	for _, o := range r.Cells {
		switch {
		case o.Status != result.StatusOK || o.Corpus != c.Corpus || o.ItemBytes() != c.ItemBytes() || o.CorpusRatio == nil:
		case o.CorpusBytesOut > 0:
			whole++
		default:
			part++
		}
	}
	switch {
	case whole == 0:
		return ""
	case part == 0:
		return "; ratios are of the whole corpus"
	}
	return "; ratios are of the whole corpus, but where one has an interval: that is estimated from a sample"
}

// noisy says that the machine did not allow the precision asked for, how far the
// run came and what would help; nil where most cells are as precise as asked, or
// nothing was asked.
func noisy(r *result.Result) *result.Warning {
	asked := r.Plan.Precision
	var widths, excesses, disturbed []float64 // excess: width over what is asked of that figure
	short, wider := 0, ""
	for _, c := range r.Cells {
		figure := c.VsReference
		if figure == nil {
			figure = c.VsBest
		}
		switch {
		case c.NSPerOp == nil:
			continue
		case figure == nil:
			figure = c.NSPerOp
		case figure.Lo != nil && *figure.Lo == *figure.Hi: // what the others are held against
			continue
		}
		width, most := halfWidth(figure), asked
		if figure != c.NSPerOp && figure.Lo != nil {
			most = PrecisionOf(*figure.Lo, asked, r.Plan.Delta)
		}
		widths, excesses = append(widths, width), append(excesses, width/most)
		if width > most {
			short++
		}
		if most > asked {
			wider = fmt.Sprintf(" (+-%.3g %% of cells that are behind)", 100*most)
		}
		if c.Disturbed != nil {
			disturbed = append(disturbed, *c.Disturbed)
		}
	}
	if asked == 0 || 5*short <= len(widths) {
		return nil
	}
	text := fmt.Sprintf("+-%.3g %%%s was asked for and %d of %s reached it", 100*asked, wider, len(widths)-short, result.Plural(len(widths), "cell"))
	if len(disturbed) > 0 {
		text += fmt.Sprintf("; the machine disturbed %.0f %% of the slices", 100*stats.Median(disturbed))
	}
	typical, excess := stats.Median(widths), stats.Median(excesses)
	if excess > 1 && !math.IsInf(typical, 0) && r.Plan.Elapsed > 0 {
		text += fmt.Sprintf("; half of them are within +-%s %%", result.Digits(100*typical, 2)) + precisionIn(r.Plan.Elapsed, typical, excess)
	}
	return &result.Warning{Code: "noisy", Text: text + "; see `zstdshop doctor` for what disturbs this machine, or ask for fewer cells"}
}

// precisionIn says what budget would bring a half width, which is excess times that asked,
// to what was asked, after a run that took so many nanoseconds, or where nobody would wait
// for it what an hour comes to. The width falls with the square root of time.
func precisionIn(elapsed int64, width, excess float64) string {
	longest := float64(LongestAdvised)
	switch needs := float64(elapsed) * excess * excess; {
	case needs <= longest:
		return fmt.Sprintf(", and at this noise --budget %s would bring them to what was asked", roughly(time.Duration(needs)))
	case float64(elapsed) >= longest:
		return ", and figures as precise as asked are out of reach here"
	}
	return fmt.Sprintf(", and at this noise an hour would bring them to +-%s %%: figures as precise as asked are out of reach here, though who leads may be told sooner",
		result.Digits(100*width*math.Sqrt(float64(elapsed)/longest), 2))
}

// halfWidth is the wider side of an interval as a share; infinite without one.
func halfWidth(iv *result.Interval) float64 {
	if iv.Lo == nil || iv.Hi == nil {
		return math.Inf(1)
	}
	return max(*iv.Hi/iv.Est-1, 1-*iv.Lo/iv.Est)
}
