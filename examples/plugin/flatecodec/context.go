package flatecodec

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"

	"zstdshop/codecs"
)

// context is one worker's writer and reader, made once and reset for every
// call, with what they write to and read from. w and r are nil once it is
// closed.
type context struct {
	w    *flate.Writer
	out  codecs.Sink
	r    io.ReadCloser // a flate.Resetter as well, as flate.NewReader promises
	in   bytes.Reader  // has ReadByte, so that the decoder takes no byte too many
	fill codecs.Filler
}

func newContext(level int) (*context, error) {
	c := &context{}
	w, err := flate.NewWriter(&c.out, level)
	if err != nil {
		return nil, fmt.Errorf("flate: make encoder: %w", err)
	}
	c.w, c.r = w, flate.NewReader(&c.in)
	return c, nil
}

func (c *context) Compress(dst, src []byte) ([]byte, error) {
	if c.w == nil {
		return nil, codecs.ErrClosed
	}
	if err := codecs.Room(dst, codec{}.CompressBound(len(src))); err != nil {
		return nil, fmt.Errorf("flate: compress %d bytes: %w", len(src), err)
	}
	c.out.Bytes = dst[:0]
	defer func() { c.out.Bytes = nil }() // keep nothing of the caller's
	c.w.Reset(&c.out)
	if _, err := c.w.Write(src); err != nil {
		return nil, fmt.Errorf("flate: compress %d bytes: %w", len(src), err)
	}
	if err := c.w.Close(); err != nil {
		return nil, fmt.Errorf("flate: compress %d bytes: %w", len(src), err)
	}
	return c.out.Bytes, nil
}

func (c *context) Decompress(dst, src []byte) ([]byte, error) {
	if c.r == nil {
		return nil, codecs.ErrClosed
	}
	c.in.Reset(src)
	defer c.in.Reset(nil)
	if err := c.r.(flate.Resetter).Reset(&c.in, nil); err != nil {
		return nil, fmt.Errorf("flate: reset decoder: %w", err)
	}
	text, err := c.fill.Fill(dst, c.r)
	if err == nil && c.in.Len() > 0 {
		err = fmt.Errorf("%d bytes after its end", c.in.Len())
	}
	if err != nil {
		return nil, fmt.Errorf("flate: decompress %d bytes: %w", len(src), err)
	}
	return text, nil
}

func (c *context) Close() error {
	c.w, c.r = nil, nil
	return nil
}
