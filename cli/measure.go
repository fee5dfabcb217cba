package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/measure"
	"zstdshop/harness/result"
)

// reserve is kept of the budget for statistics, tables and files.
const reserve = 300 * time.Millisecond

// run measures the cells of journal until deadline. timeout is the silence after
// which a worker is taken for hung.
func (a *app) run(ctx context.Context, record *journal.Journal, data map[string]measure.Data, timeout time.Duration, deadline time.Time) (*result.Result, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the worker program: %w", err)
	}
	bar := a.newProgress()
	report, stopWatching := bar.report, func() {}
	if a.live && bar.columns != nil {
		report, stopWatching = nil, bar.watchCores()
	}
	engine := &measure.Engine{
		Registry: a.reg, Journal: record, Data: data, Now: time.Now, Report: report,
		Launcher: measure.Processes{Argv: []string{exe, workerCommand}, Timeout: timeout},
	}
	err = engine.Run(ctx, deadline.Add(-reserve))
	stopWatching()
	bar.end()
	if errors.Is(err, context.Canceled) {
		return nil, interrupted(record)
	}
	if err != nil {
		return nil, err
	}
	if end := record.Log.End; end != nil && end.Complete {
		if err := record.DropData(); err != nil {
			fmt.Fprintf(a.stderr, "zstdshop: remove the run's data: %s\n", oneLine(err))
		}
	}
	return analyze.Derive(&record.Log, a.reg), nil
}

func interrupted(record *journal.Journal) error {
	if record.Log.Schedule == nil {
		return &exitError{exitInterrupted, errors.New("interrupted before the first slice: nothing was measured, nothing is saved")}
	}
	return &exitError{exitInterrupted, errors.New(
		"interrupted; finished work is saved: `zstdshop report` shows it, `zstdshop bench --resume` goes on")}
}

// failedCells is exit status 1 where a cell failed, with nothing more to say.
func failedCells(r *result.Result) error {
	for _, c := range r.Cells {
		if c.Status == result.StatusFailed {
			return &exitError{status: exitFailed}
		}
	}
	return nil
}
