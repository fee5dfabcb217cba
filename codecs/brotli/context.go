package brotli

import (
	"bytes"
	"fmt"

	"github.com/andybalholm/brotli"

	"zstdshop/codecs"
)

// context is one worker's writer and reader, made once and reset for every call.
// w is nil once it is closed.
type context struct {
	w    *brotli.Writer
	out  codecs.Sink
	r    brotli.Reader
	in   bytes.Reader
	fill codecs.Filler
}

func newContext(level int) (*context, error) {
	c := &context{}
	c.w = brotli.NewWriterLevel(&c.out, level)
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
		return nil, fmt.Errorf("brotli: compress %d bytes: %w", len(src), err)
	}
	return c.out.Bytes, nil
}

// Decompress takes anything after the frame for an error.
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
		return nil, fmt.Errorf("brotli: decompress %d bytes: %w", len(src), err)
	}
	return dst, nil
}

func (c *context) Close() error {
	c.w = nil
	return nil
}
