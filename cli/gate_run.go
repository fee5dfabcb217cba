package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/machine"
	"zstdshop/harness/measure"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
)

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
