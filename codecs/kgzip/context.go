package kgzip

import (
	"bytes"
	"fmt"

	"github.com/klauspost/compress/gzip"

	"zstdshop/codecs"
)

// context is one worker's writer and reader, made once and reset for every call.
// w is nil once it is closed.
type context struct {
	w    *gzip.Writer
	out  codecs.Sink
	r    gzip.Reader
	in   bytes.Reader // has ReadByte, so that r puts no buffer of its own before it
	fill codecs.Filler
}

func newContext(level int) (*context, error) {
	c := &context{}
	var err error
	if c.w, err = gzip.NewWriterLevel(&c.out, level); err != nil {
		return nil, fmt.Errorf("kgzip: make encoder: %w", err)
	}
	return c, c.firstUse()
}

// firstUse makes one small round trip, because the library allocates its tables
// and window on first use and that belongs off the clock.
func (c *context) firstUse() error {
	text := []byte("first use")
	frame, err := c.Compress(make([]byte, 0, codec{}.CompressBound(len(text))), text)
	if err == nil {
		_, err = c.Decompress(make([]byte, 0, len(text)), frame)
	}
	return err
}

func (c *context) Compress(dst, src []byte) ([]byte, error) {
	if c.w == nil {
		return nil, codecs.ErrClosed
	}
	err := codecs.Room(dst, codec{}.CompressBound(len(src)))
	if err == nil {
		c.out.Bytes = dst[:0]
		defer func() { c.out.Bytes = nil }() // keep nothing of the caller's
		c.w.Reset(&c.out)
		_, err = c.w.Write(src)
	}
	if err == nil {
		err = c.w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("kgzip: compress %d bytes: %w", len(src), err)
	}
	return c.out.Bytes, nil
}

// Decompress reads one member after the other, as gunzip does, and takes
// anything else after them for an error.
func (c *context) Decompress(dst, src []byte) ([]byte, error) {
	if c.w == nil {
		return nil, codecs.ErrClosed
	}
	c.in.Reset(src)
	defer c.in.Reset(nil)
	err := c.r.Reset(&c.in)
	if err == nil {
		dst, err = c.fill.Fill(dst, &c.r)
	}
	if err != nil {
		return nil, fmt.Errorf("kgzip: decompress %d bytes: %w", len(src), err)
	}
	return dst, nil
}

func (c *context) Close() error {
	c.w = nil
	return nil
}
