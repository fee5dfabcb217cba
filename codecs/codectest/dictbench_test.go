package codectest

import (
	"fmt"
	"testing"

	"zstdshop/codecs"
)

// BenchmarkDictionaries is what docs/codecs.md says of dictionaries: how many
// times smaller records of a log get, without one and with one of 16 KiB that
// each trainer of the format made of others, and how long that took.
func BenchmarkDictionaries(b *testing.B) {
	for _, size := range []int{256, 1 << 10} {
		all := logRecords(4000, size)
		learn, test := all[:2000], all[2000:]
		for _, trainer := range every() {
			d := dictCodec(trainer.Codec)
			if d == nil {
				continue
			}
			b.Run(fmt.Sprintf("size=%d/trainer=%s", size, trainer.name), func(b *testing.B) {
				var dict []byte
				for b.Loop() {
					var err error
					if dict, err = d.Train(learn, 16<<10); err != nil {
						b.Fatal(err)
					}
				}
				for _, c := range every() {
					other := dictCodec(c.Codec)
					if other == nil || other.Dicts().Format != d.Dicts().Format {
						continue
					}
					for name, codec := range map[string]codecs.Codec{"-none-x": c, "-dict-x": shaped(c.Codec, dict)} {
						packed, err := sizeOf(codec, test)
						if err != nil {
							b.Fatal(err)
						}
						b.ReportMetric(float64(size*len(test))/float64(packed), c.name+name)
					}
				}
			})
		}
	}
}

// logRecords are n pieces of a made-up log, of size bytes each.
func logRecords(n, size int) [][]byte {
	rnd := random(21)
	list := make([][]byte, n)
	for i := range list {
		var b []byte
		for len(b) < size {
			b = fmt.Appendf(b, `{"time":"2026-01-%02dT%02d:%02d:%02dZ","level":%q,"method":%q,"path":"/api/v1/%s/%d","status":%d,"bytes":%d,"trace":"%08x"}`+"\n",
				1+rnd.IntN(28), rnd.IntN(24), rnd.IntN(60), rnd.IntN(60),
				[]string{"info", "warn", "error"}[rnd.IntN(3)], []string{"GET", "POST", "PUT"}[rnd.IntN(3)],
				[]string{"orders", "users", "items", "search"}[rnd.IntN(4)], rnd.IntN(100_000),
				[]int{200, 201, 304, 404, 500}[rnd.IntN(5)], rnd.IntN(1<<20), rnd.Uint32())
		}
		list[i] = b[:size]
	}
	return list
}
