// Package memcpy is the codec that only copies: the machine's ceiling, which
// no codec that reads its input and writes its output can pass.
//
// Its rows say how much of a figure is memory and harness, and how much is
// compression.
package memcpy

import (
	"fmt"
	"runtime"

	"zstdshop/codecs"
)

// New makes the codec.
func New() codecs.Codec { return codec{} }

type codec struct{}

func (codec) Info() codecs.Info {
	return codecs.Info{
		Summary: "copies the bytes and compresses nothing: the machine's ceiling",
		Library: "Go runtime",
		Version: runtime.Version(),
		Format:  "raw",
		Ceiling: true,
	}
}

func (codec) EffectiveLevel(int) (int, error) { return 0, nil }

func (codec) CompressBound(n int) int { return n }

func (codec) NewContext(int) (codecs.Context, error) { return &context{}, nil }

type context struct{ closed bool }

func (c *context) Compress(dst, src []byte) ([]byte, error) {
	return c.copy("compress", dst, src)
}

func (c *context) Decompress(dst, src []byte) ([]byte, error) {
	return c.copy("decompress", dst, src)
}

func (c *context) copy(what string, dst, src []byte) ([]byte, error) {
	if c.closed {
		return nil, codecs.ErrClosed
	}
	if err := codecs.Room(dst, len(src)); err != nil {
		return nil, fmt.Errorf("memcpy: %s: %w", what, err)
	}
	return dst[:copy(dst[:cap(dst)], src)], nil
}

func (c *context) Close() error {
	c.closed = true
	return nil
}
