package cli

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zstdshop/harness/analyze"
	"zstdshop/harness/measure"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
)

// comparison is the flags of compare.
type comparison struct {
	*options
	out    output
	failOn list[string]
	dryRun bool
}

func (a *app) compare() *cobra.Command {
	cmd, _ := a.compareCommand()
	return cmd
}

func (a *app) compareCommand() (*cobra.Command, *comparison) {
	c := &comparison{options: newOptions(compareMatrix)}
	cmd := &cobra.Command{
		Use:   "compare OLD NEW",
		Short: "hold two programs, or two saved results, against each other",
		Long: `Holds NEW against OLD, cell by cell: which is faster, by how much, how sure that
is, and how small a difference would have been seen.

Two programs are run side by side, which is the way to learn of times: both do
the same work in turns on this machine, until every verdict is made or the
budget is spent. A program is an executable of zstdshop, or of a main of your own
that calls cli.Main. The flags are those of bench; without any, klauspost and
datadog at level 3 under single and pool compress and decompress JSON logs for
less than a minute. Both programs are copied first, so they may be rebuilt
meanwhile. The cells are this program's: it must know the codecs that are named.

Two result files (bench --export FILE.json; - reads standard input) are matched
by the names of their cells. They are of two runs, and how far one run of a
machine is from the next is not known: their times are always undecided.
Compression ratio and allocations are exact, so these are decided.

Verdicts speak of NEW. On time: faster, slower, equivalent within 2 %, or
undecided; new/old is the time, so above 1 is slower. On ratio and allocations:
better, worse or equivalent, and a table for those is shown where one differs.
Allocations are equivalent where they differ by less than half of one a task.

Exit status: 0 done, whatever the verdicts; 1 with --fail-on slower or worse,
where a cell is, or where one fails in NEW alone; 2 wrong usage, or nothing could
be compared; 3 with --fail-on undecided, where a cell is, or has no verdict; 4 the
results are of different machines, or a program's protocol is too old or new; 130
interrupted, finished work is saved.`,
		Example: `  zstdshop compare old/zstdshop new/zstdshop
  zstdshop compare old/zstdshop new/zstdshop --codec klauspost@1,klauspost@3 --corpus access.log --budget 2m
  zstdshop compare old/zstdshop new/zstdshop --scenario cpuburn --fail-on slower,undecided
  zstdshop compare old.json new.json
  zstdshop compare old.json new.json --format markdown --export comparison.json
  zstdshop bench --format json | zstdshop compare old.json - --fail-on worse`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return fmt.Errorf("compare takes OLD and NEW, got %d: name two result files or two programs (see `zstdshop compare --help`)", len(args))
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) < 2 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			begun := time.Now()
			if err := c.out.check(a.reg); err != nil {
				return err
			}
			programs, err := sidesOf(args)
			if err != nil {
				return err
			}
			if programs == nil {
				return a.compareResults(cmd, c, args)
			}
			return a.comparePrograms(cmd, c, programs, begun)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	c.failOn = list[string]{kind: "verdicts", parse: oneOf("verdict", failures...)}
	f.Var(&c.failOn, "fail-on", "verdicts that end in another exit status: "+strings.Join(failures, ", "))
	suggest(cmd, "fail-on", failures...)
	c.flags(cmd, a.reg)
	f.BoolVar(&c.dryRun, "dry-run", false, "show the cells, measure nothing")
	c.out.flags(cmd)
	for _, flag := range notCompared {
		f.Lookup(flag.name).Hidden = true
	}
	return cmd, c
}

// notCompared are the flags of the matrix that say nothing here, and why.
var notCompared = []struct{ name, why string }{
	{"reference", "each cell of NEW is held against the same cell of OLD"},
	{"precision", "measuring ends when every verdict is made, or with --budget"},
	{"rate", "at a planned rate both sides do as much"},
}

// sidesOf returns the two programs that args name, nil for two results.
func sidesOf(args []string) ([]measure.Program, error) {
	if args[0] == "-" && args[1] == "-" {
		return nil, errors.New("standard input can be one of OLD and NEW, not both: name a file for the other")
	}
	old, err := programOf(args[0])
	if err != nil {
		return nil, err
	}
	new, err := programOf(args[1])
	if err != nil || old == nil && new == nil {
		return nil, err
	}
	if old == nil || new == nil {
		program, saved := args[0], args[1]
		if old == nil {
			program, saved = saved, program
		}
		return nil, fmt.Errorf("%s is a program and %s a result: name two of a kind; `%s bench --export FILE.json` makes a result of a program",
			program, saved, program)
	}
	return []measure.Program{*old, *new}, nil
}

// programOf returns the program that arg names; nil where it is to be read as a
// result.
func programOf(arg string) (*measure.Program, error) {
	if arg == "-" || isResult(arg) {
		return nil, nil
	}
	path, err := filepath.Abs(arg)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", arg, err)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("%s: no such file: name two result files (.json) or two programs", arg)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", arg, reason(err))
	case info.IsDir():
		return nil, fmt.Errorf("%s: it is a folder: name a program or a result file in it", arg)
	case !info.Mode().IsRegular(): // a pipe
		return nil, nil
	}
	program, err := exec.LookPath(path)
	if forbidden, ok := errors.AsType[*measure.NoexecError](measure.NotRunnable(path, err)); ok {
		forbidden.Variable = "" // the user has put it there
		return nil, fmt.Errorf("%s: %w", arg, forbidden)
	}
	if err != nil {
		return nil, nil // not executable
	}
	return &measure.Program{Name: arg, Path: program}, nil
}

// refuse names the flags given that say nothing where two results are compared,
// or in compare at all.
func refuse(flags *pflag.FlagSet, results bool) error {
	for _, flag := range notCompared {
		if flags.Changed(flag.name) {
			return fmt.Errorf("--%s says nothing to compare (%s): drop it", flag.name, flag.why)
		}
	}
	if measuring := notAmong(flags, "fail-on", "format", "export", "color", "wide", "ascii"); results && measuring != "" {
		return fmt.Errorf("%s: nothing is measured where two results are compared: drop it, or name two programs", measuring)
	}
	return nil
}

// compareResults compares two saved results.
func (a *app) compareResults(cmd *cobra.Command, c *comparison, args []string) error {
	if err := refuse(cmd.Flags(), true); err != nil {
		return err
	}
	var sources []analyze.Source
	for _, arg := range args {
		r, err := a.saved(arg)
		if err != nil && arg != "-" && !isResult(arg) {
			err = fmt.Errorf("%w; a program must be executable", err)
		}
		if err != nil {
			return err
		}
		if arg == "-" {
			arg = "standard input"
		}
		sources = append(sources, analyze.Source{Name: arg, Result: r})
	}
	r, err := analyze.Compare(sources[0], sources[1])
	if err != nil {
		return unusable(err)
	}
	r.Plan.Args = a.args
	return a.endCompare(c, r)
}

// comparePrograms runs two programs side by side: the old one first.
func (a *app) comparePrograms(cmd *cobra.Command, c *comparison, programs []measure.Program, begun time.Time) error {
	if err := refuse(cmd.Flags(), false); err != nil {
		return err
	}
	p, err := c.plan(cmd, a).Resolve(cmd.Context(), a.reg)
	if err != nil {
		return err
	}
	if err := plan.NeedSpeed(p.Cells, a.reg); err != nil {
		return err
	}
	q := a.request(p, begun)
	q.Programs = programs
	if c.dryRun {
		if err := q.Check(cmd.Context()); err != nil {
			return unusable(err)
		}
		return a.dryRun(p, func(result.Cell) string { return "" },
			fmt.Sprintf("%s of %s and %s side by side; at most %v, less where all verdicts are made sooner",
				result.Plural(len(p.Cells), "cell"), printable(programs[0].Name), printable(programs[1].Name), p.Budget))
	}
	r, err := a.run(cmd.Context(), q)
	if err != nil {
		return c.out.unfinished(a, r, err)
	}
	return a.endCompare(c, r)
}

// endCompare shows the result and returns the exit status of its verdicts. A cell that
// failed is one without a verdict, which is what judge looks at.
func (a *app) endCompare(c *comparison, r *result.Result) error {
	if err := c.out.write(a, r); err != nil {
		return err
	}
	return judge(r, c.failOn.values)
}
