package measure

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNotRunnable(t *testing.T) {
	dir := t.TempDir()
	program, text := filepath.Join(dir, "program"), filepath.Join(dir, "text")
	if err := errors.Join(os.WriteFile(program, nil, 0o700), os.WriteFile(text, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", dir)
	denied := &fs.PathError{Op: "fork/exec", Path: program, Err: fs.ErrPermission}
	for _, test := range []struct {
		name   string
		path   string
		err    error
		noexec bool
		want   string
	}{
		{"mounted noexec", program, denied, true, "set TMPDIR to a folder where programs may run"},
		{"mounted as usual", program, denied, false, denied.Error()},
		{"not executable", text, denied, true, denied.Error()},
		{"another reason", program, fs.ErrInvalid, true, fs.ErrInvalid.Error()},
		{"none", program, nil, true, ""},
	} {
		err := whyNotRunnable(test.path, test.err, func(string) bool { return test.noexec })
		if got := errText(err); test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestVariableOf(t *testing.T) {
	for _, test := range []struct {
		path, state, cache, want string
	}{
		{"/tmp/zstdshop-gate-1/zstdshop", "", "", "TMPDIR"},
		{"/tmp/state/zstdshop/runs/1/old/zstdshop", "/tmp/state", "", "XDG_STATE_HOME"},
		{"/home/me/.local/state/zstdshop/runs/1/old/zstdshop", "", "", "XDG_STATE_HOME"},
		{"/home/me/.cache/zstdshop/bases/1", "", "", "XDG_CACHE_HOME"},
		{"/big/cache/zstdshop/bases/1", "", "/big/cache", "XDG_CACHE_HOME"},
		{"/mnt/usb/zstdshop", "", "", ""},
		{"/tmpfs/zstdshop", "", "", ""},
	} {
		getenv := func(name string) string {
			return map[string]string{"HOME": "/home/me", "XDG_STATE_HOME": test.state, "XDG_CACHE_HOME": test.cache}[name]
		}
		if got := variableOf(filepath.FromSlash(test.path), filepath.FromSlash("/tmp"), getenv); got != test.want {
			t.Errorf("%s: got %q, want %q", test.path, got, test.want)
		}
	}
}
