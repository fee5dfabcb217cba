package server

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// everyCodec runs test with each codec that this build has.
func everyCodec(t *testing.T, test func(t *testing.T, codec string)) {
	for _, name := range []string{"klauspost", "datadog"} {
		if codec, err := registry().Codec(name); err != nil || codec.Info().Unavailable != "" {
			continue
		}
		t.Run(name, func(t *testing.T) { test(t, name) })
	}
}

func TestPing(t *testing.T) {
	l := inMemory(t, nil)
	got := l.once(t, getRequest("/ping"))
	var ping struct {
		OK     bool     `json:"ok"`
		Go     string   `json:"go"`
		GIL    bool     `json:"gil_enabled"`
		Codecs []string `json:"codecs"`
	}
	if err := json.Unmarshal(got.body, &ping); err != nil || got.status != 200 {
		t.Fatalf("%v: %v", got, err)
	}
	if !ping.OK || ping.Go != runtime.Version() || ping.GIL != (runtime.GOMAXPROCS(0) == 1) || len(ping.Codecs) == 0 || ping.Codecs[0] != "klauspost" {
		t.Errorf("got %s", got.body)
	}
}

// TestCompress holds the answer's fields against the text, and reads the frame
// with every codec, and with the zstd command where there is one.
func TestCompress(t *testing.T) {
	everyCodec(t, func(t *testing.T, codec string) {
		l := inMemory(t, func(o *Options) { o.Codec = codec })
		for _, c := range []struct {
			name, text string
			level      any
		}{
			{"empty", "", nil},
			{"one byte", "a", 3},
			{"prose", strings.Repeat("The quick brown fox jumps over the lazy dog. ", 500), nil},
			{"level 0", "zero", 0},
			{"negative", strings.Repeat("fast ", 1000), -131072},
			{"highest", strings.Repeat("slow ", 1000), 22},
			{"control", "\x00\x01\u2028\ufffe\U0001F600<&>", 1},
			{"large", strings.Repeat("0123456789abcdef", 64<<10), 1},
		} {
			got := l.once(t, postRequest("/compress", jsonOf(t, map[string]any{"text": c.text, "level": c.level})))
			var out struct {
				In    int     `json:"bytes_in"`
				Out   int     `json:"bytes_out"`
				Ratio float64 `json:"ratio"`
				B64   string  `json:"b64"`
			}
			if err := json.Unmarshal(got.body, &out); err != nil || got.status != 200 {
				t.Fatalf("%s: %v: %v", c.name, got, err)
			}
			frame, err := base64.StdEncoding.Strict().DecodeString(out.B64)
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if out.In != len(c.text) || out.Out != len(frame) {
				t.Errorf("%s: bytes_in %d, bytes_out %d; want %d, %d", c.name, out.In, out.Out, len(c.text), len(frame))
			}
			if frame[4]&4 == 0 {
				t.Errorf("%s: the frame has no checksum", c.name)
			}
			back := l.once(t, postRequest("/decompress", jsonOf(t, map[string]any{"b64": out.B64})))
			if back.status != 200 || back.field("text") != c.text || back.field("lossy") != nil {
				t.Errorf("%s: back came %v", c.name, back)
			}
			if zstd, err := exec.LookPath("zstd"); err == nil {
				cmd := exec.Command(zstd, "-dc")
				cmd.Stdin = strings.NewReader(string(frame))
				if text, err := cmd.Output(); err != nil || string(text) != c.text {
					t.Errorf("%s: zstd -d: %d bytes, %v", c.name, len(text), err)
				}
			}
		}
	})
}

func TestRatio(t *testing.T) {
	for _, c := range []struct {
		in, out int
		want    string
	}{
		{0, 9, "0.0"}, {1, 14, "14.0"}, {3, 1, "0.3333"}, {3, 2, "0.6667"}, {10, 5, "0.5"}, {1000000, 57, "0.0001"}, {1000000, 4, "0.0"}, {100, 42, "0.42"},
	} {
		if got := string(appendRatio([]byte("0"), c.in, c.out))[1:]; got != c.want {
			t.Errorf("%d/%d: %s, want %s", c.out, c.in, got, c.want)
		}
	}
}

func TestRaw(t *testing.T) {
	everyCodec(t, func(t *testing.T, codec string) {
		l := inMemory(t, nil)
		for _, text := range []string{"", "a", strings.Repeat("bytes \xff\x00 ", 300_000)} {
			packed := l.once(t, postRequest("/v1/compress?level=1&codec="+codec, text))
			if packed.status != 200 || string(packed.header.ContentType()) != "application/zstd" {
				t.Fatalf("%d bytes: %v", len(text), packed)
			}
			back := l.once(t, postRequest("/v1/decompress?codec="+codec, string(packed.body)))
			if back.status != 200 || string(back.body) != text {
				t.Errorf("%d bytes: back came %d bytes, %v", len(text), len(back.body), back.status)
			}
		}
	})
}

// TestServerTiming: an answer says how long the codec took, and nothing else that takes
// its time; the clock goes on by a millisecond whenever it is read.
func TestServerTiming(t *testing.T) {
	var reads atomic.Int64
	l := inMemory(t, func(o *Options) {
		o.Now = func() time.Time { return time.UnixMilli(reads.Add(1)) }
	})
	frame := string(sealedFrame(t, "text"))
	for _, c := range []struct{ raw, want string }{
		{postRequest("/compress", `{"text":"text"}`), "codec;dur=1.000"},
		{postRequest("/decompress", `{"b64":"`+base64Of([]byte(frame))+`"}`), "codec;dur=1.000"},
		{postRequest("/v1/compress", "text"), "codec;dur=1.000"},
		{postRequest("/v1/decompress", frame), "codec;dur=1.000"},
		{postRequest("/v1/decompress", "text"), ""},
		{getRequest("/ping"), ""},
	} {
		if got := l.once(t, c.raw); string(got.header.Peek("Server-Timing")) != c.want {
			t.Errorf("%.30q: %q, want %q", c.raw, got.header.Peek("Server-Timing"), c.want)
		}
	}
}

func TestPages(t *testing.T) {
	l := inMemory(t, nil)
	for _, c := range []struct{ path, mediaType, has string }{
		{"/", "text/html; charset=utf-8", "<!DOCTYPE html>"},
		{"/docs", "text/html; charset=utf-8", "swagger-ui-bundle.js"},
		{"/docs/swagger-ui-bundle.js", "text/javascript; charset=utf-8", "SwaggerUIBundle"},
		{"/docs/swagger-ui.css", "text/css; charset=utf-8", ".swagger-ui"},
		{"/docs/start.js", "text/javascript; charset=utf-8", "validatorUrl: null"},
		{"/healthz", "application/json", `"ok"`},
		{"/metrics", "text/plain; version=0.0.4; charset=utf-8", "zstdshop_requests_total"},
		{"/openapi.json", "application/json", `"openapi":"3.1.0"`},
	} {
		got := l.once(t, getRequest(c.path))
		if got.status != 200 || string(got.header.ContentType()) != c.mediaType || !strings.Contains(string(got.body), c.has) {
			t.Errorf("%s: %v; want %s with %s", c.path, got, c.mediaType, c.has)
		}
		if etag := got.header.Peek("ETag"); len(etag) > 0 {
			again := l.once(t, request("GET", c.path, fmt.Sprintf("If-None-Match: %s\r\n", etag), ""))
			if again.status != 304 || len(again.body) != 0 {
				t.Errorf("%s with its tag: %v", c.path, again)
			}
		}
		head := l.once(t, request("HEAD", c.path, "", ""))
		if head.status != 200 || string(head.header.ContentType()) != c.mediaType {
			t.Errorf("HEAD %s: %v", c.path, head)
		}
	}
	packed := l.once(t, request("GET", "/docs/swagger-ui.css", "Accept-Encoding: gzip, zstd\r\n", ""))
	if string(packed.header.ContentEncoding()) != "zstd" || len(packed.body) > 30_000 {
		t.Errorf("to a client that takes zstd: %s, %d bytes", packed.header.ContentEncoding(), len(packed.body))
	}
}
