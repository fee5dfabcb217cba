package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"zstdshop/harness"
)

// reserve is kept of the budget for statistics, tables and files.
const reserve = 300 * time.Millisecond

// run measures the cells of journal until deadline. patience is the silence after
// which a worker is taken for hung.
func (a *app) run(ctx context.Context, journal *harness.Journal, data map[string]harness.Data, patience time.Duration, deadline time.Time) (*harness.Result, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the worker program: %w", err)
	}
	bar := a.newProgress()
	report, stopWatching := bar.report, func() {}
	if a.live && bar.columns != nil {
		report, stopWatching = nil, bar.watchCores()
	}
	engine := &harness.Engine{
		Registry: a.reg, Journal: journal, Data: data, Now: time.Now, Report: report,
		Launcher: harness.Processes{Argv: []string{exe, workerCommand}, Patience: patience},
	}
	err = engine.Run(ctx, deadline.Add(-reserve))
	stopWatching()
	bar.end()
	if errors.Is(err, context.Canceled) {
		return nil, interrupted(journal)
	}
	if err != nil {
		return nil, err
	}
	if end := journal.Log.End; end != nil && end.Complete {
		if err := journal.DropData(); err != nil {
			fmt.Fprintf(a.stderr, "zstdshop: remove the run's data: %s\n", oneLine(err))
		}
	}
	return harness.Derive(&journal.Log), nil
}

func interrupted(journal *harness.Journal) error {
	if journal.Log.Layout == nil {
		return &exitError{exitInterrupted, errors.New("interrupted before the first slice: nothing was measured, nothing is saved")}
	}
	return &exitError{exitInterrupted, errors.New(
		"interrupted; finished work is saved: `zstdshop report` shows it, `zstdshop bench --resume` goes on")}
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
