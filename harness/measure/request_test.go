package measure

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"zstdshop/harness/internal/standin"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
	"zstdshop/scenarios/corpus"
)

// simRequest asks for the cells of simPlan, of a sim whose data is a file of the
// present folder.
func simRequest(t *testing.T, s *sim) Request {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("data", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s.now = time.Now().Add(1000 * time.Hour) // see simEngine
	p, reg := simPlan(), standin.Registry(t)
	cells, err := p.Cells(reg)
	if err != nil {
		t.Fatal(err)
	}
	return Request{
		Registry: reg, Cells: cells, Data: map[string]Data{"data": simData{640}},
		Budget: p.Budget, Precision: p.Precision, Delta: 0.02, Seed: p.Seed, Timeout: 7 * time.Second, Begun: s.now,
		Args: []string{"bench", "--level", "3"}, State: "state", launcher: s, now: func() time.Time { return s.now },
	}
}

func TestRequestRefuses(t *testing.T) {
	s := newSim()
	good := simRequest(t, s)
	name := good.Cells[0].Name()
	for _, c := range []struct {
		want string
		edit func(q *Request)
	}{
		{"no cell", func(q *Request) { q.Cells = nil }},
		{"1 programs", func(q *Request) { q.Programs = make([]Program, 1) }},
		{"budget 0s", func(q *Request) { q.Budget = 0 }},
		{"timeout 0s", func(q *Request) { q.Timeout = 0 }},
		{"delta 0", func(q *Request) { q.Delta = 0 }},
		{"precision 1", func(q *Request) { q.Precision = 1 }},
		{"limits need two programs", func(q *Request) { q.Limits = map[string]result.Limits{name: {}} }},
		{"is there twice", func(q *Request) { q.Cells = append(q.Cells[:1:1], q.Cells[0]) }},
		{"has a side", func(q *Request) { q.Cells = result.BothSides(q.Cells) }},
		{"no program for that language", func(q *Request) { q.Cells = []result.Cell{{Scenario: "burn", Runner: "single", Language: "python"}} }},
		{"no cell is the reference", func(q *Request) { q.Reference = "codec=fast" }},
		{"does not speak the worker protocol", func(q *Request) { q.Programs = []Program{{}, {Name: "new", Path: filepath.Join("no", "where")}} }},
		{"has no place for corpora", func(q *Request) { q.State, q.Data, q.Corpora = "", nil, make([]*corpus.Corpus, 1) }},
	} {
		q := good
		c.edit(&q)
		if _, err := Run(t.Context(), q); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
	if len(s.log) > 0 {
		t.Error("something was measured")
	}
	if _, err := journal.LastRun("state"); !errors.Is(err, journal.ErrNoRun) {
		t.Errorf("a refused run is kept: %v", err)
	}
}

// What a request says is in the journal, and two programs make two sides.
func TestRunOfTwoPrograms(t *testing.T) {
	s := newSim()
	q := simRequest(t, s)
	q.Programs = []Program{{}, {Redo: 50}}
	q.Warnings = []result.Warning{{Code: "note"}}
	q.Limits = map[string]result.Limits{q.Cells[0].Name(): {result.MetricTime: 0.5}}
	if _, err := Run(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	dir, err := journal.LastRun("state")
	if err != nil {
		t.Fatal(err)
	}
	log, err := journal.ReadJournal(dir)
	if err != nil {
		t.Fatal(err)
	}
	h := log.Header
	if len(h.Cells) != 2*len(q.Cells) || !h.Verdicts || h.Arm(result.SideNew).Redo != 50 || len(h.Limits) != 1 || len(h.Warnings) != 2 || h.Sides == nil ||
		h.Plan.Seed != q.Seed || h.Timeout != int64(q.Timeout) || len(h.Corpora) != 1 || h.Plan.Args[2] != "3" {
		t.Errorf("the journal has %+v", h)
	}
	if end := log.End; end == nil || !end.Complete || s.alive != 0 {
		t.Errorf("ended as %+v with %d workers alive, want a whole run and none", end, s.alive)
	}
}

// A run that is not kept leaves no file, and goes without a pilot run where it is
// given a schedule.
func TestRunInMemory(t *testing.T) {
	s := newSim()
	q := simRequest(t, s)
	q.State, q.Begun = "", time.Time{}
	q.Programs = make([]Program, 2)
	log, err := Run(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	workers := func() int {
		n := 0
		for _, started := range s.starts {
			n += started
		}
		return n
	}
	forks := func(log *journal.Log) int {
		n := 0
		for _, c := range log.Cells {
			n += len(c.Forks)
		}
		return n
	}
	if workers() <= forks(log) {
		t.Fatalf("%d workers for %d forks: was there a pilot run?", workers(), forks(log))
	}
	before := workers()
	q.Schedule = log.Schedule
	if log, err = Run(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	if n := workers() - before; n != forks(log) {
		t.Errorf("%d workers for %d forks, want no pilot run", n, forks(log))
	}
	if entries, _ := os.ReadDir("."); len(entries) != 1 {
		t.Errorf("the folder holds %v, want data only", entries)
	}
}

// interrupted runs q until the sim has done so many slices.
func interrupted(t *testing.T, s *sim, q Request, slices int) *journal.Log {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s.onSlice = func(result.Cell, int, *worker.Sample) error {
		if len(s.log) < slices {
			return nil
		}
		s.onSlice = nil
		cancel()
		return ctx.Err()
	}
	log, err := Run(ctx, q)
	if !errors.Is(err, context.Canceled) || log == nil {
		t.Fatalf("error %v, want it with a log", err)
	}
	return log
}

// What a run was told is part of the run: it goes on from its journal alone.
func TestResume(t *testing.T) {
	s := newSim()
	s.noise = 0.5 // never precise enough to stop early
	q := simRequest(t, s)
	first := interrupted(t, s, q, 600)
	again, err := Resumed(q.Registry, "state")
	if err != nil {
		t.Fatal(err)
	}
	if left := q.Budget - time.Duration(first.Elapsed); again.Budget != left || again.Timeout != q.Timeout || again.Seed != q.Seed || fmt.Sprint(again.Args) != fmt.Sprint(q.Args) {
		t.Errorf("read back %+v, want what the run was told, and %v left", again, left)
	}
	again.launcher, again.now, again.Begun = s, q.now, s.now
	log, err := Run(t.Context(), again)
	if err != nil {
		t.Fatal(err)
	}
	if !log.End.Complete || len(log.Cells[0].Forks) <= len(first.Cells[0].Forks) {
		t.Errorf("%d forks after %d, end %+v: want a whole run", len(log.Cells[0].Forks), len(first.Cells[0].Forks), log.End)
	}
	if a, b := log.Cells[0].Forks[0].WallNS, first.Cells[0].Forks[0].WallNS; !slices.Equal(a, b) {
		t.Error("the first fork is not that of the journal")
	}
	if again, err = Resumed(q.Registry, "state"); err != nil {
		t.Fatal(err)
	}
	if _, err = Run(t.Context(), again); err == nil || !strings.Contains(err.Error(), "nothing to resume: the last run") {
		t.Errorf("a complete run: %v", err)
	}
}

// A run to which nothing can be added is refused, with the reason and the command
// that starts it anew; its journal stays as it is.
func TestResumeRefuses(t *testing.T) {
	for _, c := range []struct {
		name, old, new string // in the journal
		want           string
	}{
		{"other program", `"binary":"`, `"binary":"0`, "cannot resume: the program has been rebuilt since, and its forks would not belong with the others; start it anew: zstdshop bench --level 3"},
		{"other machine", `"fingerprint":"`, `"fingerprint":"0`, "cannot resume: the run was begun on another machine"},
		{"no data", `"path":"data"`, `"path":"gone"`, "cannot resume: the run's data is gone"},
		{"damaged", `"samples":`, `"samples"`, "line 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSim()
			s.noise = 0.5
			q := simRequest(t, s)
			interrupted(t, s, q, 200)
			dir, err := journal.LastRun("state")
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "journal.jsonl")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			changed := strings.ReplaceAll(string(text), c.old, c.new)
			if changed == string(text) {
				t.Fatalf("%s is not in the journal", c.old)
			}
			if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
				t.Fatal(err)
			}
			again, err := Resumed(q.Registry, "state")
			if err == nil {
				again.launcher = s
				_, err = Run(t.Context(), again)
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if text, _ := os.ReadFile(path); string(text) != changed {
				t.Error("the journal was changed")
			}
		})
	}
	t.Chdir(t.TempDir())
	if _, err := Resumed(standin.Registry(t), "state"); err == nil || !strings.Contains(err.Error(), "nothing to resume: no saved run") {
		t.Errorf("without a run: %v", err)
	}
}

// Journals of before, which do not tell their timeout, go on with the usual one.
func TestResumeOfAnOldJournal(t *testing.T) {
	s := newSim()
	s.noise = 0.5
	q := simRequest(t, s)
	interrupted(t, s, q, 200)
	dir, err := journal.LastRun("state")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "journal.jsonl")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before := strings.Replace(string(text), `,"timeout_ns":7000000000`, "", 1)
	if before == string(text) {
		t.Fatal("the journal does not tell its timeout")
	}
	if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := Resumed(q.Registry, "state")
	if err != nil || again.Timeout != defaultTimeout {
		t.Fatalf("timeout %v, %v; want %v", again.Timeout, err, defaultTimeout)
	}
	again.launcher, again.now, again.Begun = s, q.now, s.now
	if log, err := Run(t.Context(), again); err != nil || !log.End.Complete {
		t.Errorf("%v, want a whole run", err)
	}
}
