package measure

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// NotRunnable returns err, the reason why the program at path was not started, or a
// NoexecError where it is that nothing in its folder may be run.
func NotRunnable(path string, err error) error { return whyNotRunnable(path, err, mountedNoexec) }

func whyNotRunnable(path string, err error, noexec func(string) bool) error {
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	info, statErr := os.Stat(path)
	if statErr != nil || !info.Mode().IsRegular() || info.Mode()&0o111 == 0 || !noexec(path) {
		return err
	}
	return &NoexecError{Path: path, Variable: variableOf(path, os.TempDir(), os.Getenv)}
}

// NoexecError says that a program lies on a file system that is mounted noexec.
type NoexecError struct {
	Path     string
	Variable string // of the environment, that says where such programs are put; "" the user did
}

func (e *NoexecError) Error() string {
	remedy := "copy it to another folder"
	if e.Variable != "" {
		remedy = "set " + e.Variable + " to a folder where programs may run"
	}
	return fmt.Sprintf("nothing in %s can be run, since it is on a file system mounted noexec: %s", filepath.Dir(e.Path), remedy)
}

// Unwrap makes it an error of permission, which it is.
func (e *NoexecError) Unwrap() error { return fs.ErrPermission }

// variableOf returns the variable that decides where the program at path is: the
// folders of state and cache come first, since they may lie in that of temporary
// files.
func variableOf(path, temporary string, getenv func(string) string) string {
	home := getenv("HOME")
	for _, folder := range []struct{ variable, path string }{
		{"XDG_STATE_HOME", getenv("XDG_STATE_HOME")}, {"XDG_STATE_HOME", filepath.Join(home, ".local", "state")},
		{"XDG_CACHE_HOME", getenv("XDG_CACHE_HOME")}, {"XDG_CACHE_HOME", filepath.Join(home, ".cache")},
		{"TMPDIR", temporary},
	} {
		if inside, err := filepath.Rel(folder.path, path); folder.path != "" && err == nil && filepath.IsLocal(inside) {
			return folder.variable
		}
	}
	return ""
}
