package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
	"zstdshop/reports"
)

func (a *app) report() *cobra.Command {
	var out output
	var reference string
	cmd := &cobra.Command{
		Use:   "report [FILE ...]",
		Short: "show saved results again, in any format and view",
		Long: `Shows a result file written by bench --export FILE.json (or FILE.json.zst, which is
compressed) or --format json, or the folder of a saved run (below ~/.local/state/zstdshop/runs);
- reads standard input. Without FILE it shows the last run, also one that was interrupted or is still
going on.

Several FILEs are put together: the shards of a matrix (bench --shard), of which it
says what is missing, other parts of one that were measured apart, or the same matrix
of several machines, where the host becomes a key (--col host).
Nothing is compared across them; to hold two against each other: zstdshop compare A B.

Figures are derived again from the raw samples where this program measures by the
same method as the one that wrote FILE, and are shown as they were recorded where
not; JSON is always written as it was read. --reference relates them to another
cell than the run was told, in every format, which takes figures that can be
derived again. --question says how many times as fast one cell is as another.

--filter leaves cells out, --columns and --sort choose and order, and --row and
--col make a pivot, in every format that is drawn: table, markdown, html.

Exit status: 0 done; 1 a cell of it had failed, or a shard is missing; 2 wrong usage, no such file or a
damaged one.`,
		Example: `  zstdshop report
  zstdshop report result.json --format markdown
  zstdshop report --export report.md --export report.csv
  zstdshop report result.json --filter codec:klauspost --sort -MB/s
  zstdshop report result.json --row codec,level --col runner --columns MB/s,cores
  zstdshop report result.json --recommend balanced
  zstdshop report result.json --reference single
  zstdshop bench --format json | zstdshop report - --wide`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: cobra.FixedCompletions([]string{"json", "zst"}, cobra.ShellCompDirectiveFilterFileExt),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := out.check(a.reg); err != nil {
				return err
			}
			// Results have tens of megabytes, and there is time to keep memory small.
			defer debug.SetGCPercent(debug.SetGCPercent(25))
			result, err := a.merged(args)
			if err != nil {
				return err
			}
			if reference != "" {
				if result, err = a.relatedTo(result, reference); err != nil {
					return fmt.Errorf("--reference %w", err)
				}
			} else if !out.writesJSON() { // what is saved as JSON again stays as it was
				if result, err = analyze.Rederive(result, a.reg); err != nil {
					fmt.Fprintf(a.stderr, "zstdshop: %s\n", strings.ReplaceAll(err.Error(), "\n", ": "))
				}
			}
			if err := out.write(a, result); err != nil {
				return err
			}
			return cmp.Or(lacking(result, reports.Missing(result)), failedCells(result))
		},
	}
	cmd.Flags().SortFlags = false
	out.flags(cmd)
	out.viewFlags(cmd)
	out.filterFlag(cmd)
	cmd.Flags().StringVar(&reference, "reference", "", "`cell` that the others are compared with: its name, or keys of it that no other has")
	suggest(cmd, "reference")
	return cmd
}

// relatedTo is a saved result derived again with another reference.
func (a *app) relatedTo(r *result.Result, text string) (*result.Result, error) {
	if r.Sides != nil {
		return nil, fmt.Errorf("%q: the result holds two sides against each other: name a result of bench", text)
	}
	var cells []result.Cell
	for _, c := range r.Cells {
		cells = append(cells, c.Cell)
	}
	if len(cells) == 0 {
		return nil, fmt.Errorf("%q: the result has no cells", text)
	}
	name, err := plan.Referenced(text, cells)
	if err != nil {
		return nil, err
	}
	again, err := analyze.RederiveAgainst(r, name, a.reg)
	if err != nil {
		return nil, fmt.Errorf("%q: %s, so nothing can be related anew: measure again with bench --reference", text, strings.ReplaceAll(err.Error(), "\n", ": "))
	}
	return again, nil
}

// merged reads the results that args name, as one.
func (a *app) merged(args []string) (*result.Result, error) {
	switch len(args) {
	case 0:
		return a.lastRun()
	case 1:
		return a.saved(args[0])
	}
	var all []*result.Result
	for _, arg := range args {
		r, err := a.saved(arg)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return analyze.Merge(all, args)
}

// saved reads a result from a file, or from standard input where it is called "-".
func (a *app) saved(name string) (r *result.Result, err error) {
	if name != "-" {
		r, err = a.readFile(name)
	} else {
		if isTerminal(a.stdin) {
			fmt.Fprintln(a.stderr, "zstdshop: reading a result from the terminal until its end (Ctrl-D)")
		}
		name = "standard input"
		r, err = a.read(a.stdin)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

func (a *app) readFile(path string) (*result.Result, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, errors.New("no such file: `zstdshop bench --export FILE.json` writes one, `zstdshop report` alone shows the last run")
	}
	if err != nil {
		return nil, fmt.Errorf("read result: %w", reason(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		r, err := a.readRun(path)
		if errors.Is(err, os.ErrNotExist) {
			err = errors.New("it is a folder, and not that of a saved run: name a result file in it")
		}
		return r, err
	}
	if filepath.Base(path) == journal.FileName {
		return a.readRun(filepath.Dir(path))
	}
	return a.read(f)
}

// readRun reads what a run has measured, from its folder.
func (a *app) readRun(dir string) (*result.Result, error) {
	log, err := journal.ReadJournal(dir)
	if err != nil {
		return nil, err
	}
	return analyze.Derive(log, a.reg), nil
}

func (a *app) read(in io.Reader) (*result.Result, error) {
	text, done, err := a.unpacked(in)
	if err != nil {
		return nil, err
	}
	defer done()
	r, err := result.Read(text, a.reg)
	if err != nil {
		return nil, fmt.Errorf("%w; `zstdshop bench --export FILE.json` writes one that can be read", err)
	}
	return r, nil
}

func (a *app) lastRun() (*result.Result, error) {
	state, err := journal.StateDir(a.getenv)
	if err != nil {
		return nil, err
	}
	dir, err := journal.LastRun(state)
	if errors.Is(err, journal.ErrNoRun) {
		err = fmt.Errorf("%w, or name a result file", err)
	}
	if err != nil {
		return nil, err
	}
	return a.readRun(dir)
}
