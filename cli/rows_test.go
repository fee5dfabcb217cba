package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

func rowOf(workload string, planted int, verdict string, ratio float64) analyze.Trial {
	return analyze.Trial{TrialKind: analyze.TrialKind{Method: comparing(workload), Workload: workload, Planted: planted, Budget: time.Second}, Verdict: verdict,
		Ratio: result.Ratio{Est: ratio, Confidence: 0.99}, Pairs: 9, Took: time.Second, Logs: []float64{0.1}}
}

// What a sitting wrote is there for the next; a line cut by a kill is not, and
// rows of another method do not count.
func TestRowsGoOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows.jsonl")
	first, err := openRows(path)
	if err != nil {
		t.Fatal(err)
	}
	foreign := rowOf("pool", 0, result.VerdictSlower, 1)
	foreign.Method = comparing("klauspost") // the way in which one worker is compared
	for _, r := range []analyze.Trial{rowOf("pool", 0, result.VerdictEquivalent, 1), foreign} {
		if err := first.add(r); err != nil {
			t.Fatal(err)
		}
	}
	first.close()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(`{"method":"cut`)
	f.Close()

	second, err := openRows(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(second.all) != 1 || second.counts()[rowOf("pool", 0, "", 1).TrialKind] != 1 {
		t.Fatalf("read %+v, want the one row of this method", second.all)
	}
	if err := second.add(rowOf("pool", 50, result.VerdictSlower, 1.05)); err != nil {
		t.Fatal(err)
	}
	second.close()
	text, _ := os.ReadFile(path)
	if n := strings.Count(string(text), "\n"); n != 3 || strings.Contains(string(text), "cut") {
		t.Errorf("the file has %d lines: %s", n, text)
	}
}

func TestRowsDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows.jsonl")
	if err := os.WriteFile(path, []byte("{}\nnonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openRows(path); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v, want the line named", err)
	}
	if text, _ := os.ReadFile(path); string(text) != "{}\nnonsense\n" {
		t.Errorf("a damaged file was changed: %q", text)
	}
}

func TestCalibrationTable(t *testing.T) {
	rows := []analyze.Trial{
		rowOf("a", 50, result.VerdictSlower, 1.05), rowOf("a", 50, result.VerdictUndecided, 1.04),
		rowOf("a", 0, result.VerdictEquivalent, 1.001), rowOf("a", 0, result.VerdictFaster, 0.97),
		rowOf("a", 0, result.VerdictUndecided, 1), rowOf("a", 0, result.VerdictSlower, 1.03),
	}
	var out strings.Builder
	if err := writeCalibration(&out, analyze.Calibrations(rows)); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	for i, want := range map[int]string{
		0: "planted 0.0 %, at most 1s a verdict, equivalent within 0 %:",
		1: "workload n slower faster equal undecided right bounds time spread mde seen",
		2: "a 4 1 1 1 1 50 % 15..85 % 1s 2.45 % - -",
		4: "planted 5.0 %, at most 1s a verdict, equivalent within 0 %:",
		6: "a 2 1 0 0 1 50 % 9..91 % 1s 0.68 % - -",
	} {
		if got := strings.Join(strings.Fields(lines[i]), " "); got != want {
			t.Errorf("line %d: %s, want %s", i, got, want)
		}
	}
	for _, line := range lines {
		if len(line) > calibrationWidth {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
}
