package repo

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Names come from the command line: whatever they are, what comes back is the full name
// of a commit, or an error.
func TestCommit(t *testing.T) {
	s := newSandbox(t)
	s.init("r")
	s.commits("r", "one", "two")
	s.git("r", "tag", "-a", "-m", "x", "v1")
	s.git("r", "branch", "with/slash")
	r := s.at("r")
	head := s.git("r", "rev-parse", "HEAD")
	for _, name := range []string{"HEAD", "main", "v1", "@", "with/slash", head, head[:9], "HEAD^0", "main@{0}", ":/two", "HEAD^{/one}~0^{commit}"} {
		got, err := r.Commit(t.Context(), name)
		if err != nil || len(got) != len(head) {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
	for name, want := range map[string]string{
		"": "it is no commit", "--all": "it is no commit", "-x": "it is no commit", "^HEAD": "it is no commit", "a\nb": "it is no commit", "a\x00b": "it is no commit",
		"nowhere": "no such commit", "HEAD~9": "no such commit", "HEAD..main": "no such commit", "HEAD:file": "no such commit", "HEAD main": "no such commit",
		strings.Repeat("a", 40): "no such commit", "\xff\xfe": "no such commit", "$(touch x)": "no such commit", strings.Repeat("x/", 2000): "no such commit",
	} {
		got, err := r.Commit(t.Context(), name)
		if got != "" {
			t.Errorf("%.20q: %q", name, got)
		}
		s.says(err, want)
	}
	if _, err := os.Stat(filepath.Join(s.root, "r", "x")); err == nil {
		t.Error("a name was run")
	}
}

func TestCommitElsewhere(t *testing.T) {
	s := newSandbox(t)
	s.init("up")
	s.commits("up", "one", "two")
	s.clone("up", "shallow", "--depth=1")
	_, err := s.at("shallow").Commit(t.Context(), "HEAD~1")
	s.says(err, "this clone is shallow", "git fetch --unshallow")
	_, err = s.at("").Commit(t.Context(), "HEAD")
	s.says(err, "is in no git repository")
	_, err = s.at("gone").Commit(t.Context(), "HEAD")
	s.says(err, "no such file or directory")

	// Another user's checkout: git's own words and its remedy.
	t.Setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
	_, err = s.at("up").Commit(t.Context(), "HEAD")
	s.says(err, "dubious ownership", "git config --global --add safe.directory", "name a program")
	t.Setenv("PATH", s.root)
	_, err = s.at("up").Commit(t.Context(), "HEAD")
	s.says(err, "git is not installed", "name a program")
}

func TestFile(t *testing.T) {
	s := newSandbox(t)
	s.init("r")
	s.write("r/sub/a.yaml", "a: 1\n\n")
	s.commits("r", "one")
	s.write("r/sub/a.yaml", "a: 2\n")
	s.init("other")
	s.commits("other", "else")
	for _, test := range []struct{ dir, path, want string }{
		{"r/sub", "a.yaml", "a: 1"}, {"r", "sub/a.yaml", "a: 1"}, {"r", "b.yaml", ""}, {"", "a.yaml", ""}, {"other", "file", ""},
	} {
		got, err := s.at(test.dir).File(t.Context(), s.git("r", "rev-parse", "HEAD"), test.path)
		if err != nil || strings.TrimSpace(string(got)) != test.want {
			t.Errorf("%+v: %q, %v", test, got, err)
		}
	}
}

func TestBranch(t *testing.T) {
	s := newSandbox(t)
	s.init("r")
	s.commits("r", "one")
	if got, err := s.at("r").Branch(t.Context()); err != nil || got != "main" {
		t.Errorf("%q, %v", got, err)
	}
	s.git("r", "switch", "-q", "--detach")
	if got, err := s.at("r").Branch(t.Context()); err != nil || got != "" {
		t.Errorf("detached: %q, %v", got, err)
	}
}
