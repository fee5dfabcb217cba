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
	w   *flate.Writer
	out frame
	r   io.ReadCloser // a flate.Resetter as well, as flate.NewReader promises
	in  bytes.Reader  // has ReadByte, so that the decoder takes no byte too many
	one [1]byte       // to look for a byte that should not be there
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
	if bound := (codec{}).CompressBound(len(src)); cap(dst) < bound {
		return nil, fmt.Errorf("flate: compress %d bytes: %w: capacity %d, need %d", len(src), codecs.ErrShortBuffer, cap(dst), bound)
	}
	c.out.bytes = dst[:0]
	defer func() { c.out.bytes = nil }() // keep nothing of the caller's
	c.w.Reset(&c.out)
	if _, err := c.w.Write(src); err != nil {
		return nil, fmt.Errorf("flate: compress %d bytes: %w", len(src), err)
	}
	if err := c.w.Close(); err != nil {
		return nil, fmt.Errorf("flate: compress %d bytes: %w", len(src), err)
	}
	return c.out.bytes, nil
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
	text, err := c.fill(dst[:cap(dst)])
	if err == nil && c.in.Len() > 0 {
		err = fmt.Errorf("%d bytes after its end", c.in.Len())
	}
	if err != nil {
		return nil, fmt.Errorf("flate: decompress %d bytes: %w", len(src), err)
	}
	return text, nil
}

// fill reads to the end of the frame, which must come no later than that of dst.
func (c *context) fill(dst []byte) ([]byte, error) {
	n := 0
	for {
		free := dst[n:]
		if len(free) == 0 {
			free = c.one[:]
		}
		m, err := c.r.Read(free)
		if n += m; n > len(dst) {
			return nil, fmt.Errorf("%w: capacity %d", codecs.ErrShortBuffer, len(dst))
		}
		if err == io.EOF { // a frame cut short is io.ErrUnexpectedEOF
			return dst[:n], nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (c *context) Close() error {
	c.w, c.r = nil, nil
	return nil
}

// frame is a caller's buffer as an io.Writer that never makes it larger.
type frame struct{ bytes []byte }

func (f *frame) Write(p []byte) (int, error) {
	if len(p) > cap(f.bytes)-len(f.bytes) {
		return 0, fmt.Errorf("%w: capacity %d", codecs.ErrShortBuffer, cap(f.bytes))
	}
	f.bytes = append(f.bytes, p...)
	return len(p), nil
}
