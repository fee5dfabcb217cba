package history

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// ErrNone is wrapped where a file of a history does not exist.
var ErrNone = errors.New("there is no history")

// OpenToRead opens the history at a location for somebody who adds nothing to it. A file
// that is not there is not made (ErrNone), and one that cannot be written, or lies in a
// folder where the database can make no files of its own, is read from a copy.
func OpenToRead(ctx context.Context, where string) (*Store, error) {
	at, err := parseLocation(where)
	if err != nil || at.postgres != nil {
		return Open(ctx, where)
	}
	if _, err := os.Stat(at.path); errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w at %s", ErrNone, at.path)
	}
	if err := regular(at.path); err != nil {
		return nil, err
	}
	s, err := openFile(ctx, at.path)
	switch {
	case err == nil:
		return s, nil
	case isUnwritable(err):
		return openCopy(ctx, at.path)
	}
	return Open(ctx, where) // which waits for others, and deals with damage
}

// openCopy opens a copy of a file, with what is not in the file itself yet. The copy goes
// when the store is closed.
func openCopy(ctx context.Context, path string) (s *Store, err error) {
	dir, err := os.MkdirTemp("", "zstdshop-history-")
	if err != nil {
		return nil, fmt.Errorf("history %s cannot be written, and a copy cannot be made: %w (set TMPDIR)", path, err)
	}
	remove := func() error { return os.RemoveAll(dir) }
	defer func() {
		if err != nil {
			err = errors.Join(err, remove())
		}
	}()
	to := filepath.Join(dir, "history.db")
	for _, suffix := range []string{"", "-wal"} {
		if err := copyFile(to+suffix, path+suffix); err != nil && !(suffix != "" && errors.Is(err, os.ErrNotExist)) {
			return nil, fmt.Errorf("history %s: %w", path, err)
		}
	}
	if s, err = openFile(ctx, to); err != nil {
		return nil, err
	}
	s.remove = remove
	return s, nil
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
