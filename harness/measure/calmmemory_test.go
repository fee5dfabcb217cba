package measure

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/machine"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// calmLog is a run that has seen sentinels of so many nanoseconds.
func calmLog(fingerprint, compiler string, started time.Time, ns int64) *journal.Log {
	f := result.NewFork(0)
	for i := range 200 {
		f.Add(i, 0, worker.Sample{Tasks: 1, WallNS: 1000, CPUNS: 1000, SentinelNS: []int64{ns, ns}}, worker.Idle{})
	}
	return &journal.Log{
		Header: journal.Header{Machine: machine.Info{Fingerprint: fingerprint}, Build: result.Build{Go: compiler}, Plan: result.PlanInfo{Started: started}},
		Cells:  []journal.CellLog{{Facts: &worker.Ready{PassNS: 1, Lanes: 1}, Forks: []result.Fork{f}}},
	}
}

func toldOf(m calmMemory, fingerprint, compiler string) (ns, runs int) {
	told := m.told(machine.Info{Fingerprint: fingerprint}, result.Build{Go: compiler})
	if len(told) != 1 || told[0].Lanes != 1 {
		return 0, 0
	}
	return int(told[0].SentinelNS + 0.5), told[0].Runs
}

func TestCalmMemory(t *testing.T) {
	m := calmMemory{filepath.Join(t.TempDir(), "not", "there", "yet")}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	expect := func(what string, wantNS, wantRuns int) {
		t.Helper()
		if ns, runs := toldOf(m, "a", "go1"); ns != wantNS || runs != wantRuns {
			t.Errorf("%s: %d ns by %d runs, want %d by %d", what, ns, runs, wantNS, wantRuns)
		}
	}
	expect("nothing", 0, 0)
	m.remember(calmLog("a", "go1", at, 900))
	m.remember(calmLog("a", "go1", at.Add(1), 700))
	m.remember(calmLog("a", "go1", at.Add(2), 800))
	expect("three runs", 700, 3)
	m.remember(calmLog("b", "go1", at.Add(3), 500))
	m.remember(calmLog("a", "go2", at.Add(4), 600))
	expect("another machine, another compiler", 700, 3)
	m.remember(calmLog("a", "go1", at.Add(2), 750))
	expect("a run that went on", 700, 3)
	programs := calmLog("a", "go1", at.Add(5), 400)
	programs.Header.Verdicts = true
	m.remember(programs)
	expect("a comparison of programs", 700, 3)
	for i := range calmKept {
		m.remember(calmLog("a", "go1", at.Add(time.Duration(10+i)), 850))
	}
	expect("many later runs", 850, calmKept)
}

// What cannot be read or written costs nothing but what it knows, and a damaged file is
// written anew.
func TestCalmMemoryNowhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, m := range map[string]calmMemory{"none": {}, "a file": {file}} {
		m.remember(calmLog("a", "go1", at, 900))
		if _, runs := toldOf(m, "a", "go1"); runs != 0 {
			t.Errorf("%s: remembered", name)
		}
	}
	m := calmMemory{t.TempDir()}
	m.remember(calmLog("", "go1", at, 900))
	if entries, err := os.ReadDir(m.dir); err != nil || len(entries) != 0 {
		t.Errorf("a machine without a fingerprint: %v, %v", entries, err)
	}
	for _, text := range []string{"", "{", `{"schema":"other","runs":[{"build":"go1  ","calm":[{"lanes":1,"sentinel_ns":1}]}]}`, `{"schema":"zstdshop/calm/v1","runs":[{"build":"go1  ","calm":[{"lanes":1,"sentinel_ns":-1}]}]}`} {
		if err := os.WriteFile(m.path(machine.Info{Fingerprint: "a"}), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if ns, runs := toldOf(m, "a", "go1"); runs != 0 {
			t.Errorf("%q: %d ns", text, ns)
		}
		m.remember(calmLog("a", "go1", at, 900))
		if ns, _ := toldOf(m, "a", "go1"); ns != 900 {
			t.Errorf("after %q: %d ns, want 900", text, ns)
		}
	}
}

// A run is told by those before it, and tells those after it; a comparison of two programs
// neither.
func TestRunsTellCalm(t *testing.T) {
	q := simRequest(t, newSim())
	q.Calm = t.TempDir()
	for _, want := range []int{0, 1, 2} {
		s := newSim()
		q.launcher, q.now, q.Begun = s, func() time.Time { return s.now }, s.now.Add(time.Duration(want)*time.Hour)
		log, err := Run(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		for _, c := range log.Header.Plan.Calm {
			got = max(got, c.Runs)
		}
		q.Programs = make([]Program, 2)
		if asked := q.header(nil, nil, nil, nil, nil).Plan.Calm; asked != nil {
			t.Errorf("a comparison of programs was told %+v", asked)
		}
		q.Programs = nil
		if got != want {
			t.Errorf("told by %d runs, want %d: %+v", got, want, log.Header.Plan.Calm)
		}
	}
}
