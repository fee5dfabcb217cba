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
  zstdshop report --export report.md --export report.csv
  zstdshop bench --format json | zstdshop report - --wide`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("report takes one FILE, got %d: show them one at a time", len(args))
			}
			return nil
		},
		ValidArgsFunction: cobra.FixedCompletions([]string{"json"}, cobra.ShellCompDirectiveFilterFileExt),
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
	cmd.Flags().SortFlags = false
	out.flags(cmd)
	return cmd
}

// saved reads the result that args name, or the last run's.
func (a *app) saved(args []string) (*harness.Result, error) {
	switch {
	case len(args) == 0:
		return a.lastRun()
	case args[0] == "-":
		if isTerminal(a.stdin) {
			fmt.Fprintln(a.stderr, "zstdshop: reading a result from the terminal until its end (Ctrl-D)")
		}
		r, err := reports.Read(a.stdin)
		if err != nil {
			return nil, fmt.Errorf("standard input: %w%s", err, readable)
		}
		return r, nil
	}
	r, err := readFile(args[0])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", args[0], err)
	}
	return r, nil
}

func readFile(path string) (*harness.Result, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, errors.New("no such file: `zstdshop bench --export FILE.json` writes one, `zstdshop report` alone shows the last run")
	}
	if err != nil {
		return nil, fmt.Errorf("read result: %w", reason(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, errors.New("it is a folder: name a result file in it")
	}
	r, err := reports.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%w%s", err, readable)
	}
	return r, nil
}

// readable is the remedy where a file is no result.
const readable = "; `zstdshop bench --export FILE.json` writes one that can be read"

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
