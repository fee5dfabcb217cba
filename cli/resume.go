package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zstdshop/harness/journal"
	"zstdshop/harness/machine"
	"zstdshop/harness/measure"
)

// minResume is the least time a resumed run has: one that was killed at the
// very end still gets to finish its cells.
const minResume = 3 * time.Second

// resume goes on with the newest run, which must be incomplete and of this very
// program on this machine.
func (a *app) resume(cmd *cobra.Command, m *matrix, out output, begun time.Time) error {
	if err := fixedByResume(cmd.Flags()); err != nil {
		return err
	}
	state, err := journal.StateDir(a.getenv)
	if err != nil {
		return err
	}
	dir, err := journal.LastRun(state)
	if errors.Is(err, journal.ErrNoRun) {
		return fmt.Errorf("nothing to resume: %w", err)
	}
	if err != nil {
		return err
	}
	record, err := journal.ResumeJournal(dir)
	if err != nil {
		return err
	}
	defer record.Close()
	h := record.Log.Header
	again := "start it anew: zstdshop " + quoted(h.Plan.Args)
	switch end := record.Log.End; {
	case end != nil && end.Complete:
		return fmt.Errorf("nothing to resume: the last run (%s UTC) is complete; `zstdshop report` shows it", h.Plan.Started.Format(time.DateTime))
	case record.Log.Schedule == nil:
		return fmt.Errorf("nothing to resume: the last run was ended before its first slice; %s", again)
	case !record.Log.Schedule.HasData():
		return fmt.Errorf("cannot resume: the run's data is gone; `zstdshop report` shows what was measured, or %s", again)
	case h.Build.Binary != measure.CurrentBuild(a.reg).Binary:
		return fmt.Errorf("cannot resume: the program has been rebuilt since, and its forks would not belong with the others; %s", again)
	case h.Machine.Fingerprint != machine.Current().Fingerprint:
		return fmt.Errorf("cannot resume: the run was begun on another machine (%s); %s", h.Machine.Host, again)
	}
	left := max(time.Duration(h.Plan.Budget-record.Log.Elapsed), minResume)
	if cmd.Flags().Changed("budget") {
		left = m.budget.value
	}
	r, err := a.run(cmd.Context(), record, nil, m.timeout.value, begun.Add(left))
	if err != nil {
		return err
	}
	if err := out.write(a, r); err != nil {
		return err
	}
	if h.Limits != nil {
		return gateStatus(r.Checks, true)
	}
	return failedCells(r)
}

// fixedByResume refuses flags that the run to go on with has settled.
func fixedByResume(flags *pflag.FlagSet) error {
	free := []string{"resume", "budget", "timeout", "format", "export", "color", "wide", "ascii"}
	var fixed []string
	flags.Visit(func(f *pflag.Flag) {
		if !slices.Contains(free, f.Name) {
			fixed = append(fixed, "--"+f.Name)
		}
	})
	if len(fixed) > 0 {
		return fmt.Errorf("--resume goes on with the matrix of the interrupted run: drop %s, or drop --resume to start a new one", strings.Join(fixed, ", "))
	}
	return nil
}

// quoted writes arguments as a shell would take them.
func quoted(args []string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.,:/@%+=", r)
	}
	out := make([]string, len(args))
	for i, arg := range args {
		out[i] = arg
		if arg == "" || strings.ContainsFunc(arg, func(r rune) bool { return !plain(r) }) {
			out[i] = "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
		}
	}
	return strings.Join(out, " ")
}
