package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/history"
	"zstdshop/internal/plaintext"
	"zstdshop/internal/repo"
	"zstdshop/stats"
)

// historyFlags is what the commands under history share.
type historyFlags struct {
	db     string
	filter history.Filter
}

func (a *app) history() *cobra.Command {
	h := &historyFlags{}
	cmd := &cobra.Command{
		Use:   "history",
		Short: "keep runs, and see what became of each cell over commits",
		Long: `Keeps the figures of runs with their commit, branch, machine and versions, in a
SQLite file beside the saved runs or in a PostgreSQL database, and finds where the
level of a cell changed. Runs of different machines are never in one series.

Exit status: 0 done; 1 some of the data was damaged and left out, the rest is done;
2 wrong usage or the history cannot be used.`,
		Example: `  zstdshop history add result.json
  zstdshop history show --cell codec=klauspost --metric ns_per_op
  zstdshop history show --export history.html
  zstdshop history export > runs.jsonl
  zstdshop history import runs.jsonl --db postgres://user@localhost/bench
  zstdshop history prune --older 365d --keep 100`,
		Args: knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.PersistentFlags().StringVar(&h.db, "db", "", "`LOCATION` of the history: a file, a postgres:// URL, or keywords as in 'host=db dbname=bench' (default $ZSTDSHOP_HISTORY, else history.db beside the saved runs)")
	cmd.AddCommand(a.historyAdd(h), a.historyShow(h), a.historyExport(h), a.historyImport(h), a.historyPrune(h))
	return cmd
}

// work is what a command does with a history.
type work func(context.Context, *history.Store, []string) error

// works returns what runs a command that adds to the history or takes from it: it is
// open meanwhile.
func (h *historyFlags) works(a *app, work work) func(*cobra.Command, []string) error {
	return h.opened(a, history.Open, work)
}

// reads returns what runs a command that only reads the history.
func (h *historyFlags) reads(a *app, work work) func(*cobra.Command, []string) error {
	return h.opened(a, history.OpenToRead, work)
}

func (h *historyFlags) opened(a *app, open func(context.Context, string) (*history.Store, error), work work) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		location, from := h.db, "--db"
		if location == "" {
			location, from = a.getenv("ZSTDSHOP_HISTORY"), "$ZSTDSHOP_HISTORY"
		}
		if location == "" {
			state, err := journal.StateDir(a.getenv)
			if err != nil {
				return err
			}
			location, from = history.DefaultPath(state), "the default history (--db names another)"
		}
		s, err := open(cmd.Context(), location)
		if errors.Is(err, history.ErrNone) {
			return fmt.Errorf("no run fits: `zstdshop history add` keeps the last one; %w", err)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", from, err)
		}
		if s.Note != "" {
			fmt.Fprintf(a.stderr, "zstdshop: %s\n", printable(s.Note))
		}
		return errors.Join(work(cmd.Context(), s, args), s.Close())
	}
}

// runFlags adds the flags that choose runs.
func (h *historyFlags) runFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&h.filter.Branch, "branch", "", "runs of this `BRANCH`")
	cmd.Flags().StringVar(&h.filter.Machine, "machine", "", "runs of the machine of this `FINGERPRINT`")
}

func (a *app) historyAdd(h *historyFlags) *cobra.Command {
	var commit, branch string
	cmd := &cobra.Command{
		Use:   "add [FILE...]",
		Short: "keep results, or the last run",
		Long: `Keeps the figures of saved results (bench --export FILE.json; - reads standard
input), of the last run without FILE. The commit is that which the program was
built from, the branch that of the repository around it; --commit and --branch
take their place. A run that is kept already is passed over.`,
		Example: `  zstdshop history add
  zstdshop bench --format json | zstdshop history add -
  zstdshop history add --commit "$GITHUB_SHA" --branch "$GITHUB_REF_NAME" result.json`,
		RunE: h.works(a, func(ctx context.Context, s *history.Store, args []string) error {
			from := history.Origin{Commit: commit, Branch: branch}
			if branch == "" {
				from.Branch, _ = repo.At("").Branch(ctx) // none outside of a repository
			}
			read := a.saved
			if len(args) == 0 {
				args, read = []string{"the last run"}, func(string) (*result.Result, error) { return a.lastRun() }
			}
			for _, name := range args {
				r, err := read(name)
				if err != nil {
					return err
				}
				if err := a.addRun(ctx, s, name, r, from); err != nil {
					return err
				}
			}
			return nil
		}),
	}
	cmd.Flags().StringVar(&commit, "commit", "", "`COMMIT` that was measured")
	cmd.Flags().StringVar(&branch, "branch", "", "`BRANCH` that was measured")
	return cmd
}

// addRun keeps one result, which the user knows by name.
func (a *app) addRun(ctx context.Context, s *history.Store, name string, r *result.Result, from history.Origin) error {
	if commit := cmp.Or(from.Commit, r.Build.Commit); commit != "" {
		from.Committed, _ = repo.At("").Time(ctx, commit) // not known where the repository lacks it
	}
	runs, err := history.FromResult(r, from)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, run := range runs {
		if err := a.keepRun(ctx, s, name, run); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) keepRun(ctx context.Context, s *history.Store, name string, run history.Run) error {
	added, err := s.Add(ctx, run)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	word := "saved"
	if !added {
		word = "already there"
	}
	_, err = fmt.Fprintf(a.stdout, "%s %s: %s of %s, commit %s\n", word, run.ID, result.Plural(len(run.Figures), "figure"),
		run.Started.Format(time.RFC3339), cmp.Or(run.Commit, "unknown"))
	return err
}

func (a *app) historyExport(h *historyFlags) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "export",
		Short:   "write runs as JSON lines",
		Example: `  zstdshop history export > runs.jsonl`,
		Args:    noArguments("it writes to standard output: history export > FILE"),
		RunE: h.reads(a, func(ctx context.Context, s *history.Store, _ []string) error {
			runs, err := s.Runs(ctx, h.filter)
			if err != nil {
				return err
			}
			w := bufio.NewWriter(a.stdout)
			e := json.NewEncoder(w)
			for _, r := range runs {
				if len(r.Figures) == 0 {
					continue
				}
				if err := e.Encode(r); err != nil {
					return fmt.Errorf("write runs: %w", err)
				}
			}
			return w.Flush()
		}),
	}
	h.runFlags(cmd)
	return cmd
}

func (a *app) historyImport(h *historyFlags) *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE",
		Short: "keep runs of an export",
		Long: `Keeps the runs of an export (JSON lines; - reads standard input). A line that is
damaged is named and left out, the others are kept; the exit status is then 1.`,
		Example: `  zstdshop history import runs.jsonl
  ssh bench zstdshop history export | zstdshop history import -`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("import takes one FILE, got %d: name what `zstdshop history export > FILE` wrote, or - for standard input", len(args))
			}
			return nil
		},
		RunE: h.works(a, func(ctx context.Context, s *history.Store, args []string) error {
			if args[0] == "-" {
				return a.importRuns(ctx, s, a.stdin, "standard input")
			}
			f, err := os.Open(args[0])
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], reason(err))
			}
			defer f.Close()
			return a.importRuns(ctx, s, f, args[0])
		}),
	}
}

// mostLeftOut is how many lines that are left out are named one by one.
const mostLeftOut = 10

// importRuns keeps what is whole of a file that is called from.
func (a *app) importRuns(ctx context.Context, s *history.Store, in io.Reader, from string) error {
	text, done, err := a.unpacked(in)
	if err != nil {
		return err
	}
	defer done()
	lines := bufio.NewReader(plaintext.Reader(text))
	saved, known, damaged := 0, 0, 0
	for n := 1; ; n++ {
		line, readErr := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var r history.Run
			added, err := false, json.Unmarshal(line, &r)
			if err == nil {
				added, err = s.Add(ctx, r)
			}
			switch {
			case errors.Is(err, context.Canceled):
				return err
			case err != nil:
				if damaged++; damaged > mostLeftOut {
					break
				}
				fmt.Fprintf(a.stderr, "zstdshop: %s: line %d is left out: %s\n", printable(from), n, oneLine(err))
			case added:
				saved++
			default:
				known++
			}
		}
		if errors.Is(readErr, io.EOF) {
			break
		}
		if readErr != nil {
			return fmt.Errorf("read runs: %w", readErr)
		}
	}
	if saved+known == 0 && damaged > 0 {
		return fmt.Errorf("%s: none of its %s is a run: `zstdshop history export > FILE` writes what import reads, and `zstdshop history add FILE.json` keeps a saved result", from, result.Plural(damaged, "line"))
	}
	fmt.Fprintf(a.stdout, "%s saved, %d already there, %d left out\n", result.Plural(saved, "run"), known, damaged)
	if damaged > 0 {
		return &exitError{status: exitFailed}
	}
	return nil
}

func (a *app) historyPrune(h *historyFlags) *cobra.Command {
	var older time.Duration
	keep := 0
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "remove old runs",
		Example: `  zstdshop history prune --older 365d
  zstdshop history prune --older 90d --keep 200`,
		Args: noArguments("what to remove is named by flags"),
		PreRunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("older") {
				return errors.New("--older is missing: say how old a run must be to go, as in --older 365d")
			}
			if keep < 0 {
				return fmt.Errorf("--keep %d: want 0 or more", keep)
			}
			return nil
		},
		RunE: h.works(a, func(ctx context.Context, s *history.Store, _ []string) error {
			n, err := s.Prune(ctx, time.Now().Add(-older), keep)
			if err == nil {
				_, err = fmt.Fprintf(a.stdout, "%s removed\n", result.Plural(n, "run"))
			}
			return err
		}),
	}
	cmd.Flags().Var(&setting[time.Duration]{&older, "time", "", age}, "older", "age of runs that go, such as 365d or 36h")
	cmd.Flags().IntVar(&keep, "keep", 0, "newest runs of each machine that stay, however old")
	return cmd
}

// age parses a duration that may be in days.
func age(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n < 36500 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	v, err := time.ParseDuration(text)
	if err != nil || v < 0 {
		return 0, errors.New("want an age such as 365d or 36h")
	}
	return v, nil
}

// allMetrics asks for every metric that is kept.
const allMetrics = "all"

func (a *app) historyShow(h *historyFlags) *cobra.Command {
	var export string
	var ascii bool
	minChange := 0.01
	cmd := &cobra.Command{
		Use:   "show",
		Short: "a line for each cell: its course, its last value, where its level changed",
		Long: `Shows the course of each metric of each cell, machine by machine: a picture of the
last runs, the last value, how it stands to the first, and below where the level
changed: by how much, after which commit and by which at the latest, and how sure
that is. One value that is off and back is no change. A series is of one branch
(main, or the one that has the most runs; --branch names another), in the order of
the commits. Where a cell worked on other data, or was measured by another method,
that is said, and no level is compared across it.`,
		Example: `  zstdshop history show
  zstdshop history show --metric ns_per_op --cell runner=pool --min-change 5%
  zstdshop history show --export history.html`,
		Args: noArguments("what to show is named by flags"),
		PreRunE: func(*cobra.Command, []string) error {
			if export == "" {
				return nil
			}
			err := writable(export)
			if formatOf(export) != "html" {
				err = errors.New("a page ends in .html")
			}
			if err != nil {
				return fmt.Errorf("--export %q: %w", export, err)
			}
			return nil
		},
		RunE: h.reads(a, func(ctx context.Context, s *history.Store, _ []string) error {
			all := h.filter.Metric == allMetrics
			usual := h.filter.Metric == ""
			if all {
				h.filter.Metric = ""
			}
			series, err := s.Series(ctx, h.filter)
			if err != nil {
				return err
			}
			if h.filter.Branch == "" {
				var others []string
				if series, others = history.OfDefaultBranch(series); len(others) > 0 {
					fmt.Fprintf(a.stderr, "zstdshop: only branch %s is shown; --branch shows %s\n", printable(cmp.Or(series[0].Branch, "that is not known")),
						printable(strings.Join(slices.DeleteFunc(others, func(b string) bool { return b == "" }), ", ")))
				}
			}
			o := stats.ChangeOptions{MinSize: minChange}
			if usual {
				series = history.Usual(series, o)
			}
			if len(series) == 0 {
				return errors.New("no run fits: `zstdshop history add` keeps the last one")
			}
			if export != "" {
				page, err := history.Page(series, o)
				if err != nil {
					return err
				}
				if err := writeFile(export, page); err != nil {
					return fmt.Errorf("--export %s: %w", export, err)
				}
			}
			return history.WriteTable(a.stdout, series, o, ascii)
		}),
	}
	f := cmd.Flags()
	f.StringVar(&h.filter.Cell, "cell", "", "cells whose name has this `TEXT`, such as codec=klauspost")
	h.runFlags(cmd)
	choice(cmd, &h.filter.Metric, "metric", "metric", "name", strings.Join(history.Metrics(), ", ")+" or all (default time and ratio, and what has changed)", append(history.Metrics(), allMetrics)...)
	f.Var(share(&minChange, "1%"), "min-change", "smallest change of a level that counts")
	f.StringVar(&export, "export", "", "also write `FILE`.html, a page with a picture of each series")
	f.BoolVar(&ascii, "ascii", false, "nothing outside ASCII")
	return cmd
}
