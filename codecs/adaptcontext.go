package codecs

import (
	"bytes"
	"fmt"
)

// AdaptContext makes a Context of a library whose streams are frames: w is reset to
// write each of them, and r to read it. bound is CompressBound of the codec.
//
// It makes one small round trip, because libraries allocate tables and windows on
// first use and that belongs off the clock.
func AdaptContext(w LibraryWriter, r LibraryReader, bound func(n int) int) (Context, error) {
	c := &adaptedContext{w: w, r: r, bound: bound}
	text := []byte("first use")
	frame, err := c.Compress(make([]byte, 0, bound(len(text))), text)
	if err == nil {
		_, err = c.Decompress(make([]byte, 0, len(text)), frame)
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

type adaptedContext struct {
	w     LibraryWriter
	out   Sink
	r     LibraryReader
	in    bytes.Reader // has ReadByte, so that libraries put no buffer of their own before it
	fill  Filler
	bound func(n int) int

	closed bool
}

func (c *adaptedContext) Compress(dst, src []byte) ([]byte, error) {
	if c.closed {
		return nil, ErrClosed
	}
	err := Room(dst, c.bound(len(src)))
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
		return nil, fmt.Errorf("%s: compress %d bytes: %w", c.r.Name, len(src), err)
	}
	return c.out.Bytes, nil
}

func (c *adaptedContext) Decompress(dst, src []byte) ([]byte, error) {
	if c.closed {
		return nil, ErrClosed
	}
	c.in.Reset(src)
	defer c.in.Reset(nil)
	err := c.r.Reset(&c.in)
	if err == nil {
		dst, err = c.fill.Fill(dst, c.r.Content)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: decompress %d bytes: %w", c.r.Name, len(src), err)
	}
	return dst, nil
}

// Close drops the library's writer and reader.
func (c *adaptedContext) Close() error {
	if !c.closed && c.r.Close != nil {
		c.r.Close()
	}
	c.closed, c.w, c.r = true, nil, LibraryReader{}
	return nil
}
