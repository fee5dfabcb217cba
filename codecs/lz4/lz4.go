// Package lz4 is LZ4's block format, github.com/pierrec/lz4/v4, as a codec.
//
// A block has neither the size of its content nor a checksum, so much damage
// reads as another text. What the command lz4 reads are frames, which the
// codec's streams write.
package lz4

import (
	"fmt"
	"io"

	"github.com/pierrec/lz4/v4"

	"zstdshop/codecs"
)

const module = "github.com/pierrec/lz4/v4"

// levels are the library's: 0 is its fast compressor, which it uses unasked; 1
// to 9 are depths of search of the other one, lz4.Level1 to lz4.Level9. They are
// not the numbers of the C library, where 1 is fast and 3 to 12 are deep.
var levels = codecs.Levels{Min: 0, Max: 9, Own: true, Fastest: 0, Default: 0, Best: 9}

// New makes the codec.
func New() codecs.Codec { return codec{} }

type codec struct{}

func (codec) Info() codecs.Info {
	levels := levels // the caller's
	return codecs.Info{
		Summary: "LZ4 in Go: fast at level 0, and faster to read than to write",
		Library: module,
		Version: codecs.ModuleVersion(module),
		Format:  "lz4",
		Levels:  &levels,
	}
}

func (codec) EffectiveLevel(level int) (int, error) {
	if err := levels.Check(level); err != nil {
		return 0, fmt.Errorf("lz4: %w", err)
	}
	return level, nil
}

func (codec) CompressBound(n int) int { return lz4.CompressBlockBound(n) }

func (c codec) NewContext(level int) (codecs.Context, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	if level == 0 {
		return &context{compress: new(lz4.Compressor).CompressBlock}, nil
	}
	return &context{compress: (&lz4.CompressorHC{Level: depth(level)}).CompressBlock}, nil
}

// depth is the library's constant for a level.
func depth(level int) lz4.CompressionLevel {
	if level == 0 {
		return lz4.Fast
	}
	return lz4.Level1 << (level - 1)
}

// context is a compressor with its tables. compress is nil once it is closed.
type context struct {
	compress func(src, dst []byte) (int, error)
}

func (c *context) Compress(dst, src []byte) ([]byte, error) {
	if c.compress == nil {
		return nil, codecs.ErrClosed
	}
	if err := codecs.Room(dst, codec{}.CompressBound(len(src))); err != nil {
		return nil, fmt.Errorf("lz4: compress %d bytes: %w", len(src), err)
	}
	n, err := c.compress(src, dst[:cap(dst)])
	if err == nil && n == 0 { // with room it promises not to
		err = io.ErrShortWrite
	}
	if err != nil {
		return nil, fmt.Errorf("lz4: compress %d bytes: %w", len(src), err)
	}
	return dst[:n], nil
}

// Decompress cannot tell a dst that is too small from a damaged block, because
// the library does not.
func (c *context) Decompress(dst, src []byte) ([]byte, error) {
	if c.compress == nil {
		return nil, codecs.ErrClosed
	}
	if len(src) == 0 { // a text of nothing to the library
		return nil, fmt.Errorf("lz4: decompress: %w: no block in empty input", io.ErrUnexpectedEOF)
	}
	n, err := lz4.UncompressBlock(src, dst[:cap(dst)])
	if err != nil {
		return nil, fmt.Errorf("lz4: decompress %d bytes: %w", len(src), err)
	}
	return dst[:n], nil
}

func (c *context) Close() error {
	c.compress = nil
	return nil
}
