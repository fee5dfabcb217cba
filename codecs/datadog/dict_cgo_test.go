//go:build cgo

package datadog_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/DataDog/zstd"

	"zstdshop/codecs"
	"zstdshop/codecs/datadog"
)

// TestDictionaryIsTheLibrarys: the frames are those of the library's own way to
// use a dictionary, and each reads the other's.
func TestDictionaryIsTheLibrarys(t *testing.T) {
	dict := train(t, records(2000, 256), 16<<10)
	bulk, err := zstd.NewBulkProcessor(dict, 3)
	if err != nil {
		t.Fatal(err)
	}
	kept := newDictContext(t, 3, dict)
	for _, record := range records(50, 300) {
		want, err := bulk.Compress(nil, record)
		if err != nil {
			t.Fatal(err)
		}
		got, err := kept.Compress(make([]byte, 0, datadog.New().CompressBound(len(record))), record)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes, %v; BulkProcessor makes other %d", len(got), err, len(want))
		}
		if back, err := bulk.Decompress(nil, got); err != nil || !bytes.Equal(back, record) {
			t.Fatalf("BulkProcessor reads %d bytes, %v", len(back), err)
		}
	}
}

func train(t testing.TB, samples [][]byte, size int) []byte {
	t.Helper()
	dict, err := datadog.New().(codecs.DictCodec).Train(samples, size)
	if err != nil {
		t.Fatal(err)
	}
	return dict
}

func newDictContext(t testing.TB, level int, dict []byte) codecs.Context {
	t.Helper()
	ctx, err := datadog.New().(codecs.DictCodec).NewDictContext(level, codecs.Dict{Content: dict})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ctx.Close() })
	return ctx
}

// records are n lines of a log, each padded or cut to size bytes.
func records(n, size int) [][]byte {
	list := make([][]byte, n)
	state := uint32(7)
	next := func() uint32 { state = state*1664525 + 1013904223; return state >> 8 }
	for i := range list {
		var line []byte
		for len(line) < size {
			line = fmt.Appendf(line, `{"time":"2026-01-%02dT%02d:%02d:%02dZ","level":"%s","path":"/api/v1/%s/%d","status":%d,"bytes":%d}`+"\n",
				1+next()%28, next()%24, next()%60, next()%60,
				[]string{"info", "warn", "error"}[next()%3], []string{"orders", "users", "items"}[next()%3],
				next()%100000, []int{200, 201, 404, 500}[next()%4], next())
		}
		list[i] = line[:size]
	}
	return list
}
