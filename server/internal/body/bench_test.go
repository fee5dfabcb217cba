package body_test

import (
	stdjson "encoding/json"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"zstdshop/server/internal/body"
)

// prose is n bytes of words in lines, with a quotation now and then.
func prose(n int) string {
	rnd := rand.New(rand.NewPCG(1, 0))
	var b strings.Builder
	for words := 1; b.Len() < n; words++ {
		for range 2 + rnd.IntN(7) {
			b.WriteByte("etaoinshrdlucmfw"[rnd.IntN(1+rnd.IntN(16))])
		}
		switch {
		case words%13 == 0:
			b.WriteByte('\n')
		case words%60 == 0:
			b.WriteString(` "`)
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()[:n]
}

// inASCII is text as a JSON string with all but ASCII escaped, as Python's
// json.dumps writes it.
func inASCII(text string) string {
	return strconv.QuoteToASCII(text) // the same where there is no control character but \n
}

func quoted(text string) string { return string(body.AppendString(nil, []byte(text))) }

func BenchmarkCompress(b *testing.B) {
	chinese := strings.Repeat("床前明月光，疑是地上霜。\n举头望明月，低头思故乡。\n", 1351)
	for _, c := range []struct{ name, text, literal string }{
		{"prose_1KB", prose(1000), quoted(prose(1000))},
		{"prose_10KB", prose(10_000), quoted(prose(10_000))},
		{"prose_100KB", prose(100_000), quoted(prose(100_000))},
		{"prose_1MB", prose(1_000_000), quoted(prose(1_000_000))},
		{"chinese_100KB", chinese, quoted(chinese)},
		{"chinese_escaped_200KB", chinese, inASCII(chinese)},
	} {
		src := []byte(`{"text":` + c.literal + `,"level":3}`)
		b.Run(c.name+"/this", func(b *testing.B) {
			buf := make([]byte, len(src))
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				copy(buf, src) // Compress overwrites it
				text, level, set, err := body.Compress(buf, len(src))
				if err != nil || len(text) != len(c.text) || level != 3 || !set {
					b.Fatal(len(text), level, set, err)
				}
			}
		})
		unmarshal(b, c.name+"/go-json-experiment", src, func(b []byte, v any) error { return json.Unmarshal(b, v) })
		unmarshal(b, c.name+"/encoding_json", src, stdjson.Unmarshal)
	}
}

func BenchmarkDecompress(b *testing.B) {
	src := append(body.AppendBase64([]byte(`{"b64":"`), []byte(prose(40_000))), `"}`...)
	b.Run("40KB/this", func(b *testing.B) {
		buf := make([]byte, len(src))
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			copy(buf, src)
			if _, err := body.Decompress(buf); err != nil {
				b.Fatal(err)
			}
		}
	})
	unmarshal(b, "40KB/go-json-experiment", src, func(b []byte, v any) error { return json.Unmarshal(b, v) })
	unmarshal(b, "40KB/encoding_json", src, stdjson.Unmarshal)
}

func unmarshal(b *testing.B, name string, src []byte, unmarshal func([]byte, any) error) {
	b.Run(name, func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			var r struct {
				Text  *string `json:"text"`
				Level *int    `json:"level"`
				B64   *string `json:"b64"` // the text in base64
			}
			if err := unmarshal(src, &r); err != nil || r.Text == nil && r.B64 == nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkAppendString(b *testing.B) {
	text := []byte(prose(100_000))
	b.Run("100KB/this", func(b *testing.B) {
		buf := make([]byte, 0, 200_000)
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			buf = body.AppendString(buf[:0], text)
		}
	})
	nuls := make([]byte, 3_900_000)
	b.Run("3.9MB_of_NUL/this", func(b *testing.B) {
		buf := make([]byte, 0, 6*len(nuls))
		b.SetBytes(int64(len(nuls)))
		for b.Loop() {
			body.ContentSize(nuls, true)
			buf, _ = body.AppendFitting(buf[:0], nuls, true)
		}
	})
	b.Run("100KB/encoding_json", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			stdjson.Marshal(string(text))
		}
	})
}

func BenchmarkBase64(b *testing.B) {
	src := []byte(prose(40_000))
	b64 := body.AppendBase64(nil, src)
	b.Run("append", func(b *testing.B) {
		buf := make([]byte, 0, 200_000)
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			buf = body.AppendBase64(buf[:0], src)
		}
	})
	b.Run("decode", func(b *testing.B) {
		buf := make([]byte, 0, 200_000)
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			var err error
			if buf, err = body.DecodeBase64(buf, b64); err != nil {
				b.Fatal(err)
			}
		}
	})
}
