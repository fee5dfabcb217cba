package tool

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Git's own list is the contract: what this git lists must be known here.
func TestKnowsWhatGitLists(t *testing.T) {
	out, err := exec.Command("git", "rev-parse", "--local-env-vars").Output()
	if err != nil {
		t.Skipf("git does not tell: %v", err)
	}
	for _, name := range strings.Fields(string(out)) {
		if !slices.Contains(local, name) {
			t.Errorf("%s is local to a repository and would be inherited", name)
		}
	}
}

func TestEnviron(t *testing.T) {
	for _, name := range local {
		t.Setenv(name, "x")
	}
	// These are of the user, not of a repository.
	kept := []string{"GIT_AUTHOR_NAME", "GIT_SSH_COMMAND", "GIT_CONFIG_GLOBAL", "GIT_DIRECTORY", "PYTHON_GIL"}
	for _, name := range kept {
		t.Setenv(name, "y")
	}
	got := Environ()
	for _, name := range local {
		if slices.Contains(got, name+"=x") {
			t.Errorf("%s is inherited", name)
		}
	}
	for _, name := range kept {
		if !slices.Contains(got, name+"=y") {
			t.Errorf("%s is gone", name)
		}
	}
}

func TestWithoutKeepsTheRest(t *testing.T) {
	got := without([]string{"A=1", "git_dir=/x", "GIT_DIR=/y", "=C:=C:\\", "B", "GIT_INDEX_FILE", "A=2"})
	if want := []string{"A=1", "=C:=C:\\", "B", "A=2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
