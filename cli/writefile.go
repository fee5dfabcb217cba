package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2/maybe"
)

// target is where a file that the user named is written.
type target struct {
	path string
	// special is what is there already and no regular file, such as a pipe or a device;
	// nil elsewhere. It is written into: a file in its place would take it away from all
	// who use it.
	special fs.FileInfo
}

var errFolder = errors.New("it is a folder: name a file in it")

// targetOf finds where path leads, and refuses what is not to be written.
func targetOf(path string) (target, error) {
	t := target{path: followed(path)}
	info, err := os.Stat(t.path)
	switch {
	case err != nil:
		if none := folderOf(t.path); none != nil || errors.Is(err, fs.ErrNotExist) {
			return t, none
		}
		return t, reason(err)
	case info.IsDir():
		return t, errFolder
	case info.Mode()&fs.ModeSocket != 0 && standard(info) == nil:
		return t, errors.New("it is a socket: name a file")
	case !info.Mode().IsRegular() || standard(info) != nil:
		t.special = info
		return t, nil
	case info.Mode().Perm()&0o222 == 0:
		// Renaming asks for the permissions of the folder alone, and root has all.
		return t, errors.New("it is read-only: name another file, or make this one writable")
	}
	f, err := os.OpenFile(t.path, os.O_WRONLY, 0)
	if err != nil {
		return t, fmt.Errorf("it cannot be written (%w): name another file", reason(err))
	}
	return t, f.Close()
}

// folderOf returns an error where path is in no folder.
func folderOf(path string) error {
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %s: create it first", folder)
	}
	return nil
}

// followed is the file that path leads to, whether it is there or not: the file is
// replaced, not the link.
func followed(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	const most = 40 // links, as in Linux: more are a circle
	for range most {
		to, err := os.Readlink(path)
		if err != nil {
			break
		}
		if _, err := os.Stat(path); err == nil {
			break // a link of /proc, whose text is no path
		}
		if !filepath.IsAbs(to) {
			folder, err := filepath.EvalSymlinks(filepath.Dir(path))
			if err != nil {
				break
			}
			to = filepath.Join(folder, to)
		}
		path = to
	}
	return path
}

// standard returns the standard stream that writes into the file of info; nil for none.
func standard(info fs.FileInfo) *os.File {
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		if its, err := f.Stat(); err == nil && os.SameFile(its, info) {
			return f
		}
	}
	return nil
}

// writable finds files that could not be written, before anything is measured; "" is none.
func writable(path string) error {
	if path == "" {
		return nil
	}
	t, err := targetOf(path)
	if err != nil || t.special != nil {
		return err
	}
	// Only trying tells: permissions do not know of read-only file systems.
	folder := filepath.Dir(t.path)
	f, err := os.CreateTemp(folder, ".zstdshop-*")
	if err != nil {
		return fmt.Errorf("cannot write into folder %s (%w): name another", folder, reason(err))
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// writeFile writes a file that the user named: whole or not at all, and into what is there
// where that is no regular file. Its errors do not have the path.
func writeFile(path string, text []byte) error {
	t, err := targetOf(path)
	if err != nil {
		return err
	}
	if t.special == nil {
		return reason(maybe.WriteFile(t.path, text, 0o644))
	}
	if f := standard(t.special); f != nil { // opened again it would have a position of its own
		_, err := f.Write(text)
		return reason(err)
	}
	f, err := os.OpenFile(t.path, os.O_WRONLY, 0)
	if err != nil {
		return reason(err)
	}
	_, err = f.Write(text)
	return reason(errors.Join(err, f.Close()))
}

// reason takes the operation and the paths off an error that is shown with them.
func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}
