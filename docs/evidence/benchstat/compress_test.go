package main

import (
	"os"
	"strconv"
	"testing"

	"zstdshop/codecs/klauspost"
	"zstdshop/scenarios/corpus"
)

// BenchmarkCompress is calibrate's workload klauspost as one would write it for
// go test: level 3, blocks of 16 KiB of the embedded logs. REDO is the share of
// blocks, in permille, after which another one is compressed.
func BenchmarkCompress(b *testing.B) {
	redo, _ := strconv.Atoi(os.Getenv("REDO"))
	logs, err := corpus.Load(b.Context(), "logs", nil)
	if err != nil {
		b.Fatal(err)
	}
	var blocks [][]byte
	for _, r := range corpus.Blocks(logs.Members, 16<<10) {
		whole := logs.Members[0].Data
		blocks = append(blocks, whole[r.Offset:r.Offset+r.Length])
	}
	codec := klauspost.New()
	ctx, err := codec.NewContext(3)
	if err != nil {
		b.Fatal(err)
	}
	defer ctx.Close()
	dst := make([]byte, 0, codec.CompressBound(16<<10))
	b.SetBytes(16 << 10)
	for i := 0; b.Loop(); i++ {
		if _, err := ctx.Compress(dst, blocks[i%len(blocks)]); err != nil {
			b.Fatal(err)
		}
		if hit(i, redo) {
			if _, err := ctx.Compress(dst, blocks[(i+len(blocks)/2)%len(blocks)]); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// hit spreads permille of the blocks as the worker protocol does.
func hit(i, permille int) bool {
	return uint64(i)*0x9e3779b97f4a7c15>>32*1000>>32 < uint64(permille)
}
