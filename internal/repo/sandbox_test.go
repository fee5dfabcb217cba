package repo

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"zstdshop/internal/tool"
)

// sandbox makes repositories in a folder of its own, whatever git is configured to do
// and whichever repository the test itself runs in.
type sandbox struct {
	*testing.T
	root string
}

func newSandbox(t *testing.T) sandbox {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(root, "gitconfig")
	text := "[user]\n\tname = t\n\temail = me@localhost\n[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n[protocol \"file\"]\n\tallow = always\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_CONFIG_GLOBAL", config)
	t.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
	return sandbox{t, root}
}

// git runs git in a folder of the sandbox.
func (s sandbox) git(dir string, args ...string) string {
	s.Helper()
	out, err := tool.Command{Argv: append([]string{"git"}, args...), Dir: filepath.Join(s.root, dir)}.Output(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	return out
}

// write writes a file of the sandbox.
func (s sandbox) write(path, text string) {
	s.Helper()
	path = filepath.Join(s.root, path)
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o600)
	}
	if err != nil {
		s.Fatal(err)
	}
}

// init makes an empty repository.
func (s sandbox) init(dir string) {
	s.Helper()
	s.git("", "init", "-q", dir)
}

// commit changes a file and commits it, by an author.
func (s sandbox) commit(dir, message, author string) string {
	s.Helper()
	s.write(filepath.Join(dir, "file"), message)
	s.git(dir, "add", "-A")
	s.git(dir, "commit", "-q", "-m", message, "--author", author+" <"+author+"@localhost>")
	return s.git(dir, "rev-parse", "HEAD")
}

// commits makes several, by one author.
func (s sandbox) commits(dir string, messages ...string) {
	s.Helper()
	for _, m := range messages {
		s.commit(dir, m, "me")
	}
}

// clone clones a repository as over a network.
func (s sandbox) clone(from, to string, args ...string) {
	s.Helper()
	s.git("", append(append([]string{"clone", "-q"}, args...), "file://"+filepath.ToSlash(filepath.Join(s.root, from)), to)...)
}

// at is the repository in a folder.
func (s sandbox) at(dir string) Repo { return At(filepath.Join(s.root, dir)) }

// says fails the test where the text of an error lacks one of the words.
func (s sandbox) says(err error, words ...string) {
	s.Helper()
	for _, w := range words {
		if err == nil || !strings.Contains(err.Error(), w) {
			s.Errorf("%v, want %q in it", err, w)
		}
	}
}
