package server

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"
)

// claiming is the beginning of a frame over every limit: blocks of 4 bytes that
// claim 128 KiB each.
func claiming() string {
	return zstdMagic + "\x00\x58" + strings.Repeat(block(false, 1, 128<<10, "x"), 1<<10)
}

// TestArrival: whoever sends too much, or nonsense, is refused at the byte that is too
// much, although the rest of the body has not come and never comes.
func TestArrival(t *testing.T) {
	l := onLoopback(t, nil)
	raw := line("POST /v1/decompress HTTP/1.1") + "Content-Length: 3000000\r\n\r\n"
	json := line("POST /decompress HTTP/1.1") + "Content-Length: 3000000\r\n\r\n"
	chunked := "Transfer-Encoding: chunked\r\n\r\n" + "2dc6c0;a=b\r\n" // 3,000,000 bytes
	inBase64 := base64Of([]byte(claiming()))
	good := zstdMagic + "\x00\x58" + strings.Repeat(block(false, 0, 1<<10, strings.Repeat("x", 1<<10)), 1<<10)
	bomb := strings.Repeat(block(false, 1, 128<<10, "x"), 1<<10)
	empty := zstdMagic + "\x20\x00" + block(true, 0, 0, "")
	for _, c := range []struct {
		name  string
		parts []string
		loc   string
		code  string
	}{
		{"header and body together", []string{raw + claiming()}, `["body"]`, "too_large"},
		{"one after the other", []string{raw, claiming()}, `["body"]`, "too_large"},
		{"a header in two parts", []string{raw[:30], raw[30:] + claiming()}, `["body"]`, "too_large"},
		{"a header cut in its end", []string{raw[:len(raw)-1], raw[len(raw)-1:] + claiming()}, `["body"]`, "too_large"},
		{"behind a request before it", []string{getRequest("/ping") + raw + claiming()}, `["body"]`, "too_large"},
		{"behind one in chunks", []string{line("POST /v1/compress HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n" + raw + claiming()}, `["body"]`, "too_large"},
		{"behind 1 MiB of good blocks", []string{raw + good + bomb}, `["body"]`, "too_large"},
		{"empty frames", []string{raw + strings.Repeat(empty, 1<<16+1)}, `["body"]`, "too_many_frames"},
		{"in chunks", []string{line("POST /v1/decompress HTTP/1.1") + chunked + claiming()}, `["body"]`, "too_large"},
		{"in JSON", []string{json + `{"b64":"` + inBase64}, `["body","b64"]`, "too_large"},
		{"in JSON, one after the other", []string{json, "\r\n { \"b64\" : \"" + inBase64}, `["body","b64"]`, "too_large"},
		{"in JSON, behind 1 MiB of good blocks", []string{json + `{"b64":"` + base64Of([]byte(good+bomb))}, `["body","b64"]`, "too_large"},
		{"in JSON, empty frames", []string{json + `{"b64":"` + base64Of([]byte(strings.Repeat(empty, 1<<16+64)))}, `["body","b64"]`, "too_many_frames"},
		{"in JSON in chunks", []string{line("POST /decompress HTTP/1.1") + chunked + `{"b64":"` + inBase64}, `["body","b64"]`, "too_large"},
		{"nothing of zstd", []string{raw + strings.Repeat("nonsense", 512)}, `["body"]`, "not_zstd"},
	} {
		conn := l.connect(t)
		for _, part := range c.parts {
			conn.write(part)
		}
		got, err := conn.read("POST")
		for err == nil && got.status == 200 { // of the request before
			got, err = conn.read("POST")
		}
		if err != nil || !strings.Contains(string(got.body), `"loc":`+c.loc) || !got.header.ConnectionClose() {
			t.Errorf("%s: %v, %v", c.name, got, err)
			continue
		}
		checkProblem(t, c.name, got, c.code)
	}
}

// TestArrivalAnnounced: a chunk counts when its size has come, before there is room for
// it; one that is larger than any body is refused as that.
func TestArrivalAnnounced(t *testing.T) {
	l := onLoopback(t, func(o *Options) { o.Limits.Memory, o.Limits.BodyTime = 2<<20, time.Hour })
	chunked := line("POST /v1/compress HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\n"
	first := l.connect(t)
	first.write(chunked + "f0000\r\nx") // of 960 KiB
	for used := int64(0); used != 1<<20; used, _ = l.memory.Load() {
		runtime.Gosched()
	}
	for _, c := range []struct{ size, code string }{{"20000", "busy"}, {"7fffffff", "body_too_large"}} {
		second := l.connect(t)
		second.write(chunked + c.size + "\r\n")
		got, err := second.read("POST")
		if err != nil {
			t.Fatalf("a chunk of %s: %v", c.size, err)
		}
		checkProblem(t, "a chunk of "+c.size, got, c.code)
	}
	first.conn.Close()
	l.holdsNothing(t)
}

// TestArrivalPasses: what is not over a limit is read as it was sent, whatever has
// been looked at; what cannot be looked at is refused when it is there.
func TestArrivalPasses(t *testing.T) {
	l := onLoopback(t, func(o *Options) { o.Limits.BodyTime = time.Hour })
	text := randomText(1 << 20)
	good := string(sealedFrame(t, text))
	inJSON := `{"b64":"` + base64Of([]byte(good)) + `"}`
	small := postRequest("/v1/decompress", string(sealedFrame(t, "small")))
	c := l.connect(t)
	for _, parts := range [][]string{
		{postRequest("/v1/decompress", good)},
		{postRequest("/v1/decompress", "")[:20], postRequest("/v1/decompress", good)[20:]},
		{postRequest("/v1/decompress", good)[:100], postRequest("/v1/decompress", good)[100:]},
		{postRequest("/decompress", inJSON)},
		{postRequest("/decompress", inJSON)[:90], postRequest("/decompress", inJSON)[90:]},
	} {
		for _, part := range parts {
			c.write(part)
		}
		got, err := c.read("POST")
		if want := text; err != nil || got.status != 200 || string(got.body) != want && got.field("text") != want {
			t.Errorf("%.60q: %.200v, %v", parts[0], got, err)
		}
	}
	// Of two requests that look alike the first is not taken for the second.
	c.write(small + postRequest("/v1/decompress", good))
	for _, want := range []string{"small", text} {
		if got, err := c.read("POST"); err != nil || string(got.body) != want {
			t.Errorf("one behind the other: %.200v, %v", got, err)
		}
	}
	// Who asks whether to go on has sent nothing yet.
	bomb := claiming() + strings.Repeat(block(false, 1, 128<<10, "x"), 1<<16) + block(true, 0, 0, "")
	c.write(line("POST /v1/decompress HTTP/1.1") + fmt.Sprintf("Expect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(bomb)))
	if said, err := c.in.ReadString('\n'); err != nil || said != "HTTP/1.1 100 Continue\r\n" {
		t.Fatalf("%q, %v", said, err)
	}
	if _, err := c.in.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	c.write(bomb)
	if got, err := c.read("POST"); err != nil || got.status != 413 {
		t.Errorf("%v, %v", got, err)
	}
}

// randomText is n letters that hardly compress.
func randomText(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + r.IntN(64))
	}
	return string(b)
}
