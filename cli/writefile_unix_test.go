//go:build unix

package cli

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"zstdshop/harness"
)

// pipeAt makes a named pipe. It is open at both ends, so that nobody waits for another.
func pipeAt(t *testing.T, path string) *os.File {
	t.Helper()
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func isPipe(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode().Type() == fs.ModeNamedPipe
}

// What is there and no regular file is written into.
func TestWriteIntoPipe(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	reader := pipeAt(t, pipe)
	link := filepath.Join(dir, "link")
	if err := os.Symlink("pipe", link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, link} {
		if err := writable(path); err != nil || !isPipe(pipe) {
			t.Fatalf("writable %s: %v; a pipe: %t", path, err, isPipe(pipe))
		}
		if err := writeFile(path, []byte("text")); err != nil || !isPipe(pipe) {
			t.Fatalf("%s: %v; a pipe: %t", path, err, isPipe(pipe))
		}
		got := make([]byte, len("text"))
		if _, err := io.ReadFull(reader, got); err != nil || string(got) != "text" {
			t.Errorf("through %s came %q, %v", path, got, err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("left in the folder: %v, %v", entries, err)
	}
}

// Rows are read again, which a pipe would make wait for ever.
func TestRowsOfPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "rows.jsonl")
	pipeAt(t, pipe)
	if _, err := openRows(pipe); err == nil || !strings.Contains(err.Error(), "name a file") {
		t.Errorf("openRows: %v", err)
	}
}

// Links are followed to what is there, and to what is not there yet.
func TestWriteThroughLinks(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "deep"), 0o700); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"first": "second", "second": "deep/file", "round": "round"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range []string{"new", "again"} {
		if err := writeFile(filepath.Join(dir, "first"), []byte(text)); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, "deep", "file"))
		if to, linkErr := os.Readlink(filepath.Join(dir, "second")); err != nil || linkErr != nil || string(got) != text || to != "deep/file" {
			t.Errorf("the file has %q, %v; the link leads to %q, %v", got, err, to, linkErr)
		}
	}
	round := filepath.Join(dir, "round")
	if err := writeFile(round, nil); err == nil {
		t.Error("a circle of links was written")
	}
	if to, err := os.Readlink(round); err != nil || to != "round" {
		t.Errorf("the circle leads to %q, %v", to, err)
	}
}

// A gate says before it measures that --accept could not write.
func TestGateAcceptsIntoFolder(t *testing.T) {
	g := gateFlags{pkg: ".", accept: "known", acceptGiven: true, accepted: t.TempDir()}
	if err := g.check(new(harness.Registry)); err == nil || !strings.Contains(err.Error(), "--accepted") {
		t.Errorf("check: %v", err)
	}
}
