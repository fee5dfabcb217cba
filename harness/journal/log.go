package journal

import (
	"fmt"

	"zstdshop/harness/machine"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// Log is all that a run has found out so far: a header, then records in the
// order they came. A journal is a Log on disk; a Result is derived from a Log
// (Derive). Not safe for concurrent use.
type Log struct {
	Header   Header
	Cells    []CellLog // in the order of Header.Cells
	Schedule *Schedule // nil before the pilot run is done
	End      *End      // nil while running, and after a kill
	// Elapsed is the measuring time of all sittings so far in nanoseconds.
	Elapsed int64
}

// Header is fixed when a run begins.
type Header struct {
	Machine machine.Info    `json:"machine"`
	Build   result.Build    `json:"build"`
	Plan    result.PlanInfo `json:"plan"`
	Cells   []result.Cell   `json:"cells"`
	Corpora []CorpusInfo    `json:"corpora"`
	Dicts   Dicts           `json:"dicts,omitempty"` // that cells name
	Delta   float64         `json:"delta"`           // of equivalence
	// Verdicts is set where the run ends when all comparisons are decided,
	// however precise the cells are by then.
	Verdicts bool `json:"verdicts"`
	// Limits of a gate by the names of cells without their sides; nil in other
	// runs. A gate ends when all its times are decided against their limits.
	Limits map[string]result.Limits `json:"limits,omitempty"`
	// Arms are the programs that cells name as their build; empty in a run of
	// this program alone.
	Arms []Arm `json:"arms"`
	// Sides is what the two programs of a comparison are; nil in other runs.
	Sides    *result.TwoSides `json:"sides,omitempty"`
	Warnings []result.Warning `json:"warnings"` // known before measuring
	// Folder is where the command ran: paths in its arguments begin there. "" in old
	// journals.
	Folder string `json:"folder,omitempty"`
	// Gate is what a gate found out before it measured; nil in other runs.
	Gate *Gate `json:"gate,omitempty"`
	// Timeout is the silence in nanoseconds after which a worker process is taken
	// for hung; 0 in old journals.
	Timeout int64 `json:"timeout_ns,omitempty"`
}

// Gate is what a gate found out before it measured. A gate that is gone on with must
// not find out something else.
type Gate struct {
	Commit   string            `json:"commit,omitempty"` // of the base, where it is one
	Accepted []result.Accepted `json:"accepted,omitempty"`
	// Stored is the base where it is a saved result, and Limits are those of its gate,
	// whose run itself has none.
	Stored *Stored                  `json:"stored,omitempty"`
	Limits map[string]result.Limits `json:"limits,omitempty"`
}

// Stored is a file that must not change.
type Stored struct {
	Path   string `json:"path"`   // as it was given
	Digest string `json:"digest"` // SHA-256 in hex
}

// Arm is a program that measures cells.
type Arm struct {
	Name string   `json:"name"`
	Argv []string `json:"argv"` // worker command line; empty: this program's
	// Digest is the SHA-256 of the program in hex; "" where it is not one file of ours,
	// and where it is this program.
	Digest string `json:"digest,omitempty"`
	// Redo is the share of tasks it follows with another one, in permille: a
	// slowdown planted for calibration, 0 in real runs.
	Redo int `json:"redo_permille"`
}

// Arm is the program of that name; the zero Arm for none.
func (h Header) Arm(name string) Arm {
	for _, a := range h.Arms {
		if a.Name == name {
			return a
		}
	}
	return Arm{}
}

// Corpus is the corpus of that name; the zero CorpusInfo for none.
func (h Header) Corpus(name string) CorpusInfo {
	for _, c := range h.Corpora {
		if c.Name == name {
			return c
		}
	}
	return CorpusInfo{}
}

// CorpusInfo says what was measured.
type CorpusInfo struct {
	Name   string `json:"name"`
	Source string `json:"source"` // "embedded", a path, "stdin"
	Bytes  int64  `json:"bytes"`
	Files  int    `json:"files"`
	Digest string `json:"digest,omitempty"` // corpus.Corpus.Digest; "" in old journals
}

// Cpus is how many CPUs the run may use.
func (l *Log) Cpus() int { return machine.Usable(l.Header.Machine) }

// CellLog is one cell's share of a Log.
type CellLog struct {
	Cell     result.Cell
	Facts    *worker.Ready // what its first worker said; nil before that, and then nothing is verified
	Hello    *worker.Hello // the same worker's greeting; nil before that, and in old journals
	Whole    *Whole        // of the corpus; nil where it was not computed
	Forks    []result.Fork
	Failed   *Failure
	Checksum uint64
}

// Failure is why a cell is out.
type Failure struct {
	Status string `json:"status"` // StatusFailed or StatusUnavailable
	Error  string `json:"error"`
	Stderr string `json:"stderr,omitempty"`
}

// Record is one step of a run: exactly one part is set.
type Record struct {
	Header   *Header       `json:"header,omitempty"`
	Whole    []Whole       `json:"whole,omitempty"`
	Schedule *Schedule     `json:"layout,omitempty"`
	Round    *Round        `json:"round,omitempty"`
	Fail     *FailedRecord `json:"fail,omitempty"`
	End      *End          `json:"end,omitempty"`
}

// Round is one round of forks of one group, all of them whole.
type Round struct {
	Elapsed int64       `json:"elapsed_ns"` // of the run so far
	Forks   []CellForks `json:"forks"`
}

// CellForks is one cell's fork of a round.
type CellForks struct {
	Cell     int           `json:"cell"`
	Fork     result.Fork   `json:"fork"`
	Facts    *worker.Ready `json:"facts,omitempty"` // with the cell's first fork
	Hello    *worker.Hello `json:"hello,omitempty"` // the same
	Checksum uint64        `json:"checksum,omitempty"`
}

// FailedRecord takes a cell out.
type FailedRecord struct {
	Cell    int     `json:"cell"`
	Failure Failure `json:"failure"`
}

// End closes a sitting.
type End struct {
	Elapsed  int64 `json:"elapsed_ns"`
	Complete bool  `json:"complete"`
}

// apply takes a record in. An error means that the records do not belong
// together.
func (l *Log) apply(r Record) error {
	switch {
	case r.Header != nil:
		if l.Cells != nil {
			return fmt.Errorf("a second header")
		}
		l.Header = *r.Header
		l.Cells = make([]CellLog, len(r.Header.Cells))
		for i, c := range r.Header.Cells {
			l.Cells[i].Cell = c
		}
		return nil
	case l.Cells == nil:
		return fmt.Errorf("no header")
	case r.Whole != nil:
		for i := range r.Whole {
			w := &r.Whole[i]
			if err := w.check(len(l.Cells)); err != nil {
				return fmt.Errorf("whole corpus: %w", err)
			}
			for _, c := range w.Cells {
				l.Cells[c].Whole = w
			}
		}
	case r.Schedule != nil:
		if err := r.Schedule.check(len(l.Cells)); err != nil {
			return fmt.Errorf("schedule: %w", err)
		}
		l.Schedule = r.Schedule
	case r.Round != nil:
		for _, f := range r.Round.Forks {
			if f.Cell < 0 || f.Cell >= len(l.Cells) {
				return fmt.Errorf("fork of cell %d: there are %d", f.Cell, len(l.Cells))
			}
			if err := checkFork(f.Fork); err != nil {
				return fmt.Errorf("fork of cell %d: %w", f.Cell, err)
			}
			c := &l.Cells[f.Cell]
			if f.Facts != nil {
				c.Facts, c.Hello = f.Facts, f.Hello
			}
			if c.Facts == nil {
				return fmt.Errorf("fork of cell %d before its facts", f.Cell)
			}
			c.Checksum = f.Checksum
			c.Forks = append(c.Forks, f.Fork)
		}
		l.Elapsed, l.End = r.Round.Elapsed, nil
	case r.Fail != nil:
		if r.Fail.Cell < 0 || r.Fail.Cell >= len(l.Cells) {
			return fmt.Errorf("failure of cell %d: there are %d", r.Fail.Cell, len(l.Cells))
		}
		l.Cells[r.Fail.Cell].Failed = &r.Fail.Failure
	case r.End != nil:
		l.End, l.Elapsed = r.End, r.End.Elapsed
	default:
		return fmt.Errorf("an empty record")
	}
	return nil
}

// checkFork reports whether the columns are of equal length and possible.
func checkFork(f result.Fork) error {
	n := len(f.WallNS)
	for _, l := range []int{len(f.Turn), len(f.First), len(f.Tasks), len(f.CPUNS), len(f.IdleNS), len(f.WaitNS), len(f.Collect), len(f.CollectBefore)} {
		if l != n {
			return fmt.Errorf("columns of %d and %d entries", n, l)
		}
	}
	if len(f.Before) != len(f.After) || len(f.Before) != 0 && len(f.Before) != n {
		return fmt.Errorf("%d and %d sentinel times for %d slices", len(f.Before), len(f.After), n)
	}
	for i := range n {
		if f.WallNS[i] <= 0 || f.Tasks[i] <= 0 || f.CPUNS[i] < 0 {
			return fmt.Errorf("slice %d: wall_ns %d, tasks %d, cpu_ns %d", i, f.WallNS[i], f.Tasks[i], f.CPUNS[i])
		}
	}
	return nil
}
