package reports

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zstdshop/harness/result"
)

// gateOf is the result of a gate of n cells, of which some went wrong.
func gateOf(n int) *result.Result {
	r := &result.Result{Sides: &result.TwoSides{Old: "not known", New: "not known"}, Plan: result.PlanInfo{Started: time.Unix(1e9, 0), Confidence: 0.95, Complete: true}}
	lo, hi, old, new := 1.04, 1.06, 1000.0, 1050.0
	more := int64(12e9)
	for i := range n {
		name := fmt.Sprintf("scenario=compress/corpus=a|b<script>/codec=c/level=3/runner=pool/workers=%d", i+1)
		for _, side := range []string{result.SideOld, result.SideNew} {
			corpus, codec, level := "a|b<script>", "c", 3
			c := result.CellResult{Cell: result.Cell{Scenario: "compress", Corpus: corpus, Codec: codec, Level: level, Runner: "pool", Workers: i + 1, Build: side}, Status: result.StatusOK, NSPerOp: &result.Interval{Est: 1000}, Samples: []result.Fork{}, Warnings: []string{}}
			c.Name = c.Cell.Name()
			r.Cells = append(r.Cells, c)
		}
		outcome := []string{result.OutcomePass, result.OutcomeRegression, result.OutcomeUndecided, result.OutcomeFailed, result.OutcomeAccepted}[i%5]
		c := result.Check{Cell: name, Metric: result.MetricTime, Outcome: outcome, Old: &old, New: &new, Limit: 0.03,
			Change: &result.Ratio{Est: 1.05, Lo: &lo, Hi: &hi, Confidence: 0.99}}
		switch outcome {
		case result.OutcomeUndecided:
			c.MoreNS = &more
		case result.OutcomeFailed:
			c.Change, c.Reason = nil, "new failed: worker\ndied ]]> & \x1b[31m"
		case result.OutcomeAccepted:
			c.Reason = "checks what it wrote"
		}
		r.Checks = append(r.Checks, c)
	}
	return r
}

func TestGoldenGate(t *testing.T) {
	r := gateOf(7)
	var text bytes.Buffer
	if err := Write(&text, "table", r, Options{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "gate.txt", text.Bytes())
	summary, err := Summary(r)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "gate.md", summary)
	golden(t, "gate.annotations", Annotations(r))
	junit, err := JUnit(r, true)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "gate.xml", junit)
}

// The worst comes first, whatever the order of the cells.
func TestGateOrder(t *testing.T) {
	var text bytes.Buffer
	if err := Write(&text, "table", gateOf(10), Options{}); err != nil {
		t.Fatal(err)
	}
	at := -1
	for _, word := range []string{"│ failed", "│ regression", "│ undecided", "│ accepted", "│ pass"} {
		n := strings.Index(text.String(), word)
		if n <= at {
			t.Errorf("%q is at %d, want it after what is worse at %d", word, n, at)
		}
		at = n
	}
}

// What a narrow terminal shows of a gate of one cell are its figures.
func TestGateOfOneCell(t *testing.T) {
	var text bytes.Buffer
	if err := Write(&text, "table", gateOf(1), Options{Width: 80}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"all compress a|b<script> c@3 pool workers=1", "│      old │      new │", "1.000 µs │ 1.050 µs"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, text.String())
		}
	}
}

// A change of a count stands beside the limit that it is held against, in its unit.
func TestGateCounts(t *testing.T) {
	number := func(v float64) *float64 { return &v }
	c := result.Check{Cell: "codec=c", Metric: result.MetricAllocs, Outcome: result.OutcomePass, Old: number(0.38), New: number(0.455),
		Change: &result.Ratio{Est: 1.198, Confidence: 1}, Slack: 0.5}
	if change, limit := changeText(c), drawLimit(c); change != "+0.08" || limit != "+0.5" {
		t.Errorf("change %s, limit %s; want +0.08 and +0.5", change, limit)
	}
	c.Limit, c.New = 2, number(3)
	if change, limit := changeText(c), drawLimit(c); change != "+2.62" || limit != "+2" {
		t.Errorf("change %s, limit %s; want +2.62 and +2", change, limit)
	}
}

// "Slower" in a verdict and "no regression" in the gate's answer agree by the limit, so
// that is named wherever the gate answers.
func TestGateNamesTheLimit(t *testing.T) {
	for _, c := range []struct {
		outcome, want string
	}{
		{result.OutcomePass, "Pass: none of 2 checks is beyond its limit (time/task +3 % to +5 %)."},
		{result.OutcomeUndecided, "Undecided: no regression beyond the limit (time/task +3 % to +5 %) was found, and 2 of 2 checks could not be decided."},
		{result.OutcomeRegression, "time/task +5.0 % (+4.0 %..+6.0 %) where +3 % is allowed"},
	} {
		r := gateOf(2)
		for i := range r.Checks {
			r.Checks[i].Outcome = c.outcome
		}
		r.Checks[1].Limit = 0.05
		if got := gateClosing(r); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q in it", c.outcome, got, c.want)
		}
	}
}

// Sides that are the same program were not measured.
func TestGateOfOneProgram(t *testing.T) {
	r := gateOf(2)
	r.Cells = nil
	for i := range r.Checks {
		r.Checks[i] = result.Check{Cell: r.Checks[i].Cell, Metric: result.MetricTime, Outcome: result.OutcomePass, Limit: 0.03}
	}
	r.Warnings = []result.Warning{{Code: "same_program", Text: "both sides are the same program"}}
	var text bytes.Buffer
	if err := Write(&text, "table", r, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"gate 2 passed of 2", "note: both sides are the same program", "Pass: both sides are the same program, so none of 2 checks is beyond its limit (time/task +3 %).\n"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, text.String())
		}
	}
	for _, name := range Formats() {
		if err := Write(&text, name, r, Options{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestShortName(t *testing.T) {
	for name, want := range map[string]string{
		"scenario=compress/corpus=logs/codec=a/level=3/runner=pool/workers=2": "compress logs a@3 pool workers=2",
		"corpus=logs/level=3/runner=single":                                   "logs level=3 single",
		"scenario=cpuburn/runner=single/workers=1/iters=5":                    "cpuburn single workers=1 iters=5",
		"level=3": "level=3",
		"":        "",
	} {
		if got := shortName(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// GitHub shows ten annotations and refuses summaries of a MiB.
func TestGateWithinWhatGitHubTakes(t *testing.T) {
	r := gateOf(1000)
	if n := bytes.Count(Annotations(r), []byte("\n")); n != maxAnnotations {
		t.Errorf("%d annotations of 600 checks that did not pass, want %d", n, maxAnnotations)
	}
	if n := bytes.Count(Annotations(gateOf(5)), []byte("\n")); n != 3 {
		t.Errorf("%d annotations of 3 checks that did not pass", n)
	}
	for _, cells := range []int{1000, 5000, 20000} {
		if cells > 1000 && testing.Short() {
			break
		}
		s, err := Summary(gateOf(cells))
		if err != nil {
			t.Fatal(err)
		}
		if len(s) >= maxSummary || !bytes.Contains(s, []byte("Regression: ")) {
			t.Errorf("%d cells: a summary of %d bytes, want less than %d, with the verdict", cells, len(s), maxSummary)
		}
	}
}

// What is undecided is a failure where it fails the gate.
func TestJUnitCounts(t *testing.T) {
	for _, c := range []struct {
		strict                    bool
		failures, errors, skipped int
	}{{true, 4, 2, 2}, {false, 2, 2, 4}} {
		text, err := JUnit(gateOf(10), c.strict)
		if err != nil {
			t.Fatal(err)
		}
		var got junitSuites
		if err := xml.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		s := got.Suites[0]
		if s.Failures != c.failures || s.Errors != c.errors || s.Skipped != c.skipped || s.Tests != 10 || got.Failures != c.failures {
			t.Errorf("undecided fails %v: %+v, want %d failures, %d errors, %d skipped", c.strict, s, c.failures, c.errors, c.skipped)
		}
	}
}

func TestJUnitSchema(t *testing.T) {
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed (Debian: libxml2-utils)")
	}
	text, err := JUnit(gateOf(7), true)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "gate.xml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(lint, "--noout", "--schema", filepath.Join("testdata", "junit.xsd"), path).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// A note on what is undecided names no time that nobody waits for, and says then from what
// change on it is told; nor one that nobody can tell.
func TestGateNotesOfLongTimes(t *testing.T) {
	lo, hi, more := 0.98, 1.08, int64(2*time.Hour)
	for _, c := range []struct {
		more *int64
		want string
	}{
		{&more, "this machine does not tell in an hour; in the time given it tells differences of 5 %"},
		{nil, "its rounds are too few or too noisy to say how much longer it would take"},
	} {
		check := result.Check{Cell: "scenario=compress", Metric: result.MetricTime, Outcome: result.OutcomeUndecided,
			Change: &result.Ratio{Est: 1.03, Lo: &lo, Hi: &hi}, MoreNS: c.more}
		if got := gateNotes([]result.Check{check}); len(got) != 1 || got[0] != "compress, time/task: undecided; "+c.want {
			t.Errorf("notes are %q, want %q", got, c.want)
		}
	}
}
