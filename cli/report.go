package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"zstdshop/harness"
	"zstdshop/reports"
)

func (a *app) report() *cobra.Command {
	var out output
	cmd := &cobra.Command{
		Use:   "report [FILE]",
		Short: "show a saved result again, in any format",
		Long: `Shows a result file written by bench --export FILE.json or --format json; - reads
standard input. Without FILE it shows the last run, also one that was
interrupted or is still going on.

Exit status: 0 done; 1 a cell of it had failed; 2 wrong usage, no such file or a
damaged one.`,
		Example: `  zstdshop report
  zstdshop report result.json --format markdown
  zstdshop report --export report.md --export report.csv`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := out.check(); err != nil {
				return err
			}
			result, err := a.saved(args)
			if err != nil {
				return err
			}
			if err := out.write(a, result); err != nil {
				return err
			}
			return failedCells(result)
		},
	}
	out.flags(cmd)
	return cmd
}

// saved reads the result that args name, or the last run's.
func (a *app) saved(args []string) (*harness.Result, error) {
	switch {
	case len(args) == 0:
		return a.lastRun()
	case args[0] == "-":
		r, err := reports.Read(a.stdin)
		if err != nil {
			return nil, fmt.Errorf("read result from stdin: %w", err)
		}
		return r, nil
	}
	f, err := os.Open(args[0])
	if err != nil {
		return nil, fmt.Errorf("read result: %w", err)
	}
	defer f.Close()
	r, err := reports.Read(f)
	if err != nil {
		return nil, fmt.Errorf("read result %s: %w", args[0], err)
	}
	return r, nil
}

func (a *app) lastRun() (*harness.Result, error) {
	state, err := harness.StateDir(a.getenv)
	if err != nil {
		return nil, err
	}
	dir, err := harness.LastRun(state)
	if errors.Is(err, harness.ErrNoRun) {
		return nil, fmt.Errorf("%w, or name a result file", err)
	}
	if err != nil {
		return nil, err
	}
	log, err := harness.ReadJournal(dir)
	if err != nil {
		return nil, err
	}
	return harness.Derive(log), nil
}
