package codecs

import (
	"fmt"
	"io"
)

// What follows is for authors of codecs. Go's compression libraries agree on how
// a writer looks, and nearly on readers; AdaptWriter and AdaptReader make them
// keep the rest of the contract of streams.

// LibraryWriter is how a library's writer looks. A Reset after Close, or in the
// middle of a stream, begins another one.
type LibraryWriter interface {
	io.Writer
	Flush() error
	Close() error
	Reset(w io.Writer)
}

// AdaptWriter makes lib, whose first stream has begun, a StreamWriter. Errors
// begin with the codec's name.
func AdaptWriter(name string, lib LibraryWriter) StreamWriter {
	return &adaptedWriter{name: name, lib: lib}
}

type adaptedWriter struct {
	name   string
	lib    LibraryWriter
	closed bool
}

func (a *adaptedWriter) Write(p []byte) (int, error) {
	if a.closed {
		return 0, ErrClosed
	}
	n, err := a.lib.Write(p)
	if err != nil {
		err = fmt.Errorf("%s: write to stream: %w", a.name, err)
	}
	return n, err
}

func (a *adaptedWriter) Flush() error {
	if a.closed {
		return ErrClosed
	}
	if err := a.lib.Flush(); err != nil {
		return fmt.Errorf("%s: flush stream: %w", a.name, err)
	}
	return nil
}

func (a *adaptedWriter) Close() error {
	if a.closed {
		return nil
	}
	a.closed = true
	if err := a.lib.Close(); err != nil {
		return fmt.Errorf("%s: close stream: %w", a.name, err)
	}
	return nil
}

func (a *adaptedWriter) Reset(w io.Writer) error {
	a.closed = false
	a.lib.Reset(w)
	return nil
}

// LibraryReader is a library's reader in parts, which differ.
type LibraryReader struct {
	// Name is the codec's, with which errors begin.
	Name string
	// Content is what Read reads, once Reset has been called.
	Content io.Reader
	// Reset begins a stream. It may read from r.
	Reset func(r io.Reader) error
	// Close frees what the reader holds; nil where that is nothing.
	Close func()
	// EmptyIsWhole is set where a stream without content has no bytes. In
	// other formats no bytes at all are a stream cut short, and libraries that
	// say io.EOF are corrected.
	EmptyIsWhole bool
}

// AdaptReader makes lib a StreamReader, with a first stream that comes from r.
// lib.Reset is called with the first Read.
func AdaptReader(lib LibraryReader, r io.Reader) StreamReader {
	a := &adaptedReader{lib: lib}
	a.source.r = r
	return a
}

type adaptedReader struct {
	lib    LibraryReader
	source countedReader
	begun  bool
	failed error // of lib.Reset
	closed bool
}

func (a *adaptedReader) Read(p []byte) (int, error) {
	if a.closed {
		return 0, ErrClosed
	}
	if !a.begun {
		a.begun, a.failed = true, a.lib.Reset(&a.source)
		if a.failed == io.EOF { // it wants a first byte
			a.failed = io.ErrUnexpectedEOF
		}
	}
	if a.failed != nil {
		return 0, a.wrap(a.failed)
	}
	n, err := a.lib.Content.Read(p)
	if err != nil {
		err = a.wrap(err)
	}
	return n, err
}

// wrap returns the io.EOF of a whole stream as it is.
func (a *adaptedReader) wrap(err error) error {
	if err == io.EOF {
		if a.source.n > 0 || a.lib.EmptyIsWhole {
			return io.EOF
		}
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%s: read stream: %w", a.lib.Name, err)
}

func (a *adaptedReader) Reset(r io.Reader) error {
	if a.closed {
		return ErrClosed
	}
	a.begun, a.failed, a.source = false, nil, countedReader{r: r}
	return nil
}

func (a *adaptedReader) Close() error {
	if !a.closed && a.lib.Close != nil {
		a.lib.Close()
	}
	a.closed = true
	return nil
}

// countedReader counts what is read. It hides what else r can do, because
// libraries take a shortcut around their streams where they find a buffer.
type countedReader struct {
	r io.Reader
	n int64
}

func (c *countedReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
