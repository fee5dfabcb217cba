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
	if told := strings.Join(second.told, "\n"); !strings.Contains(told, "1 of 2 verdicts") || !strings.Contains(told, "cut off") {
		t.Errorf("told %q, want the row of another method and the cut line", told)
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
	good := `{"method":"m","workload":"w","budget_ns":1,"verdict":"slower","time_ratio":{"est":1.1},"took_ns":1}` + "\n"
	for damaged, want := range map[string]string{
		"nonsense": "line 2: ", "[1,2]": "line 2: array where", "{}": "line 2: no method",
		strings.Replace(good, "slower", "banana", 1): `line 2: verdict "banana"`,
	} {
		text := good + strings.TrimSpace(damaged) + "\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := openRows(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		if now, _ := os.ReadFile(path); string(now) != text {
			t.Errorf("a damaged file was changed: %q", now)
		}
	}
}

// A file is one command's at a time; the lines of two would run into each other.
func TestRowsOfOneAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows.jsonl")
	first, err := openRows(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openRows(path); err == nil || !strings.Contains(err.Error(), "another calibrate") {
		t.Errorf("the second got %v, want a refusal", err)
	}
	first.close()
	again, err := openRows(path)
	if err != nil {
		t.Fatalf("when the first is done: %v", err)
	}
	again.close()
}

// What is said of this machine rests on its own verdicts under the conditions asked for.
func TestCalibrationOfThisMachine(t *testing.T) {
	mine, others, loaded := rowOf("pool", 0, result.VerdictUndecided, 1), rowOf("pool", 0, result.VerdictFaster, 0.9), rowOf("pool", 0, result.VerdictFaster, 0.9)
	mine.Machine, others.Machine, loaded.Machine, loaded.Note = "here", "there", "here", "burner"
	for _, c := range []struct {
		here, note, want string
	}{
		{"here", "", "as far as 1 equals tell: 0 were"}, {"here", "burner", "CANNOT be trusted: 1 of 1 equals"},
		{"there", "", "CANNOT be trusted: 1 of 1 equals"}, {"nowhere", "", "No verdict is of this machine and these conditions. 3 of 3 verdicts"},
	} {
		var out strings.Builder
		if err := writeCalibration(&out, []analyze.Trial{mine, others, loaded}, c.here, c.note); err != nil {
			t.Fatal(err)
		}
		if text := strings.Join(strings.Fields(out.String()), " "); !strings.Contains(text, c.want) {
			t.Errorf("on %s, note %q: no %q in %s", c.here, c.note, c.want, text)
		}
	}
}

func TestCalibrationTable(t *testing.T) {
	rows := []analyze.Trial{
		rowOf("a", 50, result.VerdictSlower, 1.05), rowOf("a", 50, result.VerdictUndecided, 1.04),
		rowOf("a", 0, result.VerdictEquivalent, 1.001), rowOf("a", 0, result.VerdictFaster, 0.97),
		rowOf("a", 0, result.VerdictUndecided, 1), rowOf("a", 0, result.VerdictSlower, 1.03),
	}
	var out strings.Builder
	if err := writeCalibration(&out, rows, "", ""); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	for i, want := range map[int]string{
		0: "planted 0.0 %, at most 1s a verdict, equivalent within 0 %:",
		1: "workload n slower faster equal undecided right bounds time spread mde seen",
		2: "a 4 1 1 1 1 50 % 7..93 % 1s 2.45 % - -",
		4: "planted 5.0 %, at most 1s a verdict, equivalent within 0 %:",
		6: "a 2 1 0 0 1 50 % 1..99 % 1s 0.68 % - -",
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
