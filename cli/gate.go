package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness/plan"
	"zstdshop/harness/result"
)

func (a *app) gate() *cobra.Command {
	cmd, _ := a.gateCommand()
	return cmd
}

func (a *app) gateCommand() (*cobra.Command, *gateFlags) {
	g := &gateFlags{options: newOptions(gateMatrix), undecided: "fail"}
	g.budget = 3 * time.Minute
	cmd := &cobra.Command{
		Use:   "gate",
		Short: "fail where the working tree is slower than a base",
		Long: `Holds this working tree against a base, cell by cell and side by side: both
programs do the same work in turns on this machine until it is clear for every
cell on which side of its limit it is, or the budget is spent. A cell is a
regression where its whole interval is beyond the limit, and passes where none of
it is; else it is undecided. A verdict errs with at most 1 %.

The base (--base) is a git commit, which is built as the working tree is; a program
that is there already; or a saved result (FILE.json). Without --base it is what CI
says, else where this branch left the default one; on the default branch HEAD, or
the commit before where nothing is changed. Where that cannot be known the gate
says what to run. A saved result is of another run: compression ratio and
allocations are decided, times are not. Sides that are the same program, in bytes
or but for comments and white space, pass at once.

The cells are those of zstdshop.yaml where that exists, else klauspost and datadog
at level 3, compressing and decompressing logs in one goroutine. Gated are the
time per task (--max-regression), compression ratio and allocations (no worse at
all), and what the file names: peak RSS, p99, a floor of cores kept busy.

In GitHub Actions the verdict goes into the step's summary, up to ten annotations
and the outputs outcome, regressions, undecided and failed.

Exit status: 0 pass; 1 a regression, or a cell failed in the new side alone; 2
wrong usage or the tool itself failed; 3 undecided (--undecided pass makes it 0);
4 the base is missing, damaged, of another machine or an unknown protocol; 130
interrupted. The first of 2, 4, 1, 3 that holds. --selftest: 0 all was right, 1
something was said wrong, 3 nothing was, but something stayed undecided.`,
		Example: `  zstdshop gate
  zstdshop gate --base origin/main --max-regression 5%
  zstdshop gate --base ./zstdshop-1.2 --export gate.md --junit gate.xml
  zstdshop gate --base baseline.json --undecided pass
  zstdshop gate --accept "level 3 now checks what it wrote"
  zstdshop gate --dry-run
  zstdshop gate --selftest`,
		Args: noArguments("the base is named by a flag, as in --base origin/main"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			begun := time.Now()
			g.baseGiven, g.acceptGiven = cmd.Flags().Changed("base"), cmd.Flags().Changed("accept")
			if err := g.check(a.reg); err != nil {
				return err
			}
			p, err := a.gatePlan(cmd, g)
			if err != nil {
				return err
			}
			switch {
			case g.dryRun:
				return a.dryGate(cmd.Context(), g, p)
			case g.selftest:
				return a.selftest(cmd.Context(), p, begun)
			}
			return a.runGate(cmd.Context(), g, p)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&g.base, "base", "", "git `commit`, program or saved result to hold the working tree against")
	f.Var(share(&g.maxRegression, "3%"), "max-regression", "how much slower a cell may be")
	choice(cmd, &g.undecided, "undecided", "choice", "fail|pass", "what becomes of cells that are undecided", "fail", "pass")
	f.StringVar(&g.config, "config", "", "`FILE` of cells and limits (default zstdshop.yaml where it exists)")
	f.StringVar(&g.pkg, "package", ".", "`DIR` of the main package to build, with a commit as base")
	f.StringVar(&g.accept, "accept", "", "write the regressions that are found into the accepted file, for this `REASON`, and pass")
	f.StringVar(&g.accepted, "accepted", acceptedFileName, "`FILE` of regressions that are known and wanted")
	f.BoolVar(&g.selftest, "selftest", false, "check the gate itself: it must go red for planted slowdowns, and for nothing else")
	f.BoolVar(&g.dryRun, "dry-run", false, "show the cells, their limits and the expected time, measure nothing")
	f.Var(span(&g.budget), "budget", "wall time of measuring, building not included")
	g.runFlags(cmd)
	f.StringVar(&g.junit, "junit", "", "also write `FILE` as JUnit XML")
	f.StringVar(&g.summary, "summary", "", "also write `FILE` as markdown for a pull request")
	g.out.flags(cmd)
	cmd.MarkFlagFilename("config", "yaml", "yml")
	return cmd, g
}

// gatePlan returns the cells and limits of the file, or the built-in ones.
func (a *app) gatePlan(cmd *cobra.Command, g *gateFlags) (*plan.Plan, error) {
	o := g.plan(cmd, a)
	o.MaxRegression, o.File, o.FileFlag = g.maxRegression, g.config, "config"
	if _, err := os.Stat(matrixFileName); err == nil && o.File == "" {
		o.File, o.FileFlag = matrixFileName, ""
	}
	p, err := o.Resolve(cmd.Context(), a.reg)
	if err != nil {
		return nil, err
	}
	return p, plan.NeedSpeed(p.Cells, a.reg)
}

// dryGate prints what would be compared with what.
func (a *app) dryGate(ctx context.Context, g *gateFlags, p *plan.Plan) error {
	name := "itself, with slowdowns planted"
	if !g.selftest {
		base, err := a.findBase(ctx, g)
		if err != nil {
			return err
		}
		name = base.describe()
	}
	return a.dryRun(p, func(c result.Cell) string { return "  " + limitsText(p.Limits[c.Name()]) },
		fmt.Sprintf("%s against %s; at most %v of measuring, less where all is decided sooner", result.Plural(len(p.Cells), "cell"), printable(name), p.Budget))
}

// limitsText is limits on part of a line.
func limitsText(l result.Limits) string {
	var parts []string
	for _, m := range result.Compared() {
		switch limit, gated := l[m.Key]; {
		case !gated:
		case m.IsShare():
			parts = append(parts, fmt.Sprintf("%s %.3g%%", m.Key, 100*limit))
		default:
			parts = append(parts, fmt.Sprintf("%s %.3g", m.Key, limit))
		}
	}
	return strings.Join(parts, ", ")
}
