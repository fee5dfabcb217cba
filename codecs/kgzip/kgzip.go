// Package kgzip is gzip by github.com/klauspost/compress/gzip as a codec.
//
// A frame is one gzip member without a name or a time. It has a checksum, which
// the format does not leave open: both directions pay for it.
package kgzip

import (
	"fmt"

	"github.com/klauspost/compress/gzip"

	"zstdshop/codecs"
)

const module = "github.com/klauspost/compress"

// levels are those that compress. Default is what gzip.DefaultCompression
// stands for in this library; in the standard one it is 6.
var levels = codecs.Levels{Min: gzip.BestSpeed, Max: gzip.BestCompression, Own: true, Fastest: gzip.BestSpeed, Default: 5, Best: gzip.BestCompression}

// New makes the codec.
func New() codecs.Codec { return codec{} }

type codec struct{}

func (codec) Info() codecs.Info {
	levels := levels // the caller's
	return codecs.Info{
		Summary: "gzip by a faster library than the standard one",
		Library: module + "/gzip",
		Version: codecs.ModuleVersion(module),
		Format:  "gzip",
		Levels:  &levels,
	}
}

func (codec) EffectiveLevel(level int) (int, error) {
	if err := levels.Check(level); err != nil {
		return 0, fmt.Errorf("kgzip: %w", err)
	}
	return level, nil
}

// CompressBound is what the library makes of data that does not shrink: blocks
// of 16 KiB or more as they are, only the last may be less, each behind 5 bytes
// (RFC 1951, 3.2.4), an empty one that ends them, and 18 bytes around it all
// (RFC 1952, 2.3). Rounded up.
func (codec) CompressBound(n int) int { return n + n>>10 + 64 }

// NewContext makes one that reads one member after the other, as gunzip does, and takes
// anything else after them for an error.
func (c codec) NewContext(level int) (codecs.Context, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	w, err := gzip.NewWriterLevel(nil, level)
	if err != nil {
		return nil, fmt.Errorf("kgzip: make encoder: %w", err)
	}
	r := new(gzip.Reader)
	return codecs.AdaptContext(w, codecs.LibraryReader{Name: "kgzip", Content: r, Reset: r.Reset}, c.CompressBound)
}
