package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"zstdshop/harness/journal"
	"zstdshop/harness/measure"
)

// resume goes on with the newest run, which must be incomplete and of this very
// program on this machine.
func (a *app) resume(ctx context.Context, flags *pflag.FlagSet, o *options, out *output, begun time.Time) error {
	// What the run was told is settled.
	if fixed := notAmong(flags, "resume", "budget", "timeout", "format", "export", "color", "wide", "ascii"); fixed != "" {
		return fmt.Errorf("--resume goes on with the matrix of the interrupted run: drop %s, or drop --resume to start a new one", fixed)
	}
	state, err := journal.StateDir(a.getenv)
	if err != nil {
		return err
	}
	q, err := measure.Resumed(a.reg, state)
	if err != nil {
		return err
	}
	q.Begun = begun
	if flags.Changed("budget") {
		q.Budget = o.budget
	}
	if flags.Changed("timeout") {
		q.Timeout = o.timeout
	}
	r, err := a.measured(ctx, q, out)
	if err != nil {
		return err
	}
	if q.Limits != nil {
		return gateStatus(r.Checks, true)
	}
	return failedCells(r)
}
