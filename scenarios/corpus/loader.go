package corpus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
)

// loader holds what tests replace by something smaller or broken.
type loader struct {
	limit int64 // bytes of all members
	open  func(path string) (file, error)
	walk  func(root string, visit fs.WalkDirFunc) error
}

// file has the methods of *os.File that are used.
type file interface {
	fs.File
	io.ReaderAt
}

// read reads one regular file of at most room bytes.
func (l *loader) read(ctx context.Context, path string, room int64) ([]byte, error) {
	f, size, err := l.openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if size > room {
		return nil, limitError(l.limit)
	}
	data, err := l.readAll(ctx, f, size, room)
	if err != nil {
		return nil, explain(err)
	}
	return data, nil
}

// openRegular opens a file that was a regular one when it was listed, and makes
// sure that it still is.
func (l *loader) openRegular(path string) (f file, size int64, err error) {
	f, err = l.open(path)
	if err != nil {
		return nil, 0, explain(err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = notRegular(info.Mode())
	}
	if err != nil {
		f.Close()
		return nil, 0, explain(err)
	}
	return f, info.Size(), nil
}

// readAll reads to the end, which may come earlier or later than size says. It
// returns a limitError for more than room bytes.
func (l *loader) readAll(ctx context.Context, r io.Reader, size, room int64) ([]byte, error) {
	data := make([]byte, 0, min(size, room)+1) // one more: the read that finds the end needs room too
	for {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if len(data) == cap(data) {
			data = slices.Grow(data, 64<<10)
		}
		n, err := r.Read(data[len(data):min(cap(data), len(data)+1<<20)])
		data = data[:len(data)+n]
		switch {
		case int64(len(data)) > room:
			return nil, limitError(l.limit)
		case err == io.EOF:
			return slices.Clip(data), nil
		case err != nil:
			return nil, err
		}
	}
}

// limitError is the limit in bytes that was exceeded.
type limitError int64

func (e limitError) Error() string {
	return fmt.Sprintf("larger than the limit of %d bytes: name a part of it, or pipe one in with --corpus -", int64(e))
}

// explain adds the remedy to an error of the system, and removes the path,
// which the message has already.
func explain(err error) error {
	var inPath *fs.PathError
	if errors.As(err, &inPath) {
		err = inPath.Err
	}
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: make it readable for this user", err)
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("vanished while the corpus was read: measure a copy that stays as it is")
	}
	return err
}

func notRegular(mode fs.FileMode) error {
	kind := "something special"
	switch {
	case mode.IsDir():
		kind = "a folder now"
	case mode&fs.ModeNamedPipe != 0:
		kind = "a named pipe"
	case mode&fs.ModeSocket != 0:
		kind = "a socket"
	case mode&fs.ModeDevice != 0:
		kind = "a device"
	}
	return fmt.Errorf("is %s, not a regular file: leave it out, or pipe its content in with --corpus -", kind)
}

// label makes a name from outside safe to show: it cannot point out of a
// folder, break a line or hide the text beside it.
func label(name string) string {
	name = strings.Map(func(c rune) rune {
		switch {
		case c == '\\':
			return '/'
		case c == unicode.ReplacementChar, !unicode.IsPrint(c):
			return '_'
		}
		return c
	}, name)
	return cmp.Or(path.Clean("/" + name)[1:], "_")
}
