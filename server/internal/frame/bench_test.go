package frame_test

import (
	"testing"

	"zstdshop/server/internal/frame"
)

func BenchmarkCheck(b *testing.B) {
	lim := frame.Limits{Output: 1 << 40, Window: 8 * mib, Frames: 1 << 20, Blocks: 1 << 20}
	for _, c := range []struct{ name, input string }{
		{"one_block", sized(5) + lastRaw("hello")},
		{"1000_raw_blocks", open() + times(999, raw("hello")) + lastRaw("")},
		{"1000_compressed_blocks", open() + times(999, compressed(literals(9))) + lastRaw("")},
		{"1000_frames", times(1000, sized(0)+lastRaw(""))},
	} {
		input := []byte(c.input)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := frame.Check(input, lim); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSeal(b *testing.B) {
	text := prose(100_000)
	codec := zstdCodecs()[0]
	ctx, err := codec.NewContext(3)
	if err != nil {
		b.Fatal(err)
	}
	defer ctx.Close()
	input, err := ctx.Compress(make([]byte, 0, codec.CompressBound(len(text))), text)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		input[4] &^= checksummed
		if _, err := frame.Seal(input, text); err != nil {
			b.Fatal(err)
		}
	}
}
