package codectest

import (
	"errors"
	"fmt"

	"zstdshop/codecs"
)

// fake is a codec that keeps the contract, and of which a test replaces one
// part to break it. Its frame is a byte 'F' and the content, each byte xored
// with 0x5A.
type fake struct {
	info       func() codecs.Info
	effective  func(level int) (int, error)
	bound      func(n int) int
	newContext func(level int) (codecs.Context, error)
	compress   func(dst, src []byte) ([]byte, error)
	decompress func(dst, src []byte) ([]byte, error)
	closed     func(calls int) error               // result of the calls-th Close
	after      func(call string, real error) error // result of work after Close
}

func (f *fake) Info() codecs.Info                            { return f.info() }
func (f *fake) EffectiveLevel(level int) (int, error)        { return f.effective(level) }
func (f *fake) CompressBound(n int) int                      { return f.bound(n) }
func (f *fake) NewContext(level int) (codecs.Context, error) { return f.newContext(level) }

// honest is the fake without a fault.
func honest() *fake {
	f := &fake{
		info: func() codecs.Info {
			return codecs.Info{
				Summary: "xors", Library: "none", Version: "v1", Format: "xor",
				Levels: &codecs.Levels{Min: -3, Max: 12, Fastest: 1, Default: 3, Best: 9},
			}
		},
		bound:      func(n int) int { return n + 1 },
		compress:   xorCompress,
		decompress: xorDecompress,
		closed:     func(int) error { return nil },
		after:      func(_ string, real error) error { return real },
	}
	f.effective = func(level int) (int, error) {
		limits := f.info().Levels
		if limits == nil {
			return 0, nil
		}
		if err := limits.Check(level); err != nil {
			return 0, fmt.Errorf("fake: %w", err)
		}
		return level, nil
	}
	f.newContext = func(level int) (codecs.Context, error) {
		if _, err := f.effective(level); err != nil {
			return nil, err
		}
		return &fakeContext{fake: f}, nil
	}
	return f
}

type fakeContext struct {
	*fake
	closes int
}

func (c *fakeContext) Compress(dst, src []byte) ([]byte, error) {
	if c.closes > 0 {
		if err := c.after("compress", codecs.ErrClosed); err != nil {
			return nil, err
		}
	}
	return c.compress(dst, src)
}

func (c *fakeContext) Decompress(dst, src []byte) ([]byte, error) {
	if c.closes > 0 {
		if err := c.after("decompress", codecs.ErrClosed); err != nil {
			return nil, err
		}
	}
	return c.decompress(dst, src)
}

func (c *fakeContext) Close() error {
	c.closes++
	return c.closed(c.closes)
}

var errDamaged = errors.New("fake: damaged frame")

func xorCompress(dst, src []byte) ([]byte, error) {
	if cap(dst) < len(src)+1 {
		return nil, fmt.Errorf("fake: %w", codecs.ErrShortBuffer)
	}
	return xor(append(dst[:0], 'F'), src), nil
}

func xorDecompress(dst, src []byte) ([]byte, error) {
	if len(src) == 0 || src[0] != 'F' {
		return nil, errDamaged
	}
	if cap(dst) < len(src)-1 {
		return nil, fmt.Errorf("fake: %w", codecs.ErrShortBuffer)
	}
	return xor(dst[:0], src[1:]), nil
}

// xor appends, growing dst where it must.
func xor(dst, src []byte) []byte {
	for _, b := range src {
		dst = append(dst, b^0x5A)
	}
	return dst
}
