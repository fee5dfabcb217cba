package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zstdshop/harness/result"
)

// compared is a comparison of one cell a word: "METRIC:VERDICT,...", or
// "OLD/NEW", the statuses of sides that were not compared.
func compared(words string) *result.Result {
	r := &result.Result{}
	for i, word := range strings.Fields(words) {
		was, is, failed := strings.Cut(word, "/")
		if !failed {
			was, is = result.StatusOK, result.StatusOK
		}
		for side, status := range map[string]string{result.SideOld: was, result.SideNew: is} {
			c := result.CellResult{Cell: result.Cell{Scenario: "s", Workers: i, Build: side}, Status: status}
			if status == result.StatusOK && word != "ok/ok" {
				c.NSPerOp = &result.Interval{Est: 1}
			}
			c.Name = c.Cell.Name()
			r.Cells = append(r.Cells, c)
		}
		if failed {
			continue
		}
		s := result.SidesOf(r)[i]
		for verdict := range strings.SplitSeq(word, ",") {
			metric, verdict, _ := strings.Cut(verdict, ":")
			r.Comparisons = append(r.Comparisons, result.Comparison{Old: s.Old.Name, New: s.New.Name, Metric: metric, Verdict: verdict})
		}
	}
	return r
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		cells, failOn string
		status        int
		said          string
	}{
		{"time:slower time:undecided,ratio:worse ok/failed", "", exitOK, ""},
		{"time:slower time:faster", "slower", exitFailed, "1 cell slower"},
		{"time:slower time:slower", "slower,undecided", exitFailed, "2 cells slower"},
		{"time:faster time:equivalent", "slower,worse,undecided", exitOK, ""},
		{"time:slower", "worse,undecided", exitOK, ""},
		{"time:slower,ratio:worse", "worse", exitFailed, "1 cell worse in ratio or allocations"},
		{"time:undecided", "undecided", exitUndecided, "1 cell undecided"},
		{"time:undecided", "slower", exitOK, ""},
		{"time:slower time:undecided", "slower,undecided", exitFailed, "1 cell slower"},
		{"time:equivalent ok/failed", "slower", exitFailed, "1 cell failed in NEW alone"},
		{"time:equivalent ok/failed", "undecided", exitUndecided, "1 cell without a verdict"},
		{"time:equivalent failed/ok failed/failed", "slower,worse", exitOK, ""},
		{"time:equivalent unmeasured/ok", "undecided", exitUndecided, "1 cell without a verdict"},
		{"time:equivalent unavailable/unavailable ok/ok", "undecided", exitOK, ""},
		{"time:equivalent unavailable/ok", "undecided", exitUndecided, "1 cell without a verdict"},
		{"ok/failed failed/failed", "", exitUsage, "no cell could be compared"},
	} {
		err := judge(compared(c.cells), strings.Split(c.failOn, ","))
		status, said := exitOK, ""
		if err != nil {
			status, said = exitUsage, err.Error()
		}
		if e, ok := errors.AsType[*exitError](err); ok {
			status = e.status
		}
		if status != c.status || !strings.Contains(said, c.said) || c.said == "" && said != "" {
			t.Errorf("%q with %q: %d, %q; want %d, %q", c.cells, c.failOn, status, said, c.status, c.said)
		}
	}
}

// What an argument is told by its ending, and by whether it can be run.
func TestSidesOf(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	run, text, result := file("run.exe", 0o755), file("text", 0o644), file("result.json", 0o755)
	for _, c := range []struct {
		old, new string
		programs bool
		want     string // part of the error
	}{
		{run, run, true, ""},
		{result, result, false, ""},
		{result, "-", false, ""},
		{"missing.json", "-", false, ""}, // told when it is read
		{result, text, false, ""},
		{"-", "-", false, "not both"},
		{run, result, false, "name two of a kind"},
		{text, run, false, "name two of a kind"},
		{run, dir, false, "it is a folder"},
		{run, filepath.Join(dir, "missing"), false, "no such file"},
	} {
		got, err := sidesOf([]string{c.old, c.new})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s, %s: error %v, want %q", c.old, c.new, err, c.want)
		}
		if (got != nil) != c.programs {
			t.Errorf("%s, %s: programs %v", c.old, c.new, got)
		}
	}
}
