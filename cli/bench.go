package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness/journal"
	"zstdshop/harness/machine"
	"zstdshop/harness/measure"
	"zstdshop/harness/result"
)

func (a *app) bench() *cobra.Command {
	m, err := newMatrix(a.reg)
	var out output
	var dryRun, resume bool
	var file, preset string
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "measure a matrix of scenarios, codecs, levels, runners and corpora",
		Long: `Measures every cell of the matrix that the flags span and prints a table.

Without flags: klauspost and datadog at levels 1 and 3 under single, pool and
gomaxprocs1, compressing and decompressing 1 MiB of JSON logs in 64 KiB blocks,
with memcpy as the ceiling, within a minute.

A flag with several values between commas makes an axis of the matrix. A value
that has a comma itself goes in double quotes: --corpus '"a,b.log",c.log'.

Results go to standard output, all else to standard error. The run is saved as
it goes: after an interrupt, report shows what was finished and bench --resume
measures the rest.

Exit status: 0 done; 1 a cell failed; 2 wrong usage or the tool itself failed;
130 interrupted, finished work is saved.`,
		Example: `  zstdshop bench
  zstdshop bench --corpus access.log,./dumps --codec klauspost@1,klauspost@3,datadog@3 --block 16KiB
  zstdshop bench --scenario compress --runner single,pool --workers 1,2,4 --budget 2m --export report.md
  tar c src | zstdshop bench --corpus - --format json > result.json
  zstdshop bench --scenario cpuburn --runner single,pool,gomaxprocs1 --workers 4
  zstdshop bench --scenario shop --endpoint compress,v1-compress --runner pool --workers 2,8 --block 16KiB
  zstdshop bench --scenario shop --endpoint v1-compress --rate 500,1000 --runner pool --workers 16
  zstdshop bench --codec klauspost --env GOGC=50,100,400 --gomaxprocs 1,2 --runner pool
  zstdshop bench --scenario cpuburn --runner single,pool --workers 2 --worker python=python3
  zstdshop bench --preset gil
  zstdshop bench --preset threads --workers 4
  zstdshop bench --dry-run --level 1,3,9,19
  zstdshop bench --resume --budget 1m`,
		Args: noArguments("data is named by a flag, as in --corpus access.log"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			begun := time.Now()
			if err != nil {
				return err
			}
			if err := out.check(); err != nil {
				return err
			}
			if resume {
				return a.resume(cmd, m, out, begun)
			}
			if err := m.applyPreset(preset, a.reg, cmd.Flags().Changed("budget")); err != nil {
				return fmt.Errorf("--preset: %w", err)
			}
			a.live = isLive(preset)
			what, err := a.benchMatrix(cmd, m, file, preset != "")
			if err != nil {
				return err
			}
			if dryRun {
				return a.dryRun(what)
			}
			return a.runBench(cmd.Context(), what, m.timeout.value, out, begun)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	m.flags(f)
	out.whole = true
	out.flags(cmd)
	out.viewFlags(cmd)
	f.StringVar(&preset, "preset", "", "a matrix with a `NAME`: "+presetHelp())
	cmd.RegisterFlagCompletionFunc("preset", cobra.FixedCompletions(presetNames(), cobra.ShellCompDirectiveNoFileComp))
	f.StringVar(&file, "matrix", "", "`FILE` of cells in the place of the flags that name them (docs/gate.md)")
	f.BoolVar(&dryRun, "dry-run", false, "show the cells and the expected time, measure nothing")
	f.BoolVar(&resume, "resume", false, "go on with the last run, which was interrupted")
	m.complete(cmd, a.reg)
	return cmd
}

// benchMatrix returns the cells of the flags, or of the file.
func (a *app) benchMatrix(cmd *cobra.Command, m *matrix, file string, named bool) (*asked, error) {
	if file == "" {
		what, err := m.resolve(cmd, a)
		if err == nil && named { // the ceiling is of the flagless matrix
			what.cells = slices.DeleteFunc(what.cells, func(c result.Cell) bool { return slices.Contains(what.plan.Extra, c) })
		}
		return what, err
	}
	if named {
		return nil, errors.New("--matrix and --preset both name the cells: drop one of them")
	}
	if given(cmd.Flags(), axes...) {
		return nil, errors.New("--matrix names the cells: drop the flags that name others")
	}
	g, err := a.resolveFile(cmd.Context(), file, 0)
	if err != nil {
		return nil, err
	}
	p := &g.what.plan
	p.Budget, p.Precision, p.Delta = m.budget.value, m.precision.value, m.delta.value
	if g.budget > 0 && !cmd.Flags().Changed("budget") {
		p.Budget = g.budget
	}
	if cmd.Flags().Changed("seed") {
		p.Seed = m.seed.value
	}
	p.Reference, err = reference(m.reference, g.what.cells)
	return g.what, err
}

// dryRun prints what would be measured.
func (a *app) dryRun(what *asked) error {
	var b bytes.Buffer
	groups := map[string]bool{}
	for _, c := range what.cells {
		groups[c.Group()] = true
		b.WriteString(printable(c.Name()))
		if c.Codec != "" {
			codec, err := a.reg.Codec(c.Codec)
			if err != nil {
				return err
			}
			if why := codec.Info().Unavailable; why != "" {
				b.WriteString("  (unavailable: " + why + ")")
			}
		}
		b.WriteByte('\n')
	}
	p := what.plan
	fmt.Fprintf(&b, "%s in %s that are compared; at most %v, about %v a cell; less where +-%.3g %% is reached sooner\n",
		count(len(what.cells), "cell"), count(len(groups), "group"), p.Budget,
		(p.Budget / time.Duration(len(what.cells))).Round(10*time.Millisecond), 100*p.Precision)
	for _, w := range what.warnings {
		fmt.Fprintf(&b, "note: %s\n", w.Text)
	}
	_, err := a.stdout.Write(b.Bytes())
	return err
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// runBench measures a new run and shows it.
func (a *app) runBench(ctx context.Context, what *asked, timeout time.Duration, out output, begun time.Time) error {
	if err := out.canRecommend(what.cells); err != nil {
		return err
	}
	r, err := a.runMatrix(ctx, what, timeout, begun)
	if err != nil {
		return err
	}
	if err := out.write(a, r); err != nil {
		return err
	}
	return failedCells(r)
}

// runMatrix measures a new run.
func (a *app) runMatrix(ctx context.Context, what *asked, timeout time.Duration, begun time.Time) (r *result.Result, err error) {
	state, err := journal.StateDir(a.getenv)
	if err != nil {
		return nil, err
	}
	record, err := journal.CreateJournal(state, begun)
	if err != nil {
		return nil, err
	}
	defer func() {
		record.Close()
		// A run that measured nothing must not hide the one before it.
		if record.Log.Schedule == nil {
			err = errors.Join(err, os.RemoveAll(record.Dir))
		}
	}()
	p := what.plan
	data, infos, err := spool(ctx, what.corpora, p.Blocks, record.Dir)
	if err != nil {
		return nil, err
	}
	what.corpora = nil // the workers read the files; the memory is theirs
	header := journal.Header{
		Machine: machine.Current(), Build: measure.CurrentBuild(a.reg), Cells: what.cells, Corpora: infos,
		Delta: p.Delta, Arms: what.arms,
		Plan: result.PlanInfo{
			Args: a.args, Seed: p.Seed, Method: result.Method, Budget: int64(p.Budget), Precision: p.Precision, Confidence: 0.95,
			Reference: p.Reference, Started: begun.UTC().Truncate(time.Millisecond),
		},
		Warnings: what.warnings,
	}
	if err := record.Append(journal.Record{Header: &header}); err != nil {
		return nil, err
	}
	return a.run(ctx, record, data, timeout, begun.Add(p.Budget))
}
