// Package flatecodec is a codec for zstdshop: DEFLATE (RFC 1951) by the standard
// library, the format inside gzip and zip. Start at New; context.go does the
// work.
package flatecodec

import (
	"fmt"
	"runtime"

	"zstdshop/codecs"
)

// limits are the levels of compress/flate, on a scale of its own. Default is
// what flate.DefaultCompression stands for.
var limits = codecs.Levels{Min: 1, Max: 9, Own: true, Fastest: 1, Default: 6, Best: 9}

// New makes the codec.
func New() codecs.Codec { return codec{} }

type codec struct{}

func (codec) Info() codecs.Info {
	levels := limits
	return codecs.Info{
		Summary: "DEFLATE by the standard library",
		Library: "compress/flate",
		Version: runtime.Version(),
		Format:  "deflate",
		Levels:  &levels,
	}
}

func (codec) EffectiveLevel(level int) (int, error) {
	if err := limits.Check(level); err != nil {
		return 0, fmt.Errorf("flate: %w", err)
	}
	return level, nil
}

// CompressBound is what the library makes of data that does not shrink, and
// some to spare: it stores blocks of 16 KiB or more, only the last may be less,
// each behind 5 bytes (RFC 1951, 3.2.4), and closes with an empty one.
func (codec) CompressBound(n int) int { return n + n>>10 + 32 }

func (c codec) NewContext(level int) (codecs.Context, error) {
	level, err := c.EffectiveLevel(level)
	if err != nil {
		return nil, err
	}
	return newContext(level)
}
