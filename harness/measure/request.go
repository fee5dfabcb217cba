package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"zstdshop/harness"
	"zstdshop/harness/journal"
	"zstdshop/harness/machine"
	"zstdshop/harness/result"
	"zstdshop/scenarios/corpus"
)

// Request is all that a run is told. Run measures it.
type Request struct {
	Registry *harness.Registry
	// Cells are what to measure. Where Programs are named each of them is measured
	// by both, and compared with itself on the other side.
	Cells []result.Cell
	// Programs are none, or two: old and new. Such a run ends when all comparisons
	// are decided, or all limits where there are some; another one when every cell
	// is precise enough. None lasts longer than its budget.
	Programs []Program
	// Languages are the programs that cells name as their language.
	Languages []journal.Arm
	// Corpora are those that cells name. Run writes them into the run's folder and
	// forgets them. Data are those that lie in files already, by name.
	Corpora []*corpus.Corpus
	Data    map[string]Data
	// Dicts are the contents of the dictionaries that cells name and Run does not train,
	// by name.
	Dicts map[string][]byte

	Budget    time.Duration // from Begun to the end; > 0
	Reserve   time.Duration // of the budget, for what the caller does afterwards
	Precision float64       // half-width at which a cell is precise enough; a share
	Delta     float64       // of equivalence; a share
	Seed      uint64
	Seeded    bool                     // Seed was asked for, and draws subsets; else the data does
	Reference string                   // the cell that others are compared with; "" none
	Limits    map[string]result.Limits // of a gate, by the names of cells; nil none
	Warnings  []result.Warning         // about what was asked for
	Args      []string                 // of the command, for the record
	Folder    string                   // where it ran, for the record
	Gate      *journal.Gate            // what a gate found out before, for the record; nil none
	Begun     time.Time                // zero: when programs and data are in place

	// Cache is the folder where what whole corpora come to is remembered between runs;
	// "" remembers nothing.
	Cache string
	// State is the folder where runs are kept; "" keeps nothing, and takes Data only.
	State string
	// Calm is the folder where runs on this machine tell each other how fast it is when
	// it is calm; "" tells nothing. Two programs are compared without.
	Calm string
	// Schedule is nil, or that of an earlier run of the same cells and Data: then
	// there is no pilot run.
	Schedule *journal.Schedule
	// Timeout is the silence after which a worker process is taken for hung; > 0.
	Timeout time.Duration
	// Progress is nil, or told between slices how far the run is. It must return
	// quickly.
	Progress func(Progress)

	resumes  string   // folder of the run that this one goes on with; "" none
	launcher Launcher // nil: processes; tests have others
	now      func() time.Time
}

// Progress is how far a run is.
type Progress struct {
	Phase   string        // "pilot run", "whole corpus", "measure"
	Cell    string        // at work
	Elapsed time.Duration // of this sitting
	Total   time.Duration // expected of this sitting
	Round   int           // fork round of the group at work, from 1
	Known
}

// Known is what a run has found out so far.
type Known struct {
	// Leader is the cell of the group at work that looks fastest, nil before there is one
	// and where two programs are compared.
	Leader *result.Cell
	// Decided counts, of Asked comparisons of two programs, those that need no more rounds.
	// Visible is what the others will tell by the end of the budget: a difference, or in a
	// gate a distance from the limit, as a share; 0 before that is known, and where none is
	// left.
	Decided, Asked int
	Visible        float64
}

// Program is one side of a comparison.
type Program struct {
	Name string // as the user calls it
	Path string // of the executable, absolute; "" this program, as it is
	Redo int    // tasks that are done twice, in permille: a planted slowdown
}

// Check finds what would keep q from being run, before anything is measured: it
// refuses what cannot be, and has the programs say hello. Run checks first.
func (q *Request) Check(ctx context.Context) error {
	switch {
	case q.resumes != "":
		return nil // it was checked when it began
	case len(q.Cells) == 0:
		return fmt.Errorf("%w: no cell to measure", result.ErrPlan)
	case len(q.Programs) != 0 && len(q.Programs) != 2:
		return fmt.Errorf("%w: %d programs: want none, or an old and a new one", result.ErrPlan, len(q.Programs))
	case q.Budget <= 0 || q.Timeout <= 0:
		return fmt.Errorf("%w: budget %v, timeout %v: want times above zero", result.ErrPlan, q.Budget, q.Timeout)
	case !share(q.Delta) || len(q.Programs) == 0 && !share(q.Precision):
		return fmt.Errorf("%w: delta %v, precision %v: want shares above 0 and below 1", result.ErrPlan, q.Delta, q.Precision)
	case q.Limits != nil && len(q.Programs) == 0:
		return fmt.Errorf("%w: limits need two programs", result.ErrPlan)
	}
	names := map[string]bool{}
	for _, c := range q.Cells {
		if c.Build != "" || names[c.Name()] {
			return fmt.Errorf("%w: cell %s has a side, or is there twice", result.ErrPlan, c.Name())
		}
		names[c.Name()] = true
		if c.Language != "" && !slices.ContainsFunc(q.Languages, func(a journal.Arm) bool { return a.Name == c.Language }) {
			return fmt.Errorf("%w: cell %s: no program for that language", result.ErrPlan, c.Name())
		}
	}
	if q.Reference != "" && !names[q.Reference] {
		return fmt.Errorf("%w: no cell is the reference %s", result.ErrPlan, q.Reference)
	}
	return q.greetPrograms(ctx)
}

func share(v float64) bool { return v > 0 && v < 1 }

// greetTime is the most that a program may take to say hello; starting takes
// milliseconds.
const greetTime = 10 * time.Second

func (q *Request) greetPrograms(ctx context.Context) error {
	for _, p := range q.Programs {
		if p.Path == "" {
			continue
		}
		if err := (Processes{Timeout: min(q.Timeout, greetTime)}).Greet(ctx, []string{p.Path, WorkerCommand}); err != nil {
			return notOurs(p, err)
		}
	}
	return nil
}

// notOurs says that a program is no worker.
func notOurs(p Program, err error) error {
	if errors.Is(err, result.ErrUnusable) || errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	if forbidden, ok := errors.AsType[*NoexecError](err); ok {
		return fmt.Errorf("%s: %w", p.Name, forbidden)
	}
	said := ""
	if lost, ok := errors.AsType[*WorkerError](err); ok && lost.Stderr != "" {
		said = "; it said: " + lost.Stderr
	}
	return fmt.Errorf("%s does not speak the worker protocol: name an executable of zstdshop, or of a main that calls cli.Main (%w%s)", p.Name, err, said)
}

// header is what the journal begins with, of a run whose programs and data are in
// place.
func (q *Request) header(arms []journal.Arm, sides *result.TwoSides, corpora []journal.CorpusInfo, dicts journal.Dicts, about []result.Warning) *journal.Header {
	h := &journal.Header{
		Machine: machine.Current(), Build: CurrentBuild(q.Registry, codecsOf(q.Cells)), Cells: q.Cells, Corpora: corpora, Dicts: dicts,
		Delta: q.Delta, Verdicts: len(q.Programs) > 0, Limits: q.Limits, Sides: sides, Arms: append(arms, q.Languages...), Timeout: int64(q.Timeout), Folder: q.Folder, Gate: q.Gate,
		Plan: result.PlanInfo{
			Args: q.Args, Seed: q.Seed, Seeded: q.Seeded, Method: result.Method, Budget: int64(q.Budget), Precision: q.Precision, Confidence: 0.95,
			Reference: q.Reference, Started: q.Begun.UTC().Truncate(time.Millisecond),
		},
		Warnings: append(slices.Clip(q.Warnings), about...),
	}
	if h.Verdicts {
		h.Cells, h.Plan.Precision = result.BothSides(q.Cells), 0
	} else {
		h.Plan.Calm = calmMemory{q.Calm}.told(h.Machine, h.Build)
	}
	return h
}
