// Package snappy is Snappy's block format, github.com/golang/snappy, as a codec.
//
// A block holds the size of its content and no checksum. The format has no
// levels.
package snappy

import (
	"fmt"

	"github.com/golang/snappy"

	"zstdshop/codecs"
)

const module = "github.com/golang/snappy"

// New makes the codec.
func New() codecs.Codec { return codec{} }

type codec struct{}

func (codec) Info() codecs.Info {
	return codecs.Info{
		Summary: "Snappy by its authors' Go library: fast, without levels",
		Library: module,
		Version: codecs.ModuleVersion(module),
		Format:  "snappy",
	}
}

func (codec) EffectiveLevel(int) (int, error) { return 0, nil }

// CompressBound is the library's. Above 4 GiB, where it has none, Compress
// returns an error whatever the capacity.
func (codec) CompressBound(n int) int {
	if bound := snappy.MaxEncodedLen(n); bound >= 0 {
		return bound
	}
	return n + n/6 + 32
}

func (codec) NewContext(int) (codecs.Context, error) { return &context{}, nil }

// context holds nothing: the encoder's table is on the stack of each call.
type context struct{ closed bool }

func (c *context) Compress(dst, src []byte) ([]byte, error) {
	if c.closed {
		return nil, codecs.ErrClosed
	}
	if snappy.MaxEncodedLen(len(src)) < 0 { // the library would panic
		return nil, fmt.Errorf("snappy: compress %d bytes: %w", len(src), snappy.ErrTooLarge)
	}
	if err := codecs.Room(dst, codec{}.CompressBound(len(src))); err != nil {
		return nil, fmt.Errorf("snappy: compress %d bytes: %w", len(src), err)
	}
	return snappy.Encode(dst[:cap(dst)], src), nil
}

func (c *context) Decompress(dst, src []byte) ([]byte, error) {
	if c.closed {
		return nil, codecs.ErrClosed
	}
	size, err := snappy.DecodedLen(src)
	if err == nil {
		err = codecs.Room(dst, size) // with less the library allocates
	}
	if err == nil {
		dst, err = snappy.Decode(dst[:cap(dst)], src)
	}
	if err != nil {
		return nil, fmt.Errorf("snappy: decompress %d bytes: %w", len(src), err)
	}
	return dst, nil
}

func (c *context) Close() error {
	c.closed = true
	return nil
}
