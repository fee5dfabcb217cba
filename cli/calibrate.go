package cli

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness"
	"zstdshop/harness/journal"
	"zstdshop/harness/machine"
	"zstdshop/harness/measure"
	"zstdshop/harness/result"
)

// workload is one kind of work that calibration compares with itself.
type workload struct {
	name string
	cell result.Cell
}

// workloads are kinds that stress a measurement in different ways: pure Go,
// long C calls, several workers, garbage, arithmetic alone.
func workloads() []workload {
	coded := func(scenario, codec, runner string, workers int, block int64) result.Cell {
		return result.Cell{Scenario: scenario, Corpus: "logs", Codec: codec, Level: 3, Runner: runner, Workers: workers, Block: block}
	}
	return []workload{
		{"klauspost", coded("compress", "klauspost", "single", 1, 16<<10)},
		{"datadog", coded("compress", "datadog", "single", 1, 256<<10)},
		{"pool", coded("compress", "klauspost", "pool", 2, 16<<10)},
		{"garbage", coded("compressnew", "klauspost", "single", 1, 64<<10)},
		{"cpuburn", result.Cell{Scenario: "cpuburn", Runner: "single", Workers: 1, Tasks: 1, Iters: 100_000}},
	}
}

// calibration is the flags of calibrate.
type calibration struct {
	workloads list[string]
	planted   list[int]
	budget    duration
	per       duration
	delta     scalar[float64]
	trials    int
	rows      string
	note      string
	raw       int
	timeout   duration
}

func (a *app) calibrate() *cobra.Command {
	c := calibration{}
	cmd := &cobra.Command{
		Use:   "calibrate",
		Short: "check the verdicts on this machine: false alarms, and slowdowns that were planted",
		Long: `Compares cells with themselves on this machine, as they are and with a planted
slowdown (the worker follows a known share of its tasks with another one), and shows how often
a verdict was wrong, how often a slowdown was found, how long that took and how
small an effect could have been seen.

With --rows the verdicts are kept in a file, one JSON object a line, and a later
call adds to them; the table counts all those of this way of measuring.

Exit status: 0 done, whatever came out; 2 wrong usage or the tool itself failed;
130 interrupted, finished verdicts are kept.`,
		Example: `  zstdshop calibrate
  zstdshop calibrate --workload klauspost,cpuburn --planted 0,50 --budget 2m
  zstdshop calibrate --planted 0 --per 5s --trials 120 --budget 1h --rows evidence.jsonl`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runCalibration(cmd.Context(), c, time.Now()) },
	}
	f := cmd.Flags()
	c.workloads = list[string]{kind: "names", parse: workloadName}
	c.planted = list[int]{kind: "permilles", parse: permille}
	c.delta = defaultDelta()
	c.budget.value, c.per.value, c.timeout.value = 5*time.Minute, 5*time.Second, 30*time.Second
	// The defaults parse: the names are the list's own.
	_ = c.workloads.defaults(workloadNames()...)
	_ = c.planted.defaults("0", "20", "50")
	f.Var(&c.workloads, "workload", "kinds of work")
	f.Var(&c.planted, "planted", "slowdowns to plant, in permille; 0 compares equals")
	f.Var(&c.budget, "budget", "wall time of the whole command")
	f.Var(&c.per, "per", "most time of one verdict")
	f.Var(&c.delta, "delta", "how far apart sides may be and still count as equivalent; a comparison that is called so ends")
	f.IntVar(&c.trials, "trials", 1000, "most verdicts of each kind, those of --rows included")
	f.StringVar(&c.rows, "rows", "", "file of verdicts to add to")
	f.StringVar(&c.note, "note", "", "conditions, written down with each verdict and counted apart")
	f.IntVar(&c.raw, "raw", 0, "keep the raw slices of the first N verdicts of each kind")
	f.Var(&c.timeout, "timeout", "silence after which a worker is taken for hung")
	return cmd
}

func workloadNames() []string {
	var names []string
	for _, w := range workloads() {
		names = append(names, w.name)
	}
	return names
}

func workloadName(s string) (string, error) {
	if !slices.Contains(workloadNames(), s) {
		return "", harness.UnknownName("workload", s, workloadNames())
	}
	return s, nil
}

func permille(s string) (int, error) {
	if s == "0" {
		return 0, nil
	}
	return atLeastOne(1000)(s)
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
	dir, err := os.MkdirTemp("", "zstdshop-calibrate-*")
	if err != nil {
		return fmt.Errorf("calibrate: %w", err)
	}
	defer os.RemoveAll(dir)
	engine, err := a.calibrationEngine(ctx, c, dir)
	if err != nil {
		return err
	}
	deadline := begun.Add(c.budget.value)
	err = a.trials(ctx, c, engine, rows, deadline)
	if errors.Is(err, context.Canceled) {
		return &exitError{exitInterrupted, errors.New("interrupted; finished verdicts are kept where --rows names a file")}
	}
	if err != nil {
		return err
	}
	return writeCalibration(a.stdout, rows.all)
}

// calibrationEngine is an engine with the corpus of the workloads.
func (a *app) calibrationEngine(ctx context.Context, c calibration, dir string) (*measure.Engine, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the worker program: %w", err)
	}
	corpora, err := load(ctx, []string{"logs"}, a.stdin)
	if err != nil {
		return nil, err
	}
	var blocks []int64
	for _, w := range workloads() {
		blocks = append(blocks, w.cell.Block)
	}
	data, _, err := spool(ctx, corpora, blocks, dir)
	if err != nil {
		return nil, err
	}
	return &measure.Engine{Registry: a.reg, Data: data, Now: time.Now,
		Launcher: measure.Processes{Argv: []string{exe, workerCommand}, Timeout: c.timeout.value}}, nil
}

// trials runs verdicts of all kinds in turn until the deadline.
func (a *app) trials(ctx context.Context, c calibration, engine *measure.Engine, rows *rowFile, deadline time.Time) error {
	info := machine.Current()
	schedules := map[string]*journal.Schedule{}
	for n := range c.trials {
		ran := false
		for _, w := range workloads() {
			if !slices.Contains(c.workloads.values, w.name) || !a.available(w.cell) {
				continue
			}
			for _, planted := range c.planted.values {
				r := row{Method: result.Method, Workload: w.name, Planted: planted, Budget: c.per.value, Delta: c.delta.value, Note: c.note,
					Seed: rand.Uint64N(1 << 53), Machine: info.Fingerprint}
				if rows.count(r.kind()) > n {
					continue
				}
				if time.Until(deadline) < c.per.value {
					return nil
				}
				got, err := engine.Trial(ctx, measure.Trial{Cell: w.cell, Planted: planted, Budget: c.per.value, Delta: c.delta.value, Seed: r.Seed, Schedule: schedules[w.name]}, info)
				if err != nil {
					return fmt.Errorf("workload %s: %w", w.name, err)
				}
				schedules[w.name] = got.Log.Schedule
				r.take(got, n < c.raw)
				if err := rows.add(r); err != nil {
					return err
				}
				ran = true
				fmt.Fprintf(a.stderr, "%-9s planted %4.1f %%: %-10s %+5.2f %% in %v, %d pairs\n", w.name, float64(planted)/10,
					r.Verdict, 100*(r.Ratio.Est-1), r.Took.Round(10*time.Millisecond), r.Pairs)
			}
		}
		if !ran && n >= rows.most() {
			return nil
		}
	}
	return nil
}

// available reports whether the registry has what a cell names.
func (a *app) available(c result.Cell) bool {
	s, err := a.reg.Scenario(c.Scenario)
	if err != nil {
		return false
	}
	if _, err := a.reg.Runner(c.Runner); err != nil {
		return false
	}
	if !s.Info().Codec {
		return true
	}
	codec, err := a.reg.Codec(c.Codec)
	return err == nil && codec.Info().Unavailable == ""
}
