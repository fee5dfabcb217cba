package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/measure"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
)

// reserve is kept of the budget for statistics, tables and files.
const reserve = 300 * time.Millisecond

// request makes what a run is told of a plan.
func (a *app) request(p *plan.Plan, begun time.Time) measure.Request {
	q := measure.Request{
		Registry: a.reg, Cells: p.Cells, Corpora: p.Corpora, Dicts: p.Dicts, Budget: p.Budget, Precision: p.Precision, Delta: p.Delta,
		Seed: p.Seed, Seeded: p.Seeded, Cache: cacheDir(), Reference: p.Reference, Warnings: p.Warnings, Args: a.args, Begun: begun, Timeout: p.Timeout,
	}
	// A system that does not tell leaves it out: paths are taken as they are.
	q.Folder, _ = os.Getwd()
	for _, w := range p.Workers {
		q.Languages = append(q.Languages, journal.Arm{Name: w.Name, Argv: w.Argv})
	}
	return q
}

// cacheDir is the folder for what whole corpora come to; "" where there is none, and
// then it is computed anew in every run.
func cacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "zstdshop", "whole")
}

// calmDir is the folder, of those of a user's state, where runs tell each other how fast
// the machine is when it is calm.
func calmDir(state string) string { return filepath.Join(state, "calm") }

// run measures q, shows how far it is, and returns its result, of a run that was
// interrupted with the error that says so. Where q does not say otherwise it is kept in
// the user's folder of runs.
func (a *app) run(ctx context.Context, q measure.Request) (*result.Result, error) {
	if q.State == "" {
		var err error
		if q.State, err = journal.StateDir(a.getenv); err != nil {
			return nil, err
		}
	}
	q.Calm = calmDir(q.State)
	bar := a.newProgress()
	stopWatching := func() {}
	if q.Progress = bar.report; a.live && bar.columns != nil {
		q.Progress, stopWatching = nil, bar.watchCores()
	}
	q.Reserve = reserve
	log, err := measure.Run(ctx, q)
	stopWatching()
	bar.end()
	switch {
	case errors.Is(err, context.Canceled) && log != nil:
		if log.Schedule == nil {
			return nil, &exitError{exitInterrupted, errors.New("interrupted before the first slice: nothing was measured, nothing is saved")}
		}
		return analyze.Derive(log, a.reg), &exitError{exitInterrupted,
			errors.New("interrupted; finished work is saved: `zstdshop report` shows it, `zstdshop bench --resume` goes on")}
	case err != nil:
		return nil, unusable(err)
	}
	return analyze.Derive(log, a.reg), nil
}

// failedCells is exit status 1 where a cell failed, or where time ran out before any was
// measured: a script would take the result for one. There is nothing more to say.
func failedCells(r *result.Result) error {
	measured, unmeasured := false, false
	for _, c := range r.Cells {
		switch c.Status {
		case result.StatusFailed:
			return &exitError{status: exitFailed}
		case result.StatusUnmeasured:
			unmeasured = true
		case result.StatusOK:
			measured = true
		}
	}
	if unmeasured && !measured {
		return &exitError{status: exitFailed}
	}
	return nil
}

// dryRun prints what would be measured: a line for each cell with what mark says
// of it, then the sum.
func (a *app) dryRun(p *plan.Plan, mark func(result.Cell) string, sum string) error {
	var b bytes.Buffer
	for _, c := range p.Cells {
		fmt.Fprintf(&b, "%s%s\n", printable(c.Name()), mark(c))
	}
	fmt.Fprintln(&b, sum)
	for _, w := range p.Warnings {
		fmt.Fprintf(&b, "note: %s\n", w.Text)
	}
	_, err := a.stdout.Write(b.Bytes())
	return err
}
