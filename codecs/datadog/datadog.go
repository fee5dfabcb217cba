// Package datadog is libzstd through cgo, github.com/DataDog/zstd, as a codec.
//
// datadog_cgo.go does the work; datadog_nocgo.go stands in for it in builds
// without cgo, where the codec is listed as unavailable. Only Ctx.CompressLevel
// and Ctx.DecompressInto of the library are used: the others may allocate,
// guess sizes, or fall back to its stream reader.
//
// With the build tag external_libzstd the library links the system's libzstd
// instead of its own copy; Info().Version names the libzstd in the process.
package datadog

import (
	"fmt"

	"zstdshop/codecs"
)

const module = "github.com/DataDog/zstd"

// levels has the range of libzstd since 1.4.0, ZSTD_minCLevel() and
// ZSTD_maxCLevel(). Above 19 the command line wants --ultra.
var levels = codecs.Levels{Min: -1 << 17, Max: 22, Fastest: 1, Default: 3, Best: 19}

// New makes the codec.
func New() codecs.Codec { return codec{} }

// codec is the plain one; base is what it has in common with mtCodec.
type codec struct{ base }

type base struct{}

func (base) EffectiveLevel(level int) (int, error) {
	if err := levels.Check(level); err != nil {
		return 0, fmt.Errorf("datadog: %w", err)
	}
	return level, nil
}

// CompressBound is ZSTD_COMPRESSBOUND of zstd.h, and what CompressLevel wants
// as capacity to allocate nothing.
func (base) CompressBound(n int) int {
	const small = 128 << 10
	bound := n + n>>8
	if n < small {
		bound += (small - n) >> 11
	}
	return bound
}
