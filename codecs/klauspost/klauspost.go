// Package klauspost is zstd in pure Go, github.com/klauspost/compress/zstd,
// as a codec. Start at New; context.go does the work.
package klauspost

import (
	"fmt"

	"github.com/klauspost/compress/zstd"

	"zstdshop/codecs"
)

const module = "github.com/klauspost/compress"

// levels has the range of libzstd. This library takes any level of it, negative
// ones too, and picks the nearest of its four; EffectiveLevel returns which.
var levels = codecs.Levels{Min: -1 << 17, Max: 22, Fastest: 1, Default: 3, Best: 11}

// New makes the codec.
func New() codecs.Codec { return codec{} }

// codec is the plain one; base is what it has in common with mtCodec.
type codec struct{ base }

type base struct{}

func (base) Info() codecs.Info {
	levels := levels // the caller's
	return codecs.Info{
		Summary: "zstd in pure Go, with four levels of its own",
		Library: module,
		Version: codecs.ModuleVersion(module),
		Format:  "zstd",
		Levels:  &levels,
	}
}

// EffectiveLevel returns the zstd level whose ratio the library's level comes
// near according to its README: fastest 1, default 3, better 7, best 11. Every
// negative level is fastest.
func (base) EffectiveLevel(level int) (int, error) {
	if err := levels.Check(level); err != nil {
		return 0, fmt.Errorf("klauspost: %w", err)
	}
	switch zstd.EncoderLevelFromZstd(level) {
	case zstd.SpeedFastest:
		return 1, nil
	case zstd.SpeedDefault:
		return 3, nil
	case zstd.SpeedBetterCompression:
		return 7, nil
	default:
		return 11, nil
	}
}

// CompressBound has room for the frame and for the library's work on it.
//
// A frame is at most 14 bytes of header and, per block, 3 bytes and the block
// as it is (RFC 8878, 3.1.1.1 and 3.1.1.2); all blocks but the last hold 64 KiB
// or more. Encoder.MaxEncodedSize promises about as much, and is too little: an
// input of one block is compressed right into dst, where the result is dropped
// only once it proves larger than the input, and the sequence writer asks for
// 28 spare bytes at every step. With less, append moves to a buffer of its own,
// as it does on one in twenty of the inputs of TestBoundLeavesRoom. The most
// seen to be needed is 30 bytes more than the input; work leaves a margin.
func (base) CompressBound(n int) int {
	const header, perBlock, block, work = 14, 3, 64 << 10, 512
	return n + header + perBlock*(n/block+1) + work
}
