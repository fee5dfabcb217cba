package scenarios_test

import (
	"bytes"
	"errors"
	"fmt"

	"zstdshop/codecs"
)

var errFake = errors.New("fake codec failed on purpose")

// fakeCodec makes frames of one mark byte and the content, every bit inverted;
// raw ones are just the content. Its faults can be set at any time. One
// goroutine at a time.
type fakeCodec struct {
	raw bool

	failContext  int                                // number of the NewContext call that fails, from 1
	failCompress int                                // number of the Compress call that fails, from 1
	spoil        func(plain []byte) ([]byte, error) // what Decompress does to its result
	failClose    bool

	contexts   []*fakeContext
	compressed int // calls of Compress
}

func (c *fakeCodec) Info() codecs.Info { return codecs.Info{Summary: "made for a test"} }

func (c *fakeCodec) EffectiveLevel(int) (int, error) { return 0, nil }

func (c *fakeCodec) overhead() int {
	if c.raw {
		return 0
	}
	return 1
}

func (c *fakeCodec) CompressBound(n int) int { return n + c.overhead() }

func (c *fakeCodec) NewContext(int) (codecs.Context, error) {
	if len(c.contexts)+1 == c.failContext {
		return nil, errFake
	}
	ctx := &fakeContext{codec: c}
	c.contexts = append(c.contexts, ctx)
	return ctx, nil
}

// open returns how many contexts are not closed.
func (c *fakeCodec) open() int {
	open := 0
	for _, ctx := range c.contexts {
		if !ctx.closed {
			open++
		}
	}
	return open
}

type fakeContext struct {
	codec  *fakeCodec
	closed bool
	calls  int    // of Compress and Decompress
	output []byte // of the last call that worked
	// dst holds the buffers seen, by their first byte of capacity.
	dst map[*byte]bool
}

func (c *fakeContext) call(dst []byte, need int) ([]byte, error) {
	c.calls++
	switch {
	case c.closed:
		return nil, codecs.ErrClosed
	case cap(dst) < need:
		return nil, fmt.Errorf("%w: %d of %d bytes", codecs.ErrShortBuffer, cap(dst), need)
	case cap(dst) > 0 && c.dst != nil:
		c.dst[&dst[:1][0]] = true
	}
	return dst[:0], nil
}

func (c *fakeContext) Compress(dst, src []byte) ([]byte, error) {
	if c.codec.compressed++; c.codec.compressed == c.codec.failCompress {
		return nil, errFake
	}
	dst, err := c.call(dst, c.codec.CompressBound(len(src)))
	switch {
	case err != nil:
		return nil, err
	case c.codec.raw:
		c.output = append(dst, src...)
	default:
		c.output = invert(append(dst, 'F'), src)
	}
	return c.output, nil
}

func (c *fakeContext) Decompress(dst, src []byte) ([]byte, error) {
	dst, err := c.call(dst, len(src)-c.codec.overhead())
	if err != nil {
		return nil, err
	}
	if c.codec.raw {
		dst = append(dst, src...)
	} else {
		dst = invert(dst, bytes.TrimPrefix(src, []byte{'F'}))
	}
	if c.output = dst; c.codec.spoil != nil {
		return c.codec.spoil(dst)
	}
	return dst, nil
}

func (c *fakeContext) Close() error {
	c.closed = true
	if c.codec.failClose {
		return errFake
	}
	return nil
}

func invert(dst, src []byte) []byte {
	for _, b := range src {
		dst = append(dst, ^b)
	}
	return dst
}
