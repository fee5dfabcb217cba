package measure

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"zstdshop/harness"
	"zstdshop/harness/journal"
	"zstdshop/harness/machine"
)

// minResume is the least time a resumed run has: one that was killed at the
// very end still gets to finish its cells.
const minResume = 3 * time.Second

// defaultTimeout is that of runs whose journal does not tell theirs.
const defaultTimeout = 30 * time.Second

// Resumed returns the request of the newest run under state, to go on with it: what
// a run was told is part of its journal. Budget is what is left of the run's own,
// and may be changed, as may Timeout; Begun, Reserve and Progress are to be set. Run
// refuses a run that is complete, still going on, or of another program or machine.
func Resumed(reg *harness.Registry, state string) (Request, error) {
	dir, err := journal.LastRun(state)
	if errors.Is(err, journal.ErrNoRun) {
		err = fmt.Errorf("nothing to resume: %w", err)
	}
	if err != nil {
		return Request{}, err
	}
	log, err := journal.ReadJournal(dir)
	if err != nil {
		return Request{}, err
	}
	h := log.Header
	q := Request{
		Registry: reg, Cells: h.Cells, Precision: h.Plan.Precision, Delta: h.Delta, Seed: h.Plan.Seed, Seeded: h.Plan.Seeded, Reference: h.Plan.Reference,
		Limits: h.Limits, Warnings: h.Warnings, Args: h.Plan.Args, Folder: h.Folder, Gate: h.Gate, State: state,
		Budget: max(time.Duration(h.Plan.Budget-log.Elapsed), minResume), Timeout: cmp.Or(time.Duration(h.Timeout), defaultTimeout),
		resumes: dir,
	}
	return q, nil
}

// CheckResumed tells whether Run would refuse to go on.
func (q *Request) CheckResumed() error {
	record, err := q.reopen()
	if err != nil {
		return err
	}
	return record.Close()
}

// reopen opens the journal of the run that q goes on with.
func (q *Request) reopen() (*journal.Journal, error) {
	record, err := journal.ResumeJournal(q.resumes)
	if err != nil {
		return nil, err
	}
	if err := q.belongs(&record.Log); err != nil {
		return nil, errors.Join(err, record.Close())
	}
	return record, nil
}

// belongs refuses a run that cannot go on, or to which what this program measures
// on this machine would not belong.
func (q *Request) belongs(log *journal.Log) error {
	h := log.Header
	again := "start it anew: zstdshop " + quoted(h.Plan.Args)
	switch end := log.End; {
	case end != nil && end.Complete:
		return fmt.Errorf("nothing to resume: the last run (%s UTC) is complete; `zstdshop report` shows it", h.Plan.Started.Format(time.DateTime))
	case log.Schedule == nil:
		return fmt.Errorf("nothing to resume: the last run was ended before its first slice; %s", again)
	case !log.Schedule.HasData(), !h.Dicts.Exist():
		return fmt.Errorf("cannot resume: the run's data is gone; `zstdshop report` shows what was measured, or %s", again)
	case h.Build.Binary != binaryDigest():
		return fmt.Errorf("cannot resume: the program has been rebuilt since, and its forks would not belong with the others; %s", again)
	case h.Machine.Fingerprint != machine.Current().Fingerprint:
		return fmt.Errorf("cannot resume: the run was begun on another machine (%s); %s", h.Machine.Host, again)
	}
	return nil
}

// quoted writes arguments as a shell would take them.
func quoted(args []string) string {
	special := func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.,:/@%+=", r))
	}
	out := slices.Clone(args)
	for i, arg := range out {
		if arg == "" || strings.ContainsFunc(arg, special) {
			out[i] = "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
		}
	}
	return strings.Join(out, " ")
}
