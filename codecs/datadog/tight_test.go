//go:build cgo

package datadog

import (
	"bytes"
	"os"
	"testing"

	"github.com/DataDog/zstd"
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
	ctx := zstd.NewCtx()
	dst := make([]byte, zstd.CompressBound(tightBlock))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		for rest := data; len(rest) > 0; {
			block := rest[:min(tightBlock, len(rest))]
			rest = rest[len(block):]
			if _, err := ctx.CompressLevel(dst, block, 3); err != nil {
				b.Fatal(err)
			}
		}
	}
}
