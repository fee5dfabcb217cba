package server

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"
)

// claiming is the first bytes of a frame over every limit: blocks of 4 bytes that
// claim 128 KiB each.
func claiming() string {
	return zstdMagic + "\x00\x58" + strings.Repeat(block(false, 1, 128<<10, "x"), firstBytes/4)
}

// TestScreen: who claims too much is refused although the rest of the body has
// not come and never comes.
func TestScreen(t *testing.T) {
	l := onLoopback(t, nil)
	raw := line("POST /v1/decompress HTTP/1.1") + "Content-Length: 3000000\r\n\r\n"
	json := line("POST /decompress HTTP/1.1") + "Content-Length: 3000000\r\n\r\n"
	inBase64 := base64Of([]byte(claiming()))
	for _, c := range []struct {
		name  string
		parts []string
		loc   string
	}{
		{"header and body together", []string{raw + claiming()}, `["body"]`},
		{"one after the other", []string{raw, claiming()}, `["body"]`},
		{"a header in two parts", []string{raw[:30], raw[30:] + claiming()}, `["body"]`},
		{"in JSON", []string{json + `{"b64":"` + inBase64}, `["body","b64"]`},
		{"in JSON, one after the other", []string{json, "\r\n { \"b64\" : \"" + inBase64}, `["body","b64"]`},
		{"nothing of zstd", []string{raw + strings.Repeat("nonsense", firstBytes)}, `["body"]`},
	} {
		if len(c.parts) > 1 && runtime.GOOS == "windows" {
			continue // there is no looking ahead
		}
		conn := l.connect(t)
		for _, part := range c.parts {
			conn.write(part)
		}
		got, err := conn.read("POST")
		if err != nil || !strings.Contains(string(got.body), `"loc":`+c.loc) || !got.header.ConnectionClose() {
			t.Errorf("%s: %v, %v", c.name, got, err)
			continue
		}
		if c.name == "nothing of zstd" {
			checkProblem(t, c.name, got, "not_zstd")
		} else {
			checkProblem(t, c.name, got, "too_large")
		}
	}
}

// TestScreenPasses: what is not over a limit is read as it was sent, whatever has
// been looked at; what cannot be looked at is refused when it is there.
func TestScreenPasses(t *testing.T) {
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
