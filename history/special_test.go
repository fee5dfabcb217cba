//go:build unix

package history_test

import (
	"context"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"zstdshop/history"
)

// A history is a file: whatever else is at its place is refused and stays.
func TestHistoryIsFile(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir) // a socket's path must be short
	listener, err := net.Listen("unix", "socket")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for path, kind := range map[string]fs.FileMode{pipe: fs.ModeNamedPipe, filepath.Join(dir, "socket"): fs.ModeSocket, dir: fs.ModeDir} {
		for name, open := range map[string]func(context.Context, string) (*history.Store, error){"Open": history.Open, "OpenToRead": history.OpenToRead} {
			if _, err := open(t.Context(), path); err == nil || !strings.Contains(err.Error(), path+": it is ") || !strings.Contains(err.Error(), "--db") {
				t.Errorf("%s of %s: %v", name, path, err)
			}
		}
		if info, err := os.Lstat(path); err != nil || info.Mode().Type() != kind {
			t.Errorf("%s is now %v, %v", path, info, err)
		}
	}
}
