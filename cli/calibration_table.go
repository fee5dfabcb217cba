package cli

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
	"zstdshop/stats"
)

// writeCalibration sums the rows up, a line for each kind, those of equals first.
func writeCalibration(w io.Writer, rows []row) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(w, "no verdict fitted into the budget: raise --budget or lower --per")
		return err
	}
	byKind := map[kind][]row{}
	var kinds []kind
	for _, r := range rows {
		k := r.kind()
		if byKind[k] == nil {
			kinds = append(kinds, k)
		}
		byKind[k] = append(byKind[k], r)
	}
	slices.SortStableFunc(kinds, func(a, b kind) int {
		return cmp.Or(strings.Compare(a.note, b.note), cmp.Compare(a.planted, b.planted), cmp.Compare(a.budget, b.budget))
	})
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "workload\tplanted\tat most\tdelta\tverdicts\tslower\tfaster\tequivalent\tundecided\tright\t95 % bounds\ttime\tspread\tmde\tof 8 pairs\tseen\tnote\t")
	for _, k := range kinds {
		fmt.Fprintln(out, kindLine(k, byKind[k]))
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nright: a planted slowdown called slower, equals not called different; time: median to the verdict;\n"+
		"spread: of the answers about their mean; mde: median smallest effect the comparison could see;\n"+
		"of 8 pairs: the same after the first 8 pairs; seen: the part of what each comparison predicts then that 8 of 10 do see\n")
	return err
}

func kindLine(k kind, rows []row) string {
	count := map[string]int{}
	var took, mde, answers []float64
	for _, r := range rows {
		count[r.Verdict]++
		took = append(took, float64(r.Took))
		answers = append(answers, math.Log(r.Ratio.Est))
		if r.MDE != nil {
			mde = append(mde, *r.MDE)
		}
	}
	right := count[result.VerdictSlower]
	if k.planted == 0 {
		right = len(rows) - count[result.VerdictSlower] - count[result.VerdictFaster]
	}
	lo, hi := stats.Wilson(right, len(rows), 0.95)
	var spread stats.Sequence
	for _, x := range answers {
		spread.Add(x)
	}
	predicted, seen := smallestEffects(rows)
	return fmt.Sprintf("%s\t%.1f %%\t%v\t%.3g %%\t%d\t%d\t%d\t%d\t%d\t%.0f %%\t%.1f..%.1f %%\t%v\t%s\t%s\t%s\t%s\t%s\t",
		k.workload, float64(k.planted)/10, k.budget, 100*k.delta, len(rows), count[result.VerdictSlower], count[result.VerdictFaster],
		count[result.VerdictEquivalent], count[result.VerdictUndecided], 100*float64(right)/float64(len(rows)), 100*lo, 100*hi,
		time.Duration(median(took)).Round(100*time.Millisecond), percent(spread.SE()*math.Sqrt(float64(spread.N))), percent(median(mde)),
		percent(predicted), part(seen), k.note)
}

// seenAt is after how many pairs the smallest effects are compared, and
// seenRows how many verdicts that takes. Later, verdicts that were easy have
// ended, and those left are not like the others.
const (
	seenAt   = analyze.MinPairs
	seenRows = 10
)

// smallestEffects is what the comparisons predict after seenAt pairs as the
// effect that they find with 80 % probability, in the median, and how that does:
// the part of its own prediction that, added to each, would have been outside its
// interval in 80 % of them; 1 is as promised. Each is held against its own, because
// the machine is not as noisy in all of them. NaN where there are too few rows.
func smallestEffects(rows []row) (predicted, seen float64) {
	var predictions, halves, answers []float64
	for _, r := range rows {
		if len(r.Logs) < seenAt {
			continue
		}
		var s stats.Sequence
		for _, log := range r.Logs[:seenAt] {
			s.Add(log)
		}
		lo, hi := s.Interval(calibrationError)
		predictions = append(predictions, s.SmallestEffect(calibrationError, 0.8))
		halves, answers = append(halves, (hi-lo)/2), append(answers, s.Mean())
	}
	if len(answers) < seenRows {
		return math.NaN(), math.NaN()
	}
	middle := median(slices.Clone(answers))
	var needed []float64
	for i, p := range predictions {
		// An effect up and one down: the noise has no sign of its own.
		off := answers[i] - middle
		needed = append(needed, (halves[i]-off)/p, (halves[i]+off)/p)
	}
	slices.Sort(needed)
	return math.Expm1(median(predictions)), needed[len(needed)*8/10]
}

// calibrationError is that of a single verdict.
const calibrationError = 0.01

// percent prints a share; a dash where there is none.
func percent(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "-"
	}
	return fmt.Sprintf("%.2f %%", 100*v)
}

// part prints a quotient; a dash where there is none.
func part(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	return fmt.Sprintf("%.2f", v)
}

// median of values, which it sorts; NaN for none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
