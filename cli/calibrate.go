package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/machine"
	"zstdshop/harness/measure"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
	"zstdshop/reports"
	"zstdshop/scenarios/corpus"
)

// calibration is the flags of calibrate.
type calibration struct {
	workloads list[string]
	planted   list[int]
	budget    time.Duration
	per       time.Duration
	delta     float64
	trials    int
	rows      string
	note      string
	raw       int
	timeout   time.Duration
}

func (a *app) calibrate() *cobra.Command {
	c := calibration{budget: 5 * time.Minute, per: 5 * time.Second, timeout: 30 * time.Second, delta: analyze.DefaultDelta}
	cmd := &cobra.Command{
		Use:   "calibrate",
		Short: "check the verdicts on this machine: false alarms, and slowdowns that were planted",
		Long: `Compares cells with themselves on this machine, as they are and with a planted
slowdown (the worker follows a known share of its tasks with another one), and shows how often
a verdict was wrong, how often a slowdown was found, how long that took and how
small an effect could have been seen.

With --rows the verdicts are kept in a file, one JSON object a line with the day, the
machine and the share of slices that it disturbed, and a later call adds to them; the
table counts all those of this way of measuring.

Exit status: 0 done, whatever came out; 2 wrong usage or the tool itself failed;
130 interrupted, finished verdicts are kept.`,
		Example: `  zstdshop calibrate
  zstdshop calibrate --workload klauspost,cpuburn --planted 0,50 --budget 2m
  zstdshop calibrate --planted 0 --per 5s --trials 120 --budget 1h --rows evidence.jsonl`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runCalibration(cmd.Context(), c, time.Now()) },
	}
	f := cmd.Flags()
	c.workloads = list[string]{values: workloadNames(), kind: "names", parse: oneOf("workload", workloadNames()...)}
	c.planted = list[int]{values: []int{0, 20, 50}, kind: "permilles", parse: permille}
	f.Var(&c.workloads, "workload", "kinds of work")
	f.Var(&c.planted, "planted", "slowdowns to plant, in permille; 0 compares equals")
	f.Var(span(&c.budget), "budget", "wall time of the whole command")
	f.Var(span(&c.per), "per", "most time of one verdict")
	f.Var(share(&c.delta, "2%"), "delta", "how far apart sides may be and still count as equivalent; a comparison that is called so ends")
	f.IntVar(&c.trials, "trials", 1000, "most verdicts of each kind, those of --rows included")
	f.StringVar(&c.rows, "rows", "", "file of verdicts to add to")
	f.StringVar(&c.note, "note", "", "conditions, written down with each verdict and counted apart")
	f.IntVar(&c.raw, "raw", 0, "keep the raw slices of the first N verdicts of each kind")
	f.Var(span(&c.timeout), "timeout", "silence after which a worker is taken for hung")
	return cmd
}

func workloadNames() []string {
	var names []string
	for _, w := range workloads() {
		names = append(names, w.name)
	}
	return names
}

func permille(s string) (int, error) {
	if s == "0" {
		return 0, nil
	}
	n, err := plan.Count(s, 1000)
	if err != nil {
		err = errors.New("want a whole number of permille from 0 to 1000")
	}
	return n, err
}

func (a *app) runCalibration(ctx context.Context, c calibration, begun time.Time) error {
	if c.trials < 1 || c.raw < 0 {
		return fmt.Errorf("--trials %d, --raw %d: want at least 1 and 0", c.trials, c.raw)
	}
	rows, err := openRows(c.rows)
	if err != nil {
		return err
	}
	defer rows.close()
	for _, told := range rows.told {
		fmt.Fprintln(a.stderr, told)
	}
	dir, err := os.MkdirTemp("", "zstdshop-calibrate-*")
	if err != nil {
		return fmt.Errorf("calibrate: %w", err)
	}
	defer os.RemoveAll(dir)
	q, err := a.calibrationRequest(ctx, c, dir)
	if err != nil {
		return err
	}
	err = a.trials(ctx, c, q, rows, begun.Add(c.budget))
	if errors.Is(err, context.Canceled) {
		kept := "; --rows FILE would have kept the verdicts that were finished"
		if c.rows != "" {
			kept = fmt.Sprintf("; %s has the verdicts that were finished, and the same command goes on", c.rows)
		}
		return &exitError{exitInterrupted, errors.New("interrupted" + kept)}
	}
	if err != nil {
		return err
	}
	return writeCalibration(a.stdout, rows.all, machine.Current().Fingerprint, c.note)
}

// calibrationRequest is what all trials have in common: they are not kept, and
// work on data in dir.
func (a *app) calibrationRequest(ctx context.Context, c calibration, dir string) (measure.Request, error) {
	q := measure.Request{Registry: a.reg, Budget: c.per, Delta: c.delta, Timeout: c.timeout}
	var cells []result.Cell
	var corpora []*corpus.Corpus
	for _, w := range workloads() {
		cells = append(cells, w.cell)
		if w.cell.Corpus == "" || slices.ContainsFunc(corpora, func(c *corpus.Corpus) bool { return c.Name == w.cell.Corpus }) {
			continue
		}
		data, err := corpus.Load(ctx, w.cell.Corpus, a.stdin)
		if err != nil {
			return q, err
		}
		corpora = append(corpora, data)
	}
	var err error
	q.Data, err = measure.Spool(ctx, corpora, cells, dir)
	return q, err
}

// kinds are those of verdicts that the flags ask for, and the cell of each.
func (a *app) kinds(c calibration) (kinds []analyze.TrialKind, cells map[string]result.Cell) {
	cells = map[string]result.Cell{}
	for _, w := range workloads() {
		if !slices.Contains(c.workloads.values, w.name) || !a.available(w.cell) {
			continue
		}
		cells[w.name] = w.cell
		for _, planted := range c.planted.values {
			kinds = append(kinds, analyze.TrialKind{Method: result.Comparing(w.cell.Workers), Workload: w.name, Planted: planted, Budget: c.per, Delta: c.delta, Note: c.note})
		}
	}
	return kinds, cells
}

// trials runs verdicts until the deadline, each of the kind of which there are fewest.
func (a *app) trials(ctx context.Context, c calibration, q measure.Request, rows *rowFile, deadline time.Time) error {
	schedules := map[string]*journal.Schedule{}
	kinds, cells := a.kinds(c)
	for len(kinds) > 0 && time.Until(deadline) >= c.per {
		have := rows.counts()
		kind := slices.MinFunc(kinds, func(k, l analyze.TrialKind) int { return have[k] - have[l] })
		if have[kind] >= c.trials {
			break
		}
		t := analyze.Trial{TrialKind: kind, Seed: rand.Uint64N(1 << 53)}
		q.Cells, q.Programs = []result.Cell{cells[kind.Workload]}, []measure.Program{{Name: "this program"}, {Name: "itself", Redo: kind.Planted}}
		q.Seed, q.Schedule = t.Seed, schedules[kind.Workload]
		log, err := measure.Run(ctx, q)
		if err == nil {
			err = t.Take(log)
		}
		if err != nil {
			return fmt.Errorf("workload %s: %w", kind.Workload, err)
		}
		schedules[kind.Workload] = log.Schedule
		if have[kind] < c.raw {
			for _, side := range log.Cells {
				t.Raw = append(t.Raw, side.Forks)
			}
		}
		if err := rows.add(t); err != nil {
			return err
		}
		fmt.Fprintf(a.stderr, "%-9s planted %4.1f %%: %-10s %+5.2f %% in %v, %d pairs\n", kind.Workload, float64(kind.Planted)/10,
			t.Verdict, 100*(t.Ratio.Est-1), t.Took.Round(10*time.Millisecond), t.Pairs)
	}
	return nil
}

// available reports whether the registry has what a cell names.
func (a *app) available(c result.Cell) bool {
	s, noScenario := a.reg.Scenario(c.Scenario)
	_, noRunner := a.reg.Runner(c.Runner)
	codec, noCodec := a.reg.Codec(c.Codec)
	return noScenario == nil && noRunner == nil && (!s.Info().Codec || noCodec == nil && codec.Info().Unavailable == "")
}

// calibrationWidth is that of calibrate's output in columns.
const calibrationWidth = 100

// writeCalibration draws a table for each set of conditions, a line for each kind of
// work in it, and says what those of this machine under the conditions noted come to.
func writeCalibration(w io.Writer, all []analyze.Trial, here, note string) error {
	kinds := analyze.Calibrations(all)
	if len(kinds) == 0 {
		_, err := fmt.Fprintln(w, "no verdict fitted into the budget: raise --budget or lower --per")
		return err
	}
	conditions := func(k analyze.Calibration) string {
		text := fmt.Sprintf("planted %.1f %%, at most %v a verdict, equivalent within %.3g %%", float64(k.Planted)/10, k.Budget, 100*k.Delta)
		if k.Note != "" {
			text += ", " + k.Note
		}
		return text
	}
	for _, same := range result.GroupBy(kinds, conditions) {
		fmt.Fprintln(w, conditions(same[0])+":")
		out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(out, "workload\tn\tslower\tfaster\tequal\tundecided\tright\tbounds\ttime\tspread\tmde\tseen\t")
		for _, k := range same {
			fmt.Fprintf(out, "%s\t%d\t%d\t%d\t%d\t%d\t%.0f %%\t%.0f..%.0f %%\t%v\t%s\t%s\t%s\t\n",
				k.Workload, k.Trials, k.Verdicts[result.VerdictSlower], k.Verdicts[result.VerdictFaster],
				k.Verdicts[result.VerdictEquivalent], k.Verdicts[result.VerdictUndecided], 100*float64(k.Right)/float64(k.Trials), 100*k.Lo, 100*k.Hi,
				k.Took.Round(100*time.Millisecond), orDash("%.2f %%", 100*k.Spread), orDash("%.2f %%", 100*k.MDE), orDash("%.2f", k.Seen))
		}
		if err := out.Flush(); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	legend := fmt.Sprintf("n: verdicts; right: a planted slowdown called slower (or equivalent, if that is as much), equals not called different, with 95 %% bounds; "+
		"time: median to the verdict; spread: of the answers about their mean; mde: median smallest effect that could be "+
		"seen; seen: the part of what each predicts after %d pairs that 8 of 10 do see", analyze.MinPairs)
	mine := slices.DeleteFunc(slices.Clone(all), func(t analyze.Trial) bool { return t.Machine != here || t.Note != note })
	said := "No verdict is of this machine and these conditions."
	if len(mine) > 0 {
		said = analyze.CalibrationSentence(analyze.Calibrations(mine))
	}
	if n := len(all) - len(mine); n > 0 {
		said += fmt.Sprintf(" %d of %d verdicts are of other machines or conditions: they are in the tables, not in this.", n, len(all))
	}
	_, err := fmt.Fprint(w, reports.Wrap(legend, calibrationWidth), "\n", reports.Wrap(said, calibrationWidth))
	return err
}

// orDash prints a number, or a dash where there is none.
func orDash(format string, v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "-"
	}
	return fmt.Sprintf(format, v)
}
