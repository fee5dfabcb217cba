package corpus

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A Spool is a corpus on disk, as worker processes read it: the bytes of all
// members one after the other in one file, and an index file for each set of
// items asked for, "offset length\n" in decimal for every item, in order. The
// owner of the folder removes the files.
type Spool struct {
	// Data is the path of the data file.
	Data string

	folder, name string
	size         int64
}

// Spool writes the data file into folder, which must exist and should belong to
// the caller alone. The file is NAME.data with a name that is safe on every
// system, or NAME-2.data and so on where that exists: nothing is ever
// overwritten. Only its owner can read and write it. After an error no file is
// left.
func (c *Corpus) Spool(ctx context.Context, folder string) (*Spool, error) {
	s := &Spool{folder: folder, name: fileName(c.Name), size: c.Size()}
	path, err := create(folder, s.name, ".data", func(w io.Writer) error {
		for _, m := range c.Members {
			if err := writeChunks(ctx, w, m.Data); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("corpus %q: spool %d bytes: %w", c.Name, s.size, err)
	}
	s.Data = path
	return s, nil
}

// Index writes an index file of items beside the data and returns its path. It
// may be called from several goroutines.
func (s *Spool) Index(items []Range) (string, error) {
	if len(items) == 0 {
		return "", errors.New("spool index: no items")
	}
	for i, item := range items {
		if err := item.check(s.size); err != nil {
			return "", fmt.Errorf("spool index: item %d: %w", i, err)
		}
	}
	path, err := create(s.folder, s.name, ".index", func(w io.Writer) error {
		return writeItems(w, items)
	})
	if err != nil {
		return "", fmt.Errorf("spool index: %w", err)
	}
	return path, nil
}

// writeItems writes an index.
func writeItems(w io.Writer, items []Range) error {
	buffered := bufio.NewWriterSize(w, 64<<10)
	line := make([]byte, 0, 48)
	for _, item := range items {
		line = strconv.AppendInt(line[:0], item.Offset, 10)
		line = append(line, ' ')
		line = strconv.AppendInt(line, item.Length, 10)
		line = append(line, '\n')
		buffered.Write(line) // an error sticks until Flush
	}
	return buffered.Flush()
}

// check returns nil where the range lies inside size bytes and is not empty.
func (r Range) check(size int64) error {
	if r.Offset < 0 || r.Length <= 0 {
		return fmt.Errorf("%d bytes at %d is no range", r.Length, r.Offset)
	}
	if r.Offset > size || r.Length > size-r.Offset { // in this order nothing overflows
		return fmt.Errorf("%d bytes at %d is outside the data of %d bytes", r.Length, r.Offset, size)
	}
	return nil
}

// chunk is the most bytes of one write of data.
const chunk = 8 << 20

// writeChunks writes data in pieces, so that an interrupt does not wait for a
// slow disk.
func writeChunks(ctx context.Context, w io.Writer, data []byte) error {
	for len(data) > 0 {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		n := min(len(data), chunk)
		if _, err := w.Write(data[:n]); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// create makes the first of name+suffix, name-2+suffix ... that does not exist
// and fills it. A file that could not be filled is removed.
func create(folder, name, suffix string, fill func(io.Writer) error) (string, error) {
	path := filepath.Join(folder, name+suffix)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	for n := 2; errors.Is(err, fs.ErrExist); n++ {
		path = filepath.Join(folder, name+"-"+strconv.Itoa(n)+suffix)
		f, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	}
	if err != nil {
		return "", err
	}
	err = fill(f)
	if closed := f.Close(); err == nil {
		err = closed // some systems report a full disk only here
	}
	if err != nil {
		os.Remove(path)
		return "", err
	}
	return path, nil
}

// fileName returns a corpus name that is safe in file names: letters, digits
// and "-_." of ASCII, not hidden, and short.
func fileName(name string) string {
	const longest = 64
	name = strings.Map(func(c rune) rune {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
			return c
		}
		return '_'
	}, name)
	if strings.HasPrefix(name, ".") {
		name = "_" + name[1:]
	}
	return name[:min(len(name), longest)]
}
