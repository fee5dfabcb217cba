package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness"
	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/machine"
	"zstdshop/harness/measure"
	"zstdshop/harness/result"
)

// greetTime is the most that a program may take to say hello; starting takes
// milliseconds.
const greetTime = 10 * time.Second

// compared makes the matrix of no flags one that is decided within a minute.
func (m *matrix) compared(reg *harness.Registry) error {
	return errors.Join(
		m.levels.defaults("3"),
		m.runners.defaults(present([]string{"single", "pool"}, reg.Runners())...),
	)
}

// comparePrograms runs two programs side by side: the old one first.
func (a *app) comparePrograms(cmd *cobra.Command, c comparison, programs []program, begun time.Time) error {
	if err := refuse(cmd.Flags(), false); err != nil {
		return err
	}
	what, err := c.matrix.resolve(cmd, a)
	if err != nil {
		return err
	}
	// The ceiling of the flagless matrix shows the machine, not a program.
	what.cells = slices.DeleteFunc(what.cells, func(cell result.Cell) bool { return slices.Contains(what.plan.Extra, cell) })
	if err := haveSpeed(what.cells, a.reg); err != nil {
		return err
	}
	timeout := c.matrix.timeout.value
	launcher := measure.Processes{Timeout: min(timeout, greetTime)}
	for _, p := range programs {
		if err := launcher.Greet(cmd.Context(), []string{p.path, workerCommand}); err != nil {
			return foreign(notOurs(p, err))
		}
	}
	if c.dryRun {
		return a.dryComparison(what, programs)
	}
	return a.runComparison(cmd.Context(), c, what, programs, begun)
}

// notOurs says that a program is no worker.
func notOurs(p program, err error) error {
	said := ""
	if lost, ok := errors.AsType[*measure.WorkerError](err); ok && lost.Stderr != "" {
		said = "; it said: " + lost.Stderr
	}
	if errors.Is(err, result.ErrUnusable) || errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	return fmt.Errorf("%s does not speak the worker protocol: name an executable of zstdshop, or of a main that calls cli.Main (%w%s)", p.name, err, said)
}

// haveSpeed refuses scenarios of fixed length: there is no time to compare.
func haveSpeed(cells []result.Cell, reg *harness.Registry) error {
	for _, c := range cells {
		s, err := reg.Scenario(c.Scenario)
		if err != nil {
			return err
		}
		if s.Info().TimedSlice {
			return fmt.Errorf("--scenario %s runs for a fixed time and has no speed to compare: drop it", c.Scenario)
		}
	}
	return nil
}

// dryComparison prints what would be compared.
func (a *app) dryComparison(what *asked, programs []program) error {
	var b bytes.Buffer
	for _, c := range what.cells {
		b.WriteString(printable(c.Name()) + "\n")
	}
	fmt.Fprintf(&b, "%s of %s and %s side by side; at most %v, less where all verdicts are made sooner\n",
		count(len(what.cells), "cell"), printable(programs[0].name), printable(programs[1].name), what.plan.Budget)
	for _, w := range what.warnings {
		fmt.Fprintf(&b, "note: %s\n", w.Text)
	}
	_, err := a.stdout.Write(b.Bytes())
	return err
}

// runComparison measures a new run of two programs.
func (a *app) runComparison(ctx context.Context, c comparison, what *asked, programs []program, begun time.Time) error {
	r, err := a.runSides(ctx, sideBySide{what: what, programs: programs, timeout: c.matrix.timeout.value}, begun)
	if err != nil {
		return err
	}
	if err := c.out.write(a, r); err != nil {
		return err
	}
	// A cell that failed is one without a verdict, which is what judge looks at.
	return judge(r, c.failOn.values)
}

// sideBySide is two programs, the old one first, and what they are to do in
// turns.
type sideBySide struct {
	what     *asked
	programs []program
	redo     [2]int // slowdowns planted in the sides, in permille
	limits   map[string]result.Limits
	timeout  time.Duration
	state    string // folder of runs; "" the user's
}

// runSides measures a new run of two programs.
func (a *app) runSides(ctx context.Context, s sideBySide, begun time.Time) (r *result.Result, err error) {
	state := s.state
	if state == "" {
		if state, err = journal.StateDir(a.getenv); err != nil {
			return nil, err
		}
	}
	record, err := journal.CreateJournal(state, begun)
	if err != nil {
		return nil, err
	}
	defer func() {
		record.Close()
		// A run that measured nothing must not hide the one before it.
		if record.Log.Schedule == nil {
			err = errors.Join(err, os.RemoveAll(record.Dir))
		}
	}()
	arms, sides, about, err := a.keep(s.programs, record.Dir)
	if err != nil {
		return nil, err
	}
	for i := range arms {
		arms[i].Redo = s.redo[i]
	}
	p := s.what.plan
	data, infos, err := spool(ctx, s.what.corpora, p.Blocks, record.Dir)
	if err != nil {
		return nil, err
	}
	s.what.corpora = nil // the workers read the files; the memory is theirs
	header := journal.Header{
		Machine: machine.Current(), Build: measure.CurrentBuild(a.reg), Cells: result.BothSides(s.what.cells), Corpora: infos,
		Delta: p.Delta, Verdicts: true, Arms: arms, Limits: s.limits,
		Plan: result.PlanInfo{Args: a.args, Seed: p.Seed, Method: result.Method, Budget: int64(p.Budget), Confidence: 0.95,
			Started: begun.UTC().Truncate(time.Millisecond)},
		Sides: &sides, Warnings: append(s.what.warnings, about),
	}
	if err := record.Append(journal.Record{Header: &header}); err != nil {
		return nil, err
	}
	return a.run(ctx, record, data, s.timeout, begun.Add(p.Budget))
}

// keep copies both programs into dir, so that a build meanwhile does not mix two
// programs in one side, and says what they are.
func (a *app) keep(programs []program, dir string) (arms []journal.Arm, sides result.TwoSides, about result.Warning, err error) {
	var builds []result.Build
	for i, side := range []string{result.SideOld, result.SideNew} {
		p := programs[i]
		copied := filepath.Join(dir, side, filepath.Base(p.path))
		digest, err := copyProgram(p.path, copied)
		if err != nil {
			return nil, sides, about, fmt.Errorf("copy %s: %w", p.name, err)
		}
		build := measure.ReadBuild(copied, a.reg)
		build.Binary = digest
		builds = append(builds, build)
		arms = append(arms, journal.Arm{Name: side, Argv: []string{copied, workerCommand}})
	}
	sides, about = analyze.AboutPrograms(programs[0].name, builds[0], programs[1].name, builds[1])
	return arms, sides, about, nil
}

// copyProgram makes to an executable copy of from and returns its SHA-256 in
// hex.
func copyProgram(from, to string) (digest string, err error) {
	in, err := os.Open(from)
	if err != nil {
		return "", err
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return "", err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o700)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.Copy(io.MultiWriter(out, h), in)
	if err := errors.Join(err, out.Close()); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
