//go:build unix

package corpus

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestLoadSpecialFiles(t *testing.T) {
	root := tree(t, map[string]string{"pipes/a": "x", "sockets/a": "x"})
	pipe := filepath.Join(root, "pipes", "b")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(root) // a socket's path must be short
	socket, err := net.Listen("unix", filepath.Join("sockets", "b"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	for _, tt := range []struct{ spec, want string }{
		{"pipes/a/below-a-file", "not a directory"},
		{"two\nlines", "no embedded corpus"},
		{"/dev/null", "is a device, not a regular file: leave it out, or pipe its content in with --corpus -"},
		{pipe, "is a named pipe, not a regular file"},
		{"sockets/b", "is a socket, not a regular file"},
		{"pipes", `"b" is a named pipe, not a regular file`},
		{"sockets", `"b" is a socket, not a regular file`},
	} {
		_, err := Load(context.Background(), tt.spec, nil)
		if err == nil {
			t.Errorf("%s: no error", tt.spec)
			continue
		}
		checkError(t, tt.spec, err, tt.want)
	}
}

// TestLoadLinks checks that a link is followed where it is the corpus asked
// for, and nowhere else.
func TestLoadLinks(t *testing.T) {
	root := tree(t, map[string]string{"outside/secret": "s", "dir/a": "1", "links/": "", "z.zip": zipOf(t, "m", "2")})
	for link, target := range map[string]string{
		"dir/out":     "../outside",
		"dir/file":    "../outside/secret",
		"dir/loop":    ".",
		"dir/dangles": "nowhere",
		"links/a":     "../dir/a",
		"to-dir":      "dir",
		"to-file":     "dir/a",
		"to-zip.zip":  "z.zip",
		"to-nowhere":  "nowhere",
		"circle":      "circle",
	} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct{ spec, want string }{
		{"dir", "dir: a=1"},
		{"to-dir", "to-dir: a=1"},
		{"to-file", "to-file: to-file=1"},
		{"to-zip.zip", "to-zip: m=2"},
	} {
		if got := show(load(t, filepath.Join(root, tt.spec))); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.spec, got, tt.want)
		}
	}
	for _, tt := range []struct{ spec, want string }{
		{"links", "only symbolic links (1), which are not followed"},
		{"to-nowhere", "no such file or folder"},
		{"circle", "too many levels of symbolic links"},
	} {
		_, err := Load(context.Background(), filepath.Join(root, tt.spec), nil)
		if err == nil {
			t.Errorf("%s: no error", tt.spec)
			continue
		}
		checkError(t, tt.spec, err, tt.want)
	}
}
