package analyze

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/stats"
)

// Trial is one verdict of a calibration: a cell compared with itself, slowed down
// on the new side or not. As JSON it is a line of calibrate --rows.
type Trial struct {
	TrialKind
	Seed    uint64        `json:"seed"`
	Day     string        `json:"day,omitempty"` // in UTC, as 2006-01-02
	Machine string        `json:"machine"`       // fingerprint
	Verdict string        `json:"verdict"`
	Ratio   result.Ratio  `json:"time_ratio"`
	MDE     *float64      `json:"mde"`
	Pairs   int           `json:"pairs"`
	Took    time.Duration `json:"took_ns"`
	Logs    []float64     `json:"log_ratios"` // of the fork pairs, in order
	// Disturbed is the share of slices that the machine did not leave alone, the mean
	// of both sides; nil where the sentinels do not tell.
	Disturbed *float64        `json:"disturbed,omitempty"`
	Raw       [][]result.Fork `json:"raw,omitempty"` // old side, new side
}

// TrialKind is what makes two trials verdicts on the same thing.
type TrialKind struct {
	Method   string        `json:"method"` // of comparing; only trials of the present one count
	Workload string        `json:"workload"`
	Planted  int           `json:"planted_permille"`
	Budget   time.Duration `json:"budget_ns"`
	Delta    float64       `json:"delta"`
	Note     string        `json:"note,omitempty"` // conditions, such as a burner beside it
}

// Take fills in what a run found whose cells are the two sides of a trial. It
// returns the error of a side that failed.
func (t *Trial) Take(log *journal.Log) error {
	for _, c := range log.Cells {
		if c.Failed != nil {
			return errors.New(c.Failed.Error)
		}
	}
	all := AllFigures(log)
	t.Took = time.Duration(log.Elapsed)
	t.Verdict, t.Ratio.Est = result.VerdictUndecided, 1
	if cs := Comparisons(log, all); len(cs) == 1 && cs[0].Verdict != "" { // else not even two pairs
		t.Verdict, t.Ratio, t.MDE, t.Pairs = cs[0].Verdict, cs[0].TimeRatio, cs[0].MDE, cs[0].Pairs
	}
	for _, l := range PairLogs(all[0], all[1]) {
		t.Logs = append(t.Logs, math.Round(l*1e6)/1e6) // more digits say nothing
	}
	t.Day, t.Machine = log.Header.Plan.Started.UTC().Format(time.DateOnly), log.Header.Machine.Fingerprint
	t.Disturbed = sidesDisturbed(log)
	return nil
}

// Check tells what a trial that was read lacks or cannot have.
func (t *Trial) Check() error {
	switch verdicts := []string{result.VerdictSlower, result.VerdictFaster, result.VerdictEquivalent, result.VerdictUndecided}; {
	case t.Method == "":
		return errors.New("no method")
	case t.Workload == "":
		return errors.New("no workload")
	case t.Planted < 0 || t.Planted > 1000:
		return fmt.Errorf("planted_permille %d: want 0 to 1000", t.Planted)
	case !slices.Contains(verdicts, t.Verdict):
		return fmt.Errorf("verdict %q: want one of %s", t.Verdict, strings.Join(verdicts, ", "))
	case !(t.Ratio.Est > 0):
		return fmt.Errorf("time_ratio %v: want more than 0", t.Ratio.Est)
	case t.Took <= 0 || t.Budget <= 0:
		return fmt.Errorf("took_ns %d, budget_ns %d: want more than 0", t.Took, t.Budget)
	}
	return nil
}

// sidesDisturbed is the mean over all cells, to three digits.
func sidesDisturbed(log *journal.Log) *float64 {
	sum := 0.0
	for i := range log.Cells {
		share, ok := disturbed(&log.Cells[i])
		if !ok {
			return nil
		}
		sum += share
	}
	mean := math.Round(sum/float64(len(log.Cells))*1000) / 1000
	return &mean
}

// Calibration sums up the trials of a kind. A figure that there are too few
// trials for is NaN.
type Calibration struct {
	TrialKind
	Trials   int
	Verdicts map[string]int // by verdict
	// Right are the verdicts that were not wrong: a planted slowdown called slower, or
	// equivalent where it is no larger than what counts as that, equals not called
	// different. Lo and Hi bound their share, with 95 %.
	Right  int
	Lo, Hi float64
	Took   time.Duration // median to the verdict
	Spread float64       // of the answers about their mean
	MDE    float64       // median smallest effect the comparison could see
	// Seen is the part of what each comparison predicts after MinPairs pairs as its
	// smallest effect that 8 of 10 do see; 1 is as promised.
	Seen float64
	// Within is the smallest effect that a comparison of so long would see, going by
	// the pairs there are: the median of trials, by the entries of Spans.
	Within []float64
}

// Spans are the lengths of comparisons that a calibration speaks of.
var Spans = []time.Duration{5 * time.Second, 20 * time.Second, time.Minute}

// Calibrations returns a summary for each kind of trial, those of equals first.
func Calibrations(trials []Trial) []Calibration {
	kinds := result.GroupBy(trials, func(t Trial) TrialKind { return t.TrialKind })
	slices.SortStableFunc(kinds, func(x, y []Trial) int {
		a, b := x[0], y[0]
		return cmp.Or(strings.Compare(a.Note, b.Note), cmp.Compare(a.Planted, b.Planted), cmp.Compare(a.Budget, b.Budget))
	})
	var out []Calibration
	for _, of := range kinds {
		out = append(out, calibration(of))
	}
	return out
}

func calibration(trials []Trial) Calibration {
	c := Calibration{TrialKind: trials[0].TrialKind, Trials: len(trials), Verdicts: map[string]int{}, MDE: math.NaN()}
	var took, mde []float64
	var answers stats.Sequence
	for _, t := range trials {
		c.Verdicts[t.Verdict]++
		took = append(took, float64(t.Took))
		answers.Add(math.Log(t.Ratio.Est))
		if t.MDE != nil {
			mde = append(mde, *t.MDE)
		}
	}
	c.Right = c.Verdicts[result.VerdictSlower]
	if c.Planted == 0 {
		c.Right = len(trials) - c.Verdicts[result.VerdictSlower] - c.Verdicts[result.VerdictFaster]
	} else if float64(c.Planted) <= 1000*c.Delta {
		c.Right += c.Verdicts[result.VerdictEquivalent]
	}
	c.Lo, c.Hi = stats.ClopperPearson(c.Right, len(trials), 0.95)
	c.Took, c.Spread = time.Duration(stats.Median(took)), answers.SE()*math.Sqrt(float64(answers.N))
	if len(mde) > 0 {
		c.MDE = stats.Median(mde)
	}
	c.Seen = seenEffects(trials)
	for _, span := range Spans {
		var effects []float64
		for _, t := range trials {
			if e := t.within(span); !math.IsNaN(e) {
				effects = append(effects, e)
			}
		}
		if len(effects) == 0 {
			effects = []float64{math.NaN()}
		}
		c.Within = append(c.Within, math.Expm1(stats.Median(effects)))
	}
	return c
}

// within is the smallest effect, as a log, that a comparison like t would see if it took
// so long; NaN where t has too few pairs to tell.
func (t Trial) within(span time.Duration) float64 {
	if len(t.Logs) < MinPairs || t.Took <= 0 {
		return math.NaN()
	}
	var s stats.Sequence
	for _, l := range t.Logs {
		s.Add(l)
	}
	n := float64(len(t.Logs)) * float64(span) / float64(t.Took)
	spread := s.SE() * math.Sqrt(float64(s.N))
	return spread * (stats.HalfWidth(trialError, n) + stats.StudentQuantile(power, max(n-1, 1))/math.Sqrt(n))
}

// CalibrationSentence says what this machine can tell apart, in how long, and whether
// verdicts can be trusted.
func CalibrationSentence(kinds []Calibration) string {
	equals, different := 0, 0
	var parts []string
	for i, span := range Spans {
		least, most := math.Inf(1), 0.0
		for _, k := range kinds {
			if e := k.Within[i]; !math.IsNaN(e) {
				least, most = min(least, e), max(most, e)
			}
		}
		if most == 0 {
			continue
		}
		to := ""
		if math.IsInf(most, 1) {
			to = " or none at all, by the work"
		} else if most > 1.05*least {
			to = fmt.Sprintf(" to %s %%, by the work", result.Digits(100*most, 2))
		}
		if !math.IsInf(least, 1) {
			parts = append(parts, fmt.Sprintf("in %v differences of %s %%%s", span, result.Digits(100*least, 2), to))
		}
	}
	for _, k := range kinds {
		if k.Planted == 0 {
			equals += k.Trials
			different += k.Verdicts[result.VerdictSlower] + k.Verdicts[result.VerdictFaster]
		}
	}
	said := "Too few pairs of forks to say what this machine can tell apart: raise --per."
	if len(parts) > 0 {
		said = "This machine tells apart " + strings.Join(parts, ", ") + "."
	}
	least, atMost := stats.ClopperPearson(different, equals, 0.9) // each end: the one-sided 95 % bound
	switch {
	case equals == 0:
		said += " Whether its verdicts can be trusted only equals tell: --planted 0."
	case least > VerdictError:
		said += fmt.Sprintf(" Its verdicts CANNOT be trusted: %d of %d equals were called different, which 1 %% does not explain.", different, equals)
	default:
		said += fmt.Sprintf(" Its verdicts can be trusted as far as %d equals tell: %d were called different (at most %s %% are, with 95 %% confidence).", equals, different, result.Digits(100*atMost, 2))
	}
	return said
}

const (
	// seenAt is after how many pairs the smallest effects are compared, and
	// seenTrials how many trials that takes. Later, verdicts that were easy have
	// ended, and those left are not like the others.
	seenAt     = MinPairs
	seenTrials = 10
	// trialError is that of a single verdict.
	trialError = 0.01
)

// seenEffects is the part of the effect that comparisons predict after seenAt pairs to
// find with 80 % probability which, added to each, would have been outside its interval
// in 80 % of them. Each is held against its own prediction, because the machine is not
// as noisy in all of them. NaN where there are too few trials.
func seenEffects(trials []Trial) float64 {
	var predictions, halves, answers []float64
	for _, t := range trials {
		if len(t.Logs) < seenAt {
			continue
		}
		var s stats.Sequence
		for _, l := range t.Logs[:seenAt] {
			s.Add(l)
		}
		lo, hi := s.Interval(trialError)
		predictions = append(predictions, s.SmallestEffect(trialError, power))
		halves, answers = append(halves, (hi-lo)/2), append(answers, s.Mean())
	}
	if len(answers) < seenTrials {
		return math.NaN()
	}
	middle := stats.Median(answers)
	var needed []float64
	for i, p := range predictions {
		// An effect up and one down: the noise has no sign of its own.
		off := answers[i] - middle
		needed = append(needed, (halves[i]-off)/p, (halves[i]+off)/p)
	}
	slices.Sort(needed)
	return needed[len(needed)*8/10]
}
