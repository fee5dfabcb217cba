//go:build cgo

package datadog_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/DataDog/zstd"

	"zstdshop/codecs/datadog"
)

// BenchmarkDictionary is what docs/decisions/0017 rests on: the library's
// BulkProcessor, which makes a context for each call, against contexts that are
// kept, with the same dictionary and the same frames. They take turns, because a
// machine does not keep its speed; the figures are the lower quartile of the
// turns, in nanoseconds a call.
func BenchmarkDictionary(b *testing.B) {
	const items = 64 // a turn
	dict := train(b, records(2000, 256), 16<<10)
	for _, size := range []int{256, 1 << 10, 4 << 10, 16 << 10} {
		for _, level := range []int{1, 3} {
			b.Run(fmt.Sprintf("size=%d/level=%d", size, level), func(b *testing.B) {
				bulk, err := zstd.NewBulkProcessor(dict, level)
				if err != nil {
					b.Fatal(err)
				}
				kept := newDictContext(b, level, dict)
				texts, frames := records(items, size), make([][]byte, items)
				out, back := make([]byte, 0, datadog.New().CompressBound(size)), make([]byte, 0, size)
				for i, text := range texts {
					frame, err := kept.Compress(out, text)
					if err != nil {
						b.Fatal(err)
					}
					frames[i] = bytes.Clone(frame)
				}
				ways := []struct {
					name string
					call func(dst, src []byte) ([]byte, error)
					dst  []byte
					srcs [][]byte
				}{
					{"compress-bulk-ns", bulk.Compress, out, texts},
					{"compress-kept-ns", kept.Compress, out, texts},
					{"decompress-bulk-ns", bulk.Decompress, back, frames},
					{"decompress-kept-ns", kept.Decompress, back, frames},
				}
				turns := make([][]float64, len(ways))
				for first := 0; b.Loop(); first++ {
					for i := range ways {
						w := (first + i) % len(ways)
						begin := time.Now()
						for _, src := range ways[w].srcs {
							if _, err := ways[w].call(ways[w].dst, src); err != nil {
								b.Fatal(err)
							}
						}
						turns[w] = append(turns[w], float64(time.Since(begin).Nanoseconds())/items)
					}
				}
				for w := range ways {
					slices.Sort(turns[w])
					b.ReportMetric(turns[w][len(turns[w])/4], ways[w].name)
				}
				b.ReportMetric(0, "ns/op") // of all four together: nothing to say
			})
		}
	}
}
