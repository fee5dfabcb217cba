//go:build cgo

package datadog

import (
	"bytes"
	"fmt"
	"io"

	"github.com/DataDog/zstd"

	"zstdshop/codecs"
)

// StreamWindow is what the header of a stream at the level says.
func (c codec) StreamWindow(level int) (int, error) {
	var head bytes.Buffer
	w, err := c.NewWriter(&head, level)
	if err != nil {
		return 0, err
	}
	_, err = w.Write([]byte{0})
	if err == nil {
		err = w.Flush() // Close would tell the size instead of a window
	}
	window := 0
	if b := head.Bytes(); err == nil && len(b) > 5 { // RFC 8878, 3.1.1.1.2
		base := 1 << (10 + b[5]>>3)
		window = base + base/8*int(b[5]&7)
	}
	if closed := w.Close(); err == nil {
		err = closed
	}
	return window, err
}

func (c codec) NewWriter(w io.Writer, level int) (codecs.StreamWriter, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	s := &streamWriter{level: level}
	return s, s.Reset(w)
}

// streamWriter makes a Writer of the library for each stream. lib is nil between
// streams: the library's own methods would use freed memory then.
type streamWriter struct {
	lib   *zstd.Writer
	to    redirect
	level int
}

// redirect is what a Writer writes to, which it cannot be told to change.
type redirect struct{ w io.Writer }

func (r *redirect) Write(p []byte) (int, error) { return r.w.Write(p) }

func (s *streamWriter) Write(p []byte) (int, error) {
	if s.lib == nil {
		return 0, codecs.ErrClosed
	}
	n, err := s.lib.Write(p)
	if err != nil {
		err = fmt.Errorf("datadog: write to stream: %w", err)
	}
	return n, err
}

func (s *streamWriter) Flush() error {
	if s.lib == nil {
		return codecs.ErrClosed
	}
	if err := s.lib.Flush(); err != nil {
		return fmt.Errorf("datadog: flush stream: %w", err)
	}
	return nil
}

func (s *streamWriter) Close() error {
	if s.lib == nil {
		return nil
	}
	err := s.lib.Close()
	s.lib, s.to.w = nil, nil
	if err != nil {
		return fmt.Errorf("datadog: close stream: %w", err)
	}
	return nil
}

// Reset ends the last stream if the caller did not, because only that frees it.
func (s *streamWriter) Reset(w io.Writer) error {
	if s.lib != nil {
		s.to.w = io.Discard
		s.lib.Close() // its errors are of a stream that was dropped
	}
	s.to.w = w
	s.lib = zstd.NewWriterLevel(&s.to, s.level)
	return nil
}

func (codec) NewReader(r io.Reader) (codecs.StreamReader, error) {
	s := &streamReader{}
	s.open(r)
	return s, nil
}

// streamReader makes a reader of the library for each stream. lib is nil once
// it is closed.
type streamReader struct{ lib io.ReadCloser }

func (s *streamReader) open(r io.Reader) { s.lib = zstd.NewReader(r) }

func (s *streamReader) Read(p []byte) (int, error) {
	if s.lib == nil {
		return 0, codecs.ErrClosed
	}
	n, err := s.lib.Read(p)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("datadog: read stream: %w", err)
	}
	return n, err
}

func (s *streamReader) Reset(r io.Reader) error {
	if s.lib == nil {
		return codecs.ErrClosed
	}
	err := s.Close()
	s.open(r)
	return err
}

func (s *streamReader) Close() error {
	if s.lib == nil {
		return nil
	}
	err := s.lib.Close()
	s.lib = nil
	if err != nil {
		return fmt.Errorf("datadog: close stream: %w", err)
	}
	return nil
}
