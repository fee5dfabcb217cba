package cli

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// The first of regression, failed and undecided that holds makes the status.
func TestGateStatus(t *testing.T) {
	const pass, red, open, failed, accepted = result.OutcomePass, result.OutcomeRegression, result.OutcomeUndecided, result.OutcomeFailed, result.OutcomeAccepted
	for _, c := range []struct {
		outcomes []string
		strict   bool
		want     int
	}{
		{[]string{pass, pass}, true, exitOK},
		{[]string{pass, accepted}, true, exitOK},
		{[]string{pass, open}, true, exitUndecided},
		{[]string{pass, open}, false, exitOK},
		{[]string{open, red}, true, exitFailed},
		{[]string{open, red}, false, exitFailed},
		{[]string{failed, open}, true, exitFailed},
	} {
		var checks []result.Check
		for _, o := range c.outcomes {
			checks = append(checks, result.Check{Outcome: o})
		}
		got := exitOK
		if e, ok := errors.AsType[*exitError](gateStatus(checks, c.strict)); ok {
			got = e.status
		}
		if got != c.want {
			t.Errorf("%v, undecided fails %v: status %d, want %d", c.outcomes, c.strict, got, c.want)
		}
	}
}

// A selftest phase is wrong only where its cells came out as they must not;
// undecided is not wrong.
func TestSelftestJudges(t *testing.T) {
	red, green, open, failed := result.OutcomeRegression, result.OutcomePass, result.OutcomeUndecided, result.OutcomeFailed
	for _, c := range []struct {
		wantRed  bool
		outcomes []string
		want     tally
		word     string
	}{
		{true, []string{red, red}, tally{right: 2}, "right"},
		{true, []string{red, green}, tally{right: 1, wrong: 1}, "WRONG"},
		{true, []string{red, open}, tally{right: 1, undecided: 1}, "undecided"},
		{true, []string{failed, red}, tally{right: 1, wrong: 1}, "WRONG"},
		{true, nil, tally{wrong: 1}, "WRONG"},
		{false, []string{green, green}, tally{right: 2}, "right"},
		{false, []string{green, open}, tally{right: 1, undecided: 1}, "undecided"},
		{false, []string{open, red}, tally{wrong: 1, undecided: 1}, "WRONG"},
		{false, []string{open, open}, tally{undecided: 2}, "undecided"},
		{false, nil, tally{wrong: 1}, "WRONG"},
	} {
		var checks []result.Check
		for _, o := range c.outcomes {
			checks = append(checks, result.Check{Outcome: o})
		}
		if got := (selftestPhase{red: c.wantRed}).judge(checks); got != c.want || got.word() != c.word {
			t.Errorf("red wanted %v, outcomes %v: %v, %s, want %v, %s", c.wantRed, c.outcomes, got, got.word(), c.want, c.word)
		}
	}
}

// repository is a git repository of three commits, the last on a branch.
func repository(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	do := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=t", "-c", "user.email=t@localhost"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
	do("init", "-q", "-b", "main")
	for _, n := range []string{"one", "two"} {
		if err := os.WriteFile(filepath.Join(dir, "file"), []byte(n), 0o600); err != nil {
			t.Fatal(err)
		}
		do("add", "file")
		do("commit", "-q", "-m", n)
	}
	do("checkout", "-q", "-b", "work")
	do("commit", "-q", "--allow-empty", "-m", "three")
	return dir
}

func TestDefaultBase(t *testing.T) {
	dir := repository(t)
	repo := git{dir: dir}
	at := func(revision string) string {
		commit, err := repo.commit(t.Context(), revision)
		if err != nil {
			t.Fatal(err)
		}
		return commit
	}
	base := func() string {
		name, err := repo.defaultBase(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return at(name)
	}
	if got := base(); got != at("main") {
		t.Errorf("on a branch: %s, want where it left main", got)
	}
	if _, err := repo.run(t.Context(), "checkout", "-q", "main"); err != nil {
		t.Fatal(err)
	}
	if got := base(); got != at("main~1") {
		t.Errorf("on main: %s, want the commit before", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := base(); got != at("main") {
		t.Errorf("on main with a change: %s, want HEAD", got)
	}
	for revision, want := range map[string]string{"nowhere": "no such commit", "--all": "it is no commit"} {
		if _, err := repo.commit(t.Context(), revision); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", revision, err, want)
		}
	}
	shallow := filepath.Join(t.TempDir(), "shallow")
	if out, err := exec.Command("git", "clone", "-q", "--depth=1", "file://"+dir, shallow).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if _, err := (git{dir: shallow}).commit(t.Context(), "main~1"); err == nil || !strings.Contains(err.Error(), "git fetch --unshallow") {
		t.Errorf("in a shallow clone: %v, want the command that fetches the rest", err)
	}
}

func TestAcceptedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accepted.yaml")
	f, err := readAccepted(path)
	if err != nil || len(f.Accepted) != 0 {
		t.Fatalf("a missing file: %v, %v", f, err)
	}
	lo, hi := 1.05, 1.07
	checks := []result.Check{
		{Cell: "a", Metric: "time", Outcome: result.OutcomeRegression, Limit: 0.03, Change: &result.Ratio{Est: 1.06, Lo: &lo, Hi: &hi}},
		{Cell: "b", Metric: "time", Outcome: result.OutcomePass, Change: &result.Ratio{Est: 1}},
	}
	if err := f.accept(checks[1:], "why", ""); err == nil {
		t.Error("accepts where nothing regressed")
	}
	for range 2 { // the second takes the place of the first
		if err := f.accept(checks, "why: \"so\"\n", "0123"); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.write(path); err != nil {
		t.Fatal(err)
	}
	back, err := readAccepted(path)
	if err != nil || len(back.Accepted) != 1 || back.Accepted[0] != f.Accepted[0] {
		t.Fatalf("read back %+v, %v; want %+v", back, err, f)
	}
	analyze.Accept(checks, back.entries())
	if checks[0].Outcome != result.OutcomeAccepted {
		t.Errorf("what was accepted is %s", checks[0].Outcome)
	}
	for _, text := range []string{"accepted: [{cell: a}]", "acepted: []", "accepted: 3"} {
		if _, err := parseAccepted(path, []byte(text)); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
}
