package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness"
	"zstdshop/harness/machine"
)

const benchExit = `
Exit status: 0 done; 1 a cell failed; 2 wrong usage or the tool itself failed;
130 interrupted, finished work is saved (report shows it, bench --resume goes on).`

func (a *app) bench() *cobra.Command {
	var m matrix
	var out output
	var dryRun, resume bool
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "measure a matrix of scenarios, codecs, levels, runners and corpora",
		Long: `Measures every cell of the matrix that the flags span and prints a table.

Without flags: klauspost and datadog at levels 1 and 3 under single, pool and
gomaxprocs1, compressing and decompressing 1 MiB of JSON logs in 64 KiB blocks,
with memcpy as the ceiling, within a minute.

A flag with several values (comma separated) makes an axis of the matrix.
` + benchExit,
		Example: `  zstdshop bench
  zstdshop bench --corpus access.log,./dumps --codec klauspost@1,klauspost@3,datadog@3 --block 16KiB
  zstdshop bench --scenario compress --runner single,pool --workers 1,2,4 --budget 2m --export report.md
  tar c src | zstdshop bench --corpus - --format json
  zstdshop bench --scenario cpuburn --runner single,pool,gomaxprocs1 --workers 4
  zstdshop bench --dry-run --level 1,3,9,19
  zstdshop bench --resume`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			begun := time.Now()
			if err := out.check(); err != nil {
				return err
			}
			if resume {
				if err := onlyOutputFlags(cmd); err != nil {
					return err
				}
				return a.resumeBench(cmd.Context(), m, out, begun, cmd.Flags().Changed("budget"))
			}
			plan, corpora, err := m.plan(cmd, a)
			if err != nil {
				return err
			}
			cells, err := plan.Cells(a.reg)
			if err != nil {
				return err
			}
			if dryRun {
				return a.dryRun(plan, cells)
			}
			return a.runBench(cmd.Context(), plan, cells, corpora, m, out, begun)
		},
	}
	m.flags(cmd, a)
	out.flags(cmd)
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "show the cells and the expected time, measure nothing")
	cmd.Flags().BoolVar(&resume, "resume", false, "go on with the last run that was interrupted")
	return cmd
}

// onlyOutputFlags refuses flags that a resumed run has fixed already.
func onlyOutputFlags(cmd *cobra.Command) error {
	var bad []string
	for _, name := range matrixFlagNames {
		if cmd.Flags().Changed(name) && name != "budget" && name != "timeout" {
			bad = append(bad, "--"+name)
		}
	}
	if len(bad) > 0 {
		return fmt.Errorf("--resume goes on with the matrix of the interrupted run: drop %s, or drop --resume to start a new one", strings.Join(bad, ", "))
	}
	return nil
}

// dryRun prints what would be measured.
func (a *app) dryRun(plan harness.Plan, cells []harness.Cell) error {
	groups := map[string]bool{}
	for _, c := range cells {
		groups[c.Group()] = true
		note := ""
		if c.Codec != "" {
			codec, err := a.reg.Codec(c.Codec)
			if err != nil {
				return err
			}
			if why := codec.Info().Unavailable; why != "" {
				note = "  (unavailable: " + why + ")"
			}
		}
		fmt.Fprintln(a.stdout, c.Name()+note)
	}
	fmt.Fprintf(a.stdout, "%d cells in %d groups of cells that are compared; at most %v, about %v a cell; less where +-%.3g %% is reached sooner\n",
		len(cells), len(groups), plan.Budget, (plan.Budget / time.Duration(len(cells))).Round(10*time.Millisecond), 100*plan.Precision)
	return nil
}

// runBench measures a new run.
func (a *app) runBench(ctx context.Context, plan harness.Plan, cells []harness.Cell, corpora []loaded, m matrix, out output, begun time.Time) error {
	state, err := harness.StateDir(a.getenv)
	if err != nil {
		return err
	}
	journal, err := harness.CreateJournal(state, begun)
	if err != nil {
		return err
	}
	defer journal.Close()
	data, infos, err := spool(ctx, corpora, plan.Blocks, journal.Dir)
	if err != nil {
		return errors.Join(err, os.RemoveAll(journal.Dir))
	}
	info := machine.Current()
	header := harness.Header{
		Machine: info, Build: harness.CurrentBuild(a.reg), Cells: cells, Corpora: infos, Delta: harness.DefaultDelta, Arms: []harness.Arm{},
		Plan: harness.PlanInfo{
			Args: m.args, Seed: plan.Seed, Budget: int64(plan.Budget), Precision: plan.Precision, Confidence: 0.95,
			Reference: plan.Reference, Started: begun.UTC().Truncate(time.Millisecond),
		},
		Warnings: []harness.Warning{},
	}
	if err := journal.Append(harness.Record{Header: &header}); err != nil {
		return err
	}
	return a.measure(ctx, journal, data, m.timeout, begun.Add(plan.Budget), out)
}

// resumeBench goes on with the newest run, which must be incomplete and of this
// very program on this machine.
func (a *app) resumeBench(ctx context.Context, m matrix, out output, begun time.Time, moreBudget bool) error {
	state, err := harness.StateDir(a.getenv)
	if err != nil {
		return err
	}
	dir, err := harness.LastRun(state)
	if err != nil {
		return err
	}
	journal, err := harness.ResumeJournal(dir)
	if err != nil {
		return err
	}
	defer journal.Close()
	h := journal.Log.Header
	again := "start it anew: zstdshop " + strings.Join(h.Plan.Args, " ")
	switch end := journal.Log.End; {
	case end != nil && end.Complete:
		return fmt.Errorf("nothing to resume: the last run (%s) is complete; `zstdshop report` shows it", h.Plan.Started.Format(time.DateTime))
	case journal.Log.Layout == nil:
		return fmt.Errorf("nothing to resume: the last run was ended before its first slice; %s", again)
	case h.Build.Binary != harness.CurrentBuild(a.reg).Binary:
		return fmt.Errorf("cannot resume: the program has been rebuilt since, and its forks would not belong with the others; %s", again)
	case h.Machine.Fingerprint != machine.Current().Fingerprint:
		return fmt.Errorf("cannot resume: the run was begun on another machine (%s); %s", h.Machine.Host, again)
	}
	left := time.Duration(h.Plan.Budget - journal.Log.Elapsed)
	if moreBudget {
		left = m.budget.value
	}
	// A run that was killed at the very end still gets to finish its cells.
	left = max(left, minResume)
	return a.measure(ctx, journal, nil, m.timeout, begun.Add(left), out)
}

// minResume is the least time a resumed run has.
const minResume = 3 * time.Second

// reserve is kept of the budget for statistics, tables and files.
const reserve = 300 * time.Millisecond

func (a *app) measure(ctx context.Context, journal *harness.Journal, data map[string]harness.Data, patience time.Duration, deadline time.Time, out output) error {
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the worker program: %w", err)
	}
	bar := newProgress(a.stderr)
	engine := &harness.Engine{
		Registry: a.reg, Journal: journal, Data: data, Now: time.Now, Report: bar.report,
		Launcher: harness.Processes{Argv: []string{exe, workerCommand}, Patience: patience},
	}
	runErr := engine.Run(ctx, deadline.Add(-reserve))
	bar.end()
	if errors.Is(runErr, context.Canceled) {
		return &exitError{exitInterrupted, errors.New(
			"interrupted; finished work is saved: `zstdshop report` shows it, `zstdshop bench --resume` goes on")}
	}
	if runErr != nil {
		return runErr
	}
	if err := journal.DropData(); err != nil {
		fmt.Fprintf(a.stderr, "zstdshop: remove the run's data: %v\n", err)
	}
	result := harness.Derive(&journal.Log)
	if err := out.write(a, result); err != nil {
		return err
	}
	return failedCells(result)
}

// failedCells is exit status 1 where a cell failed, with nothing more to say.
func failedCells(r *harness.Result) error {
	for _, c := range r.Cells {
		if c.Status == harness.StatusFailed {
			return &exitError{status: exitFailed}
		}
	}
	return nil
}
