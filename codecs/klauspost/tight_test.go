package klauspost

import (
	"bytes"
	"os"
	"testing"

	"github.com/klauspost/compress/zstd"
)

const tightBlock = 256 << 10

// BenchmarkTight is the library's own call in a bare loop, level 3, over
// 256 KiB blocks of the file that ZSTDSHOP_DATA names: what the harness's
// figure for the same cell is held against (docs/method.md). Without the
// variable it works on made-up text.
func BenchmarkTight(b *testing.B) {
	data := bytes.Repeat([]byte("the quick brown fox jumps over the lazy dog; "), 1<<15)
	if path := os.Getenv("ZSTDSHOP_DATA"); path != "" {
		var err error
		if data, err = os.ReadFile(path); err != nil {
			b.Fatal(err)
		}
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false))
	if err != nil {
		b.Fatal(err)
	}
	defer enc.Close()
	dst := make([]byte, 0, tightBlock+tightBlock/8)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		for rest := data; len(rest) > 0; {
			block := rest[:min(tightBlock, len(rest))]
			rest = rest[len(block):]
			enc.EncodeAll(block, dst[:0])
		}
	}
}
