package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/machine"
	"zstdshop/harness/measure"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
	"zstdshop/reports"
)

// Files that a gate reads where they exist.
const (
	matrixFileName   = "zstdshop.yaml"
	acceptedFileName = "zstdshop.accepted.yaml"
)

// gateFlags is the flags of gate.
type gateFlags struct {
	*options
	base, config, pkg, accept, accepted, junit, summary string
	maxRegression                                       float64 // 0: that of the file, or 3 %
	undecided                                           string
	dryRun, selftest                                    bool
	baseGiven, acceptGiven                              bool // with whatever value
	out                                                 output
}

func (a *app) gate() *cobra.Command {
	cmd, _ := a.gateCommand()
	return cmd
}

func (a *app) gateCommand() (*cobra.Command, *gateFlags) {
	g := &gateFlags{options: newOptions(gateMatrix), undecided: "fail"}
	g.budget = 80 * time.Second
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
			if err := g.check(); err != nil {
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

// check finds what could not be written, before anything is measured.
func (g *gateFlags) check() error {
	if err := g.out.check(); err != nil {
		return err
	}
	for flag, path := range map[string]string{"junit": g.junit, "summary": g.summary} {
		if err := writable(path); err != nil {
			return fmt.Errorf("--%s %q: %w", flag, path, err)
		}
	}
	if g.acceptGiven && strings.TrimSpace(g.accept) == "" {
		return errors.New("--accept takes the reason, for the reviewers of the change: --accept \"level 3 now checks what it wrote\"")
	}
	if g.selftest && (g.acceptGiven || g.baseGiven) {
		return errors.New("--selftest compares this program with itself: drop --base and --accept")
	}
	return nil
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
		fmt.Sprintf("%s against %s; at most %v of measuring, less where all is decided sooner", count(len(p.Cells), "cell"), printable(name), p.Budget))
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

// runGate holds the working tree against its base and returns the exit status.
func (a *app) runGate(ctx context.Context, g *gateFlags, p *plan.Plan) error {
	known, err := readAccepted(g.accepted)
	if err != nil {
		return err
	}
	base, err := a.findBase(ctx, g)
	if err != nil {
		return err
	}
	ofBase, err := acceptedAt(ctx, base.commit, g.accepted)
	if err != nil {
		return err
	}
	told := &journal.Gate{Commit: base.commit, Accepted: known.entries(ofBase)}
	var r *result.Result
	if base.result != nil {
		r, err = a.againstStored(ctx, p, base, told)
	} else {
		r, err = a.againstProgram(ctx, g, p, base, told)
	}
	if err != nil {
		return err
	}
	return a.endGate(g, told, r)
}

// againstStored measures the cells and holds them against a saved result.
func (a *app) againstStored(ctx context.Context, p *plan.Plan, b *base, told *journal.Gate) (*result.Result, error) {
	stored := analyze.Source{Name: b.name, Result: b.result}
	if err := stored.AsBase(p.Cells, p.Digests(), machine.Current()); err != nil {
		return nil, &exitError{exitUnusable, err}
	}
	digest, err := digestOf(b.name)
	if err != nil {
		return nil, err
	}
	told.Stored, told.Limits = &journal.Stored{Path: b.name, Digest: digest}, p.Limits
	p.Seed, p.Seeded = b.result.Plan.Seed, b.result.Plan.Seeded
	q := a.request(p, time.Now()) // of p no more is kept while it runs: corpora are large
	q.Gate = told
	r, err := a.run(ctx, q)
	if err != nil {
		return nil, err
	}
	return heldAgainst(stored, r, told.Limits)
}

// heldAgainst holds a run against a saved result.
func heldAgainst(stored analyze.Source, run *result.Result, limits map[string]result.Limits) (*result.Result, error) {
	r, err := analyze.Compare(stored, analyze.Source{Name: "this run", Result: run})
	if err != nil {
		return nil, &exitError{exitUnusable, err}
	}
	r.Checks = analyze.Checks(r, limits, false)
	return r, nil
}

// againstProgram measures both sides in turns, unless they are the same program.
func (a *app) againstProgram(ctx context.Context, g *gateFlags, p *plan.Plan, b *base, told *journal.Gate) (*result.Result, error) {
	builds, err := a.builds()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(builds, buildFolder+"*")
	if err != nil {
		return nil, fmt.Errorf("make a folder to build in: %w", err)
	}
	defer os.RemoveAll(dir)
	sides, err := a.buildPair(ctx, g.pkg, b, dir)
	if err != nil {
		return nil, err
	}
	if sides.same != "" {
		if r := a.unmeasured(p, b, sides.same); r != nil {
			return r, nil
		}
	}
	q := a.request(p, time.Now())
	q.Programs, q.Limits, q.Gate = sides.programs, p.Limits, told
	return a.run(ctx, q)
}

// unmeasured is the result of a gate whose sides are the same program; nil where a limit
// needs measuring all the same.
func (a *app) unmeasured(p *plan.Plan, b *base, how string) *result.Result {
	cells := slices.DeleteFunc(slices.Clone(p.Cells), func(c result.Cell) bool {
		codec, _, _ := a.reg.Infos(c.Codec, "", "")
		return codec.Unavailable != ""
	})
	checks := analyze.SameProgram(cells, p.Limits)
	if checks == nil {
		return nil
	}
	newer := "the working tree"
	if b.program != nil {
		newer = "this program"
	}
	return &result.Result{
		Schema: result.Schema, Machine: machine.Current(), Build: measure.CurrentBuild(a.reg, nil), Checks: checks,
		Plan:  result.PlanInfo{Args: a.args, Seed: p.Seed, Budget: int64(p.Budget), Delta: p.Delta, Started: time.Now().UTC().Truncate(time.Millisecond), Confidence: 0.95, Method: result.Method, Complete: true},
		Sides: &result.TwoSides{Old: b.describe(), New: newer},
		Cells: []result.CellResult{}, Comparisons: []result.Comparison{},
		Warnings: []result.Warning{{Code: "same_program", Text: "both sides are the same program " + how + ", so nothing was measured"}},
	}
}

// endGate applies what is accepted, writes what was asked for, and returns the exit
// status.
func (a *app) endGate(g *gateFlags, told *journal.Gate, r *result.Result) error {
	r.Plan.Args = a.args
	if len(r.Checks) == 0 {
		return errors.New("nothing could be checked: no cell can run on both sides, or all limits are off")
	}
	analyze.Accept(r.Checks, told.Accepted)
	r.Warnings = append(r.Warnings, analyze.AboutAccepted(r.Checks, told.Accepted)...)
	var err error
	if g.accept != "" {
		err = acceptInto(g.accepted, r.Checks, g.accept, told.Commit)
	}
	if err := errors.Join(err, a.writeGate(g, r)); err != nil {
		return err
	}
	return gateStatus(r.Checks, g.undecided == "fail")
}

// gateStatus is the exit status of checks.
func gateStatus(checks []result.Check, undecidedFails bool) error {
	switch n := outcomes(checks); {
	case n[result.OutcomeRegression]+n[result.OutcomeFailed] > 0:
		return &exitError{status: exitFailed}
	case n[result.OutcomeUndecided] > 0 && undecidedFails:
		return &exitError{status: exitUndecided}
	}
	return nil
}

// outcomes counts checks by what came out.
func outcomes(checks []result.Check) map[string]int {
	n := map[string]int{}
	for _, c := range checks {
		n[c.Outcome]++
	}
	return n
}

// writeGate writes the files that were asked for, tells GitHub where it runs
// there, and shows the result.
func (a *app) writeGate(g *gateFlags, r *result.Result) error {
	var errs []error
	put := func(path string, make func() ([]byte, error)) {
		if path == "" {
			return
		}
		text, err := make()
		if err == nil {
			err = replace(path, text)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("write %s: %w", path, err))
		}
	}
	put(g.junit, func() ([]byte, error) { return reports.JUnit(r, g.undecided == "fail") })
	put(g.summary, func() ([]byte, error) { return reports.Summary(r) })
	if a.getenv("GITHUB_ACTIONS") == "true" {
		errs = append(errs, a.tellGitHub(r))
	}
	return errors.Join(append(errs, g.out.write(a, r))...)
}

// tellGitHub writes annotations, the step's summary and its outputs.
func (a *app) tellGitHub(r *result.Result) error {
	a.stderr.Write(reports.Annotations(r))
	summary, err := reports.Summary(r)
	if err != nil {
		return err
	}
	n, outcome := outcomes(r.Checks), result.OutcomePass
	switch {
	case n[result.OutcomeRegression]+n[result.OutcomeFailed] > 0:
		outcome = result.OutcomeRegression
	case n[result.OutcomeUndecided] > 0:
		outcome = result.OutcomeUndecided
	}
	outputs := fmt.Sprintf("outcome=%s\nregressions=%d\nundecided=%d\nfailed=%d\n",
		outcome, n[result.OutcomeRegression], n[result.OutcomeUndecided], n[result.OutcomeFailed])
	return errors.Join(
		appendTo(a.getenv("GITHUB_STEP_SUMMARY"), summary),
		appendTo(a.getenv("GITHUB_OUTPUT"), []byte(outputs)),
	)
}

// appendTo adds text to a file; nothing where there is no path.
func appendTo(path string, text []byte) error {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("tell GitHub: %w", err)
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}
