package repo

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// files are those of a folder with what is in them.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A checkout leaves the repository as it is, a commit under way included, whatever hooks
// it has.
func TestCheckoutLeavesTheRepositoryAlone(t *testing.T) {
	s := newSandbox(t)
	s.init("r")
	s.write("r/dir/a", "old")
	s.commits("r", "one")
	s.write("r/dir/a", "new")
	s.commits("r", "two")
	for _, hook := range []string{"post-checkout", "post-index-change", "reference-transaction"} {
		s.write("r/.git/hooks/"+hook, "#!/bin/sh\ntouch "+filepath.Join(s.root, "ran")+"\nexit 1\n")
		if err := os.Chmod(filepath.Join(s.root, "r/.git/hooks", hook), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s.git("r", "config", "core.splitIndex", "true") // which puts a part of each index into the repository
	s.write("r/dir/a", "staged")
	s.git("r", "-c", "core.hooksPath="+os.DevNull, "add", "-A")
	s.write("r/dir/a", "not staged")
	os.Remove(filepath.Join(s.root, "ran"))
	before := files(t, filepath.Join(s.root, "r"))
	// As in a hook of a commit of some paths, which has an index of its own.
	t.Setenv("GIT_INDEX_FILE", filepath.Join(s.root, "r/.git/index"))
	t.Setenv("GIT_DIR", filepath.Join(s.root, "r/.git"))
	t.Setenv("GIT_PREFIX", "dir/")
	into := filepath.Join(s.root, "out", "tree")
	r := s.at("r/dir") // from below
	commit, err := r.Commit(t.Context(), "HEAD~1")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Checkout(t.Context(), commit, into); err != nil {
		t.Fatal(err)
	}
	if got := files(t, filepath.Join(s.root, "out")); len(got) != 2 || got["tree/dir/a"] != "old" || got["tree/file"] != "one" {
		t.Errorf("the checkout has %q", got)
	}
	after := files(t, filepath.Join(s.root, "r"))
	for name, text := range after {
		if before[name] != text {
			t.Errorf("%s was %q, is %q", name, before[name], text)
		}
	}
	if len(after) != len(before) {
		t.Errorf("%d files before, %d after", len(before), len(after))
	}
	if _, err := os.Stat(filepath.Join(s.root, "ran")); err == nil {
		t.Error("a hook ran")
	}
}

func TestCheckoutIsWhole(t *testing.T) {
	s := newSandbox(t)
	s.init("lib")
	s.write("lib/lib.go", "lib 1")
	s.commits("lib", "one")
	s.init("inner")
	s.write("inner/inner.go", "inner 1")
	s.commits("inner", "one")
	s.git("lib", "submodule", "add", "-q", "../inner", "inner")
	s.commits("lib", "two")
	s.init("r")
	s.write("r/.gitattributes", "*.txt text eol=crlf\n")
	s.write("r/sub/a.txt", "a\n")
	s.git("r", "submodule", "add", "-q", "../lib", "vendored/lib")
	s.git("r", "submodule", "update", "-q", "--init", "--recursive")
	s.commits("r", "one")
	// What came later is not in it: another commit of the submodule, other attributes.
	s.write("r/vendored/lib/lib.go", "lib 2")
	s.commits("r/vendored/lib", "three")
	s.write("r/.gitattributes", "")
	s.commits("r", "two")
	s.git("r", "sparse-checkout", "set", "vendored")

	into := filepath.Join(s.root, "out")
	if err := s.at("r").Checkout(t.Context(), s.git("r", "rev-parse", "HEAD~1"), into); err != nil {
		t.Fatal(err)
	}
	got := files(t, into)
	for name, want := range map[string]string{"sub/a.txt": "a\r\n", "vendored/lib/lib.go": "lib 1", "vendored/lib/inner/inner.go": "inner 1", "file": "one"} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}

	// A submodule whose commit is not here, and one that is not checked out.
	s.git("r", "sparse-checkout", "disable")
	s.git("r", "-c", "protocol.file.allow=always", "clone", "-q", ".", "../again")
	if err := s.at("again").Checkout(t.Context(), s.git("again", "rev-parse", "HEAD"), filepath.Join(s.root, "out2")); err != nil {
		t.Errorf("with a submodule that is not checked out: %v", err)
	}
	s.git("r", "update-index", "--cacheinfo", "160000,"+strings.Repeat("12", 20)+",vendored/lib")
	s.git("r", "commit", "-q", "-m", "a commit that is not here")
	err := s.at("r").Checkout(t.Context(), s.git("r", "rev-parse", "HEAD"), filepath.Join(s.root, "out3"))
	s.says(err, "submodule vendored/lib does not have its commit 121212121212", "fetch")
}

// A filter that fails, as that of large files without its program, is an error in
// git's words.
func TestCheckoutFilters(t *testing.T) {
	s := newSandbox(t)
	s.init("r")
	s.write("r/.gitattributes", "*.bin filter=big\n")
	s.write("r/a.bin", "pointer")
	s.commits("r", "one")
	s.git("r", "config", "filter.big.smudge", "sed s/pointer/data/")
	s.git("r", "config", "filter.big.required", "true")
	commit := s.git("r", "rev-parse", "HEAD")
	if err := s.at("r").Checkout(t.Context(), commit, filepath.Join(s.root, "out")); err != nil {
		t.Fatal(err)
	}
	if got := files(t, filepath.Join(s.root, "out"))["a.bin"]; got != "data" {
		t.Errorf("the filter did not run: %q", got)
	}
	s.git("r", "config", "filter.big.smudge", "no-such-program")
	err := s.at("r").Checkout(t.Context(), commit, filepath.Join(s.root, "out2"))
	s.says(err, "no-such-program", "a.bin")
}
