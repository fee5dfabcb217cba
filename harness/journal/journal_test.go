package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// journalled writes a run of two cells in three rounds and returns its journal.
func journalled(t testing.TB, state string) *Journal {
	t.Helper()
	j, err := CreateJournal(state, time.Unix(1e9, 0))
	if err != nil {
		t.Fatal(err)
	}
	cells := []result.Cell{{Scenario: "s", Runner: "r", Workers: 1}, {Scenario: "s", Runner: "r", Workers: 2}}
	records := []Record{
		{Header: &Header{Cells: cells, Plan: result.PlanInfo{Seed: 7}}},
		{Schedule: &Schedule{Groups: []GroupSchedule{{Cells: []int{0, 1}, Warm: []int{1, 2}, Windows: []Window{{0, 4}}, TurnNS: 10, FixedNS: 100}}}},
	}
	for round := range 3 {
		r := Round{Elapsed: int64(1+round) * 1e9}
		for i := range cells {
			f := result.NewFork(round)
			f.Add(0, 0, worker.Sample{Tasks: 4, WallNS: 1000, CPUNS: 900, SentinelNS: []int64{6000, 6100}}, worker.Idle{})
			one := CellForks{Cell: i, Fork: f}
			if round == 0 {
				one.Facts, one.Hello = &worker.Ready{Items: 4, PassNS: 1000}, &worker.Hello{Implementation: "test"}
			}
			r.Forks = append(r.Forks, one)
		}
		records = append(records, Record{Round: &r})
	}
	records = append(records, Record{End: &End{Elapsed: 3e9, Complete: true}})
	for _, r := range records {
		if err := j.Append(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return j
}

func TestJournalReadsBackTheLog(t *testing.T) {
	j := journalled(t, t.TempDir())
	got, err := ReadJournal(j.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := asJSON(t, got), asJSON(t, &j.Log); a != b {
		t.Errorf("the log differs after reading back:\n%.300s\n%.300s", a, b)
	}
	if got.End == nil || !got.End.Complete {
		t.Error("the end is lost")
	}
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// A kill may cut the journal at any byte: whole lines stay, the rest is passed
// over, and the run can go on.
func TestJournalCutAnywhere(t *testing.T) {
	j := journalled(t, t.TempDir())
	path := filepath.Join(j.Dir, FileName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(whole), "\n")
	headerEnd := len(lines[0])
	dir := t.TempDir()
	cutPath := filepath.Join(dir, FileName)
	step := max(len(whole)/500, 1)
	for cut := 0; cut <= len(whole); cut += step {
		if err := os.WriteFile(cutPath, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		log, err := ReadJournal(dir)
		if cut < headerEnd {
			if err == nil {
				t.Fatalf("cut at %d, inside the header: no error", cut)
			}
			continue
		}
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		wantRounds := strings.Count(string(whole[:cut]), "\n")
		resumed, err := ResumeJournal(dir)
		if err != nil {
			t.Fatalf("cut at %d: resume: %v", cut, err)
		}
		if err := resumed.Append(Record{End: &End{Elapsed: 1}}); err != nil {
			t.Fatal(err)
		}
		resumed.Close()
		data, _ := os.ReadFile(cutPath)
		if !strings.HasSuffix(string(data), "\n") {
			t.Fatalf("cut at %d: the rest of the cut line is still there after the resume", cut)
		}
		if got := strings.Count(string(data), "\n"); got != wantRounds+1 {
			t.Fatalf("cut at %d: %d lines after the resume, want %d", cut, got, wantRounds+1)
		}
		if again, err := ReadJournal(dir); err != nil || len(again.Cells) != len(log.Cells) {
			t.Fatalf("cut at %d: after the resume: %v", cut, err)
		}
	}
}

func TestJournalDamaged(t *testing.T) {
	header := `{"schema":"zstdshop/journal/v1","header":{"cells":[{"scenario":"s","runner":"r","workers":1}]}}` + "\n"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "is empty"},
		{"other schema", `{"schema":"zstdshop/journal/v9","header":{}}` + "\n", "v9"},
		{"nonsense line", header + "nonsense\n", "line 2"},
		{"two headers", header + header, "second header"},
		{"no header", `{"schema":"zstdshop/journal/v1","end":{}}` + "\n", "no header"},
		{"unknown cell", header + `{"fail":{"cell":7}}` + "\n", "cell 7"},
		{"fork before facts", header + `{"round":{"forks":[{"cell":0,"fork":{}}]}}` + "\n", "before its facts"},
		{"torn columns", header + `{"round":{"forks":[{"cell":0,"facts":{"items":1},"fork":{"wall_ns":[1,2],"tasks":[1]}}]}}` + "\n", "columns"},
		{"no warm-up", header + `{"layout":{"groups":[{"cells":[0],"windows":[{"first":0,"count":1}],"passes":1}]}}` + "\n", "0 warm-ups of 1 cells"},
		{"no window", header + `{"layout":{"groups":[{"cells":[0],"warm":[1],"passes":1}]}}` + "\n", "0 windows"},
		{"schedule of an unknown cell", header + `{"layout":{"groups":[{"cells":[7],"warm":[1],"windows":[{"first":0,"count":1}],"passes":1}]}}` + "\n", "cell 7"},
		{"empty record", header + "{}\n", "empty record"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, FileName), []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadJournal(dir); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func FuzzJournal(f *testing.F) {
	header := `{"schema":"zstdshop/journal/v1","header":{"cells":[{"scenario":"s","runner":"r","workers":1}]}}` + "\n"
	round := `{"round":{"forks":[{"cell":0,"facts":{"items":1,"pass_ns":1},"fork":{"turn":[0],"first":[0],"tasks":[1],"wall_ns":[5],"cpu_ns":[5],"idle_cpu_ns":[0],"collected":[0],"collected_before":[0],"warmup":1,"wait_ns":[0],"sentinel_before_ns":[6],"sentinel_after_ns":[6],"task_ns":[[5,1]],"timed_tasks":1}}]}}` + "\n"
	schedule := `{"layout":{"groups":[{"cells":[0],"warm":[1],"windows":[{"first":0,"count":1}],"passes":1}]}}` + "\n"
	whole := header + schedule + round + round + `{"end":{"complete":true}}` + "\n"
	if _, _, err := parseJournal(strings.NewReader(whole), "seed"); err != nil {
		f.Fatal(err) // it would teach nothing
	}
	f.Add([]byte(whole))
	f.Add([]byte(header + round[:len(round)-9]))
	f.Fuzz(func(t *testing.T, data []byte) {
		log, _, err := parseJournal(bytes.NewReader(data), "fuzz")
		if err != nil {
			return
		}
		// Whatever can be read can be shown.
		asJSON(t, log)
	})
}

func TestLastRun(t *testing.T) {
	state := t.TempDir()
	if _, err := LastRun(state); !errors.Is(err, ErrNoRun) {
		t.Errorf("no run: got %v, want ErrNoRun", err)
	}
	j := journalled(t, state)
	// A newer run that was killed before its header counts as none.
	empty, err := CreateJournal(state, time.Unix(2e9, 0))
	if err != nil {
		t.Fatal(err)
	}
	empty.Close()
	if got, err := LastRun(state); err != nil || got != j.Dir {
		t.Errorf("got %q, %v; want %q", got, err, j.Dir)
	}
}

// The newest run is the one that was begun last, also where the clock was set back, and
// the oldest ones go.
func TestLastRunAfterTheClockWasSetBack(t *testing.T) {
	state := t.TempDir()
	var made []string
	for i := range keepRuns + 2 {
		j, err := CreateJournal(state, time.Unix(2e9-int64(i), 0))
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Append(Record{Header: &Header{Cells: []result.Cell{{Scenario: "s"}}}}); err != nil {
			t.Fatal(err)
		}
		j.Close()
		made = append(made, j.Dir)
		if got, err := LastRun(state); err != nil || got != j.Dir {
			t.Fatalf("run %d: got %q, %v; want %q", i, got, err, j.Dir)
		}
	}
	if _, err := os.Stat(made[0]); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the first run is kept: %v", err)
	}
}

// A damaged run is told of, not passed over in favour of an older one.
func TestLastRunDamaged(t *testing.T) {
	state := t.TempDir()
	journalled(t, state)
	newer, err := CreateJournal(state, time.Unix(2e9, 0))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := newer.file.WriteString("nonsense\n"); err != nil {
		t.Fatal(err)
	}
	newer.Close()
	if got, err := LastRun(state); err != nil || got != newer.Dir {
		t.Errorf("got %q, %v; want %q", got, err, newer.Dir)
	}
}

// Two programs must not append to one journal.
func TestResumeRunning(t *testing.T) {
	running, err := CreateJournal(t.TempDir(), time.Unix(1e9, 0))
	if err != nil {
		t.Fatal(err)
	}
	header := Header{Cells: []result.Cell{{Scenario: "s", Runner: "r", Workers: 1}}}
	if err := running.Append(Record{Header: &header}); err != nil {
		t.Fatal(err)
	}
	if _, err := ResumeJournal(running.Dir); !errors.Is(err, ErrRunning) {
		t.Errorf("while it runs: got %v, want ErrRunning", err)
	}
	running.Close()
	resumed, err := ResumeJournal(running.Dir)
	if err != nil {
		t.Fatal(err)
	}
	defer resumed.Close()
	if _, err := ResumeJournal(running.Dir); !errors.Is(err, ErrRunning) {
		t.Errorf("while it is resumed: got %v, want ErrRunning", err)
	}
}

func TestJournalKeepsTheNewest(t *testing.T) {
	state := t.TempDir()
	for i := range keepRuns + 5 {
		j, err := CreateJournal(state, time.Unix(1e9+int64(i), 0))
		if err != nil {
			t.Fatal(err)
		}
		j.Close()
	}
	names := runNames(filepath.Join(state, "runs"))
	if len(names) != keepRuns || !strings.HasPrefix(names[0], time.Unix(1e9+5, 0).UTC().Format("20060102T150405")) {
		t.Errorf("%d runs kept, the oldest %s", len(names), names[0])
	}
}

func TestDropData(t *testing.T) {
	j, err := CreateJournal(t.TempDir(), time.Unix(1e9, 0))
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if err := os.WriteFile(filepath.Join(j.Dir, "logs.data"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := j.DropData(); err != nil {
		t.Fatal(err)
	}
	entries, _ := os.ReadDir(j.Dir)
	if len(entries) != 1 || entries[0].Name() != FileName {
		t.Errorf("left over: %v", entries)
	}
}

func TestStateDir(t *testing.T) {
	env := func(v string) func(string) string { return func(string) string { return v } }
	if got, err := StateDir(env("/s")); err != nil || got != filepath.FromSlash("/s/zstdshop") && filepath.Separator == '/' {
		t.Errorf("got %q, %v", got, err)
	}
	// A relative XDG_STATE_HOME is to be ignored (XDG Base Directory Specification).
	if got, err := StateDir(env("rel")); err == nil && strings.HasPrefix(got, "rel") {
		t.Errorf("a relative folder was taken: %q", got)
	}
}

// Data is kept for the one run that can be resumed, and for runs at work.
func TestCreateJournalDropsOldData(t *testing.T) {
	state := t.TempDir()
	var runs []*Journal
	for i := range 4 {
		j, err := CreateJournal(state, time.Unix(1e9+int64(i), 0))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(j.Dir, "logs.data"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if i != 1 { // the second is still going on
			j.Close()
		}
		runs = append(runs, j)
	}
	defer runs[1].Close()
	last, err := CreateJournal(state, time.Unix(1e9+9, 0))
	if err != nil {
		t.Fatal(err)
	}
	last.Close()
	for i, want := range []bool{false, true, false, true} {
		_, err := os.Stat(filepath.Join(runs[i].Dir, "logs.data"))
		if (err == nil) != want {
			t.Errorf("run %d: data there %v, want %v", i, err == nil, want)
		}
	}
}
