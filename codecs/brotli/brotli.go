// Package brotli is Brotli, github.com/andybalholm/brotli, as a codec.
//
// The library is the C reference translated to Go. A frame has neither the size
// of its content nor a checksum.
package brotli

import (
	"fmt"

	"github.com/andybalholm/brotli"

	"zstdshop/codecs"
)

const module = "github.com/andybalholm/brotli"

var levels = codecs.Levels{Min: brotli.BestSpeed, Max: brotli.BestCompression, Own: true, Fastest: brotli.BestSpeed, Default: brotli.DefaultCompression, Best: brotli.BestCompression}

// readWindow is a window of 24 bits, the most of RFC 7932, and what is read ahead.
const readWindow = 16<<20 + 64<<10

// New makes the codec.
func New() codecs.Codec { return codec{} }

type codec struct{}

func (codec) Info() codecs.Info {
	levels := levels // the caller's
	return codecs.Info{
		Summary:    "Brotli in Go: knows words of the web by heart; 10 and 11 are slow",
		Library:    module,
		Version:    codecs.ModuleVersion(module),
		Format:     "brotli",
		Levels:     &levels,
		ReadWindow: readWindow,
	}
}

func (codec) EffectiveLevel(level int) (int, error) {
	if err := levels.Check(level); err != nil {
		return 0, fmt.Errorf("brotli: %w", err)
	}
	return level, nil
}

// CompressBound is that of the C library, BrotliEncoderMaxCompressedSize, which
// this one does not export, with room to spare: 4 bytes for each 16 KiB that are
// stored as they are, and a few around them.
func (codec) CompressBound(n int) int { return n + n>>11 + 64 }

// NewContext makes one that takes anything after the frame for an error.
func (c codec) NewContext(level int) (codecs.Context, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	r := brotli.NewReader(nil)
	ctx, err := codecs.AdaptContext(brotli.NewWriterLevel(nil, level), codecs.LibraryReader{Name: "brotli", Content: r, Reset: r.Reset}, c.CompressBound)
	if err != nil {
		return nil, err
	}
	switch {
	case level == 11:
		return allocating{ctx, 75, 900 << 10}, nil
	case level == 10:
		return allocating{ctx, 40, 700 << 10}, nil
	case level >= 5:
		return allocating{ctx, 2, 32 << 10}, nil
	}
	return ctx, nil
}

// allocating is a context whose library makes histograms and trees for each
// frame: at levels 5 to 9 they come from pools that collections empty, at 10 and
// 11 they are garbage. Most is by the byte of text. Measured with 100 bytes to 1
// MiB of text and of noise, and rounded up.
type allocating struct {
	codecs.Context
	perByte, fixed int
}

func (a allocating) FrameAllocs(n int) int { return a.perByte*n + a.fixed }
