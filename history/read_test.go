//go:build unix

package history_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zstdshop/history"
)

// A history that cannot be written is read, and one that is not there is not made.
func TestOpenToRead(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "none", "history.db")
	if _, err := history.OpenToRead(t.Context(), missing); !errors.Is(err, history.ErrNone) {
		t.Errorf("a history that is not there: %v", err)
	}
	if _, err := os.Stat(filepath.Dir(missing)); err == nil {
		t.Error("a folder was made")
	}
	if err := mountSmall(dir); err != nil {
		t.Skipf("no file system to make read only: %v", err)
	}
	t.Cleanup(func() { unmount(dir) })
	t.Setenv("TMPDIR", t.TempDir())
	path := filepath.Join(dir, "history.db")
	s, err := history.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Add(t.Context(), run(t, 0, "m", 100)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if err := mountReadOnly(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := history.Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), path+" cannot be written: read-only file system: ") || !strings.Contains(err.Error(), "--db") {
		t.Errorf("opened to be written: %v", err)
	}
	s, err = history.OpenToRead(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if runs, err := s.Runs(t.Context(), history.Filter{}); err != nil || len(runs) != 1 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) > 0 {
		t.Errorf("the copy is left: %v", left)
	}
}
