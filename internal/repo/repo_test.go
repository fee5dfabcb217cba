package repo

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
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

// Whatever a name is made of, git takes it for no option, and what comes back is a commit
// that is there.
func TestCommitOfAnyName(t *testing.T) {
	s := newSandbox(t)
	s.init("r")
	s.commits("r", "one", "two", "three")
	s.git("r", "tag", "-a", "-m", "x", "v1")
	s.git("r", "branch", "-m", "main")
	all := strings.Split(s.git("r", "rev-list", "--all"), "\n")
	before := files(t, filepath.Join(s.root, "r"))
	parts := []string{"HEAD", "main", "v1", all[0][:7], "@", "~1", "^", "^{tree}", "^{commit}", "^{/two}", "@{0}", "@{u}", "..", "...", ":file", ":/one", ":",
		"-", "--all", "--output=x", "--upload-pack=x", " ", "\n", "\x00", "\xff", "*", "refs/heads/", "$(touch x)", "é", "2"}
	rapid.Check(t, func(t *rapid.T) {
		name := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 4).Draw(t, "parts"), "")
		got, err := s.at("r").Commit(s.Context(), name)
		if (err == nil) != slices.Contains(all, got) || err != nil && got != "" {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	})
	if after := files(t, filepath.Join(s.root, "r")); !maps.Equal(before, after) {
		t.Errorf("the repository had %d files and has %d, or some have changed", len(before), len(after))
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
	const marked = "\xfe\xff\x00a\x00\n" // in UTF-16, whose last byte is not the end of a line
	s.write("r/sub/a.yaml", "a: 1\n\n")
	s.write("r/b16.yaml", marked)
	s.commits("r", "one")
	s.write("r/sub/a.yaml", "a: 2\n")
	s.init("other")
	s.commits("other", "else")
	for _, test := range []struct{ dir, path, want string }{
		{"r/sub", "a.yaml", "a: 1\n\n"}, {"r", "sub/a.yaml", "a: 1\n\n"}, {"r", "b16.yaml", marked}, {"r", "b.yaml", ""}, {"", "a.yaml", ""}, {"other", "file", ""},
	} {
		got, err := s.at(test.dir).File(t.Context(), s.git("r", "rev-parse", "HEAD"), test.path)
		if err != nil || string(got) != test.want {
			t.Errorf("%+v: %q, %v", test, got, err)
		}
	}
}

func TestBranch(t *testing.T) {
	s := newSandbox(t)
	s.init("r")
	s.commits("r", "one")
	s.git("r", "tag", "main")
	if got, err := s.at("r").Branch(t.Context()); err != nil || got != "main" {
		t.Errorf("%q, %v", got, err)
	}
	s.git("r", "switch", "-q", "--detach")
	if got, err := s.at("r").Branch(t.Context()); err != nil || got != "" {
		t.Errorf("detached: %q, %v", got, err)
	}
}

// Users whose git shows the signatures of commits see the same times and authors.
func TestSignedCommits(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs sh")
	}
	s := newSandbox(t)
	s.write("sign", "#!/bin/sh\ncase \"$*\" in\n*verify*) echo 'Good signature' >&2;;\n"+
		"*) cat >/dev/null; echo '[GNUPG:] SIG_CREATED ' >&2; printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n';;\nesac\n")
	if err := os.Chmod(filepath.Join(s.root, "sign"), 0o700); err != nil {
		t.Fatal(err)
	}
	s.init("up")
	s.git("", "config", "--global", "gpg.program", filepath.Join(s.root, "sign"))
	s.git("", "config", "--global", "commit.gpgSign", "true")
	s.git("", "config", "--global", "log.showSignature", "true")
	s.commits("up", "one")
	if got := s.git("up", "log", "--format=%s"); got == "one" {
		t.Fatal("git shows no signature")
	}
	if _, err := s.at("up").Time(t.Context(), "HEAD"); err != nil {
		t.Error(err)
	}
	s.clone("up", "c")
	s.commits("c", "two", "three")
	if got, err := s.found("c", nil, false); err != nil || got.Commit != s.git("c", "rev-parse", "origin/main") {
		t.Errorf("%+v, %v", got, err)
	}
}
