package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/renameio/v2/maybe"
	"github.com/spf13/cobra"

	"zstdshop/harness/journal"
	"zstdshop/harness/plan"
	"zstdshop/history"
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
	cmd.PersistentFlags().StringVar(&h.db, "db", "", "`LOCATION` of the history: a file or a postgres:// URL (default $ZSTDSHOP_HISTORY, else history.db beside the saved runs)")
	cmd.AddCommand(a.historyAdd(h), a.historyShow(h), a.historyExport(h), a.historyImport(h), a.historyPrune(h))
	return cmd
}

// open opens the history that the flags name.
func (h *historyFlags) open(ctx context.Context, a *app) (*history.Store, error) {
	location := h.db
	if location == "" {
		location = a.getenv("ZSTDSHOP_HISTORY")
	}
	if location == "" {
		state, err := journal.StateDir(a.getenv)
		if err != nil {
			return nil, err
		}
		location = history.DefaultPath(state)
	}
	s, err := history.Open(ctx, location)
	if err == nil && s.Note != "" {
		fmt.Fprintf(a.stderr, "zstdshop: %s\n", printable(s.Note))
	}
	return s, err
}

// use opens the history, works on it and closes it.
func (h *historyFlags) use(ctx context.Context, a *app, work func(*history.Store) error) error {
	s, err := h.open(ctx, a)
	if err != nil {
		return err
	}
	return errors.Join(work(s), s.Close())
}

func (h *historyFlags) filterFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&h.filter.Cell, "cell", "", "cells whose name has this `TEXT`, such as codec=klauspost")
	f.StringVar(&h.filter.Branch, "branch", "", "runs of this `BRANCH`")
	f.StringVar(&h.filter.Machine, "machine", "", "runs of the machine of this `FINGERPRINT`")
	f.Var(&scalar[string]{kind: "name", parse: func(text string) (string, error) {
		v, err := oneOf("metric", history.Metrics()...)(text)
		h.filter.Metric = v
		return v, err
	}}, "metric", strings.Join(history.Metrics(), ", ")+" (default all)")
	cmd.RegisterFlagCompletionFunc("metric", cobra.FixedCompletions(history.Metrics(), cobra.ShellCompDirectiveNoFileComp))
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
		RunE: func(cmd *cobra.Command, args []string) error {
			if branch == "" {
				if name, err := (git{dir: "."}).run(cmd.Context(), "rev-parse", "--abbrev-ref", "HEAD"); err == nil && name != "HEAD" {
					branch = name
				}
			}
			if len(args) == 0 {
				args = []string{""}
			}
			return h.use(cmd.Context(), a, func(s *history.Store) error {
				for _, arg := range args {
					if err := a.addRun(cmd.Context(), s, arg, commit, branch); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&commit, "commit", "", "`COMMIT` that was measured")
	cmd.Flags().StringVar(&branch, "branch", "", "`BRANCH` that was measured")
	return cmd
}

// addRun keeps one result; "" is the last run.
func (a *app) addRun(ctx context.Context, s *history.Store, arg, commit, branch string) error {
	var from []string
	if arg != "" {
		from = []string{arg}
	} else {
		arg = "the last run"
	}
	r, err := a.saved(from)
	if err != nil {
		return err
	}
	run, err := history.FromResult(r, commit, branch)
	if err != nil {
		return fmt.Errorf("%s: %w", arg, err)
	}
	added, err := s.Add(ctx, run)
	if err != nil {
		return fmt.Errorf("%s: %w", arg, err)
	}
	word := "saved"
	if !added {
		word = "already there"
	}
	_, err = fmt.Fprintf(a.stdout, "%s %s: %s of %s, commit %s\n", word, run.ID, count(len(run.Figures), "figure"),
		run.Started.Format(time.RFC3339), orNone(run.Commit))
	return err
}

func orNone(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

func (a *app) historyExport(h *historyFlags) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "export",
		Short:   "write runs as JSON lines",
		Example: `  zstdshop history export > runs.jsonl`,
		Args:    noArguments("it writes to standard output: history export > FILE"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return h.use(cmd.Context(), a, func(s *history.Store) error {
				runs, err := s.Runs(cmd.Context(), h.filter)
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
			})
		},
	}
	cmd.Flags().StringVar(&h.filter.Branch, "branch", "", "runs of this `BRANCH`")
	cmd.Flags().StringVar(&h.filter.Machine, "machine", "", "runs of the machine of this `FINGERPRINT`")
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
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in := a.stdin
			if args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return fmt.Errorf("%s: %w", args[0], reason(err))
				}
				defer f.Close()
				in = f
			}
			return h.use(cmd.Context(), a, func(s *history.Store) error { return a.importRuns(cmd.Context(), s, in) })
		},
	}
}

// importRuns keeps what is whole.
func (a *app) importRuns(ctx context.Context, s *history.Store, in io.Reader) error {
	lines := bufio.NewReader(in)
	saved, known, damaged := 0, 0, 0
	for n := 1; ; n++ {
		line, readErr := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var r history.Run
			err := json.Unmarshal(line, &r)
			added := false
			if err == nil {
				added, err = s.Add(ctx, r)
			}
			switch {
			case errors.Is(err, context.Canceled):
				return err
			case err != nil:
				damaged++
				fmt.Fprintf(a.stderr, "zstdshop: line %d is left out: %s\n", n, oneLine(err))
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
	fmt.Fprintf(a.stdout, "%s saved, %d already there, %d left out\n", count(saved, "run"), known, damaged)
	if damaged > 0 {
		return &exitError{status: exitFailed}
	}
	return nil
}

func (a *app) historyPrune(h *historyFlags) *cobra.Command {
	var older scalar[time.Duration]
	keep := 0
	older = scalar[time.Duration]{kind: "time", parse: age}
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "remove old runs",
		Example: `  zstdshop history prune --older 365d
  zstdshop history prune --older 90d --keep 200`,
		Args: noArguments("what to remove is named by flags"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if older.text == "" {
				return errors.New("--older is missing: say how old a run must be to go, as in --older 365d")
			}
			if keep < 0 {
				return fmt.Errorf("--keep %d: want 0 or more", keep)
			}
			return h.use(cmd.Context(), a, func(s *history.Store) error {
				n, err := s.Prune(cmd.Context(), time.Now().Add(-older.value), keep)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(a.stdout, "%s removed\n", count(n, "run"))
				return err
			})
		},
	}
	cmd.Flags().Var(&older, "older", "age of runs that go, such as 365d or 36h")
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

func (a *app) historyShow(h *historyFlags) *cobra.Command {
	var export string
	var ascii bool
	minChange := scalar[float64]{0.01, "1%", "share", plan.Share}
	cmd := &cobra.Command{
		Use:   "show",
		Short: "a line for each cell: its course, its last value, where its level changed",
		Long: `Shows the course of each metric of each cell, machine by machine: a picture of the
last runs, the last value, how it stands to the first, and below where the level
changed: by how much, after which commit and by which at the latest, and how sure
that is. One value that is off and back is no change.`,
		Example: `  zstdshop history show
  zstdshop history show --metric ns_per_op --cell runner=pool --min-change 5%
  zstdshop history show --export history.html`,
		Args: noArguments("what to show is named by flags"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if export != "" {
				if !slices.Contains([]string{".html", ".htm"}, strings.ToLower(filepath.Ext(export))) {
					return fmt.Errorf("--export %q: a page ends in .html", export)
				}
				if err := writable(export); err != nil {
					return fmt.Errorf("--export %q: %w", export, err)
				}
			}
			return h.use(cmd.Context(), a, func(s *history.Store) error {
				series, err := s.Series(cmd.Context(), h.filter)
				if err != nil {
					return err
				}
				if len(series) == 0 {
					return errors.New("no run fits: `zstdshop history add` keeps the last one")
				}
				o := stats.ChangeOptions{MinSize: minChange.value}
				if export != "" {
					page, err := history.Page(series, o)
					if err != nil {
						return err
					}
					if err := maybe.WriteFile(followed(export), page, 0o644); err != nil {
						return fmt.Errorf("--export %s: %w", export, err)
					}
				}
				return history.WriteTable(a.stdout, series, o, ascii)
			})
		},
	}
	h.filterFlags(cmd)
	f := cmd.Flags()
	f.Var(&minChange, "min-change", "smallest change of a level that counts")
	f.StringVar(&export, "export", "", "also write `FILE`.html, a page with a picture of each series")
	f.BoolVar(&ascii, "ascii", false, "nothing outside ASCII")
	return cmd
}
