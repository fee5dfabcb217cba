package server

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// TestLimits holds each limit at one less, just so, and one more.
func TestLimits(t *testing.T) {
	const text = 1000
	frame := func(n int) string { return string(sealedFrame(t, strings.Repeat("x", n))) }
	for _, c := range []struct {
		name    string
		change  func(*Limits)
		request func(n int) string
		limit   int
		over    int // status of one more
		code    string
	}{
		{"text", func(l *Limits) { l.Text = text }, func(n int) string {
			return postRequest("/compress", `{"text":"`+strings.Repeat("x", n)+`"}`)
		}, text, 413, "too_large"},
		{"output", func(l *Limits) { l.Text = text }, func(n int) string {
			return postRequest("/decompress", `{"b64":"`+base64Of([]byte(frame(n)))+`"}`)
		}, text, 413, "too_large"},
		{"json", func(l *Limits) { l.JSON = text }, func(n int) string {
			return postRequest("/compress", `{"text":"x"}`+strings.Repeat(" ", n-12))
		}, text, 413, "body_too_large"},
		{"json in chunks", func(l *Limits) { l.JSON = text }, func(n int) string {
			return line("POST /compress HTTP/1.1") + fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", n, `{"text":"x"}`+strings.Repeat(" ", n-12))
		}, text, 413, "body_too_large"},
		{"raw in", func(l *Limits) { l.Raw = text }, func(n int) string { return postRequest("/v1/compress", strings.Repeat("x", n)) }, text, 413, "body_too_large"},
		{"raw out", func(l *Limits) { l.Raw = text }, func(n int) string { return postRequest("/v1/decompress", frame(n)) }, text, 413, "too_large"},
		{"window", func(l *Limits) { l.Window = 1 << 20 }, func(n int) string {
			return postRequest("/v1/decompress", windowFrame(n))
		}, 80, 422, "window_too_large"},
		{"frames", func(l *Limits) { l.Frames = 20 }, func(n int) string {
			return postRequest("/v1/decompress", strings.Repeat(frame(1), n))
		}, 20, 413, "too_many_frames"},
		{"blocks", func(l *Limits) { l.Blocks = 20 }, func(n int) string {
			return postRequest("/v1/decompress", blocksFrame(n))
		}, 20, 413, "too_many_blocks"},
		{"header", func(l *Limits) { l.Header = text }, func(n int) string {
			bare := request("GET", "/ping", "X: \r\n", "")
			return request("GET", "/ping", "X: "+strings.Repeat("y", n-len(bare))+"\r\n", "")
		}, text, 431, "header_too_large"},
		{"fields", func(l *Limits) { l.Fields = 20 }, func(n int) string {
			return request("GET", "/ping", strings.Repeat("X: y\r\n", n-1), "")
		}, 20, 431, "header_too_large"},
		{"cost", func(l *Limits) { l.Cost = priceOf(text, 19) }, func(n int) string {
			return postRequest("/v1/compress?level=19", strings.Repeat("x", n))
		}, text, 422, "too_expensive"},
		{"bench workers", func(l *Limits) { l.Bench.Workers = 3 }, func(n int) string {
			return request("HEAD", fmt.Sprintf("/bench?iters=1&workers=%d", n), "", "")
		}, 3, 422, ""},
		{"bench iters", func(l *Limits) { l.Bench.Iters = text }, func(n int) string {
			return request("HEAD", fmt.Sprintf("/bench?workers=1&iters=%d", n), "", "")
		}, text, 422, ""},
		{"bench work", func(l *Limits) { l.Bench.Work = 2 * text }, func(n int) string {
			return request("HEAD", fmt.Sprintf("/bench?workers=2&iters=%d", n), "", "")
		}, text, 422, ""},
	} {
		l := inMemory(t, func(o *Options) {
			c.change(&o.Limits)
			o.Bench.Launcher = noLauncher{}
		})
		for _, n := range []int{c.limit - 1, c.limit, c.limit + 1} {
			got := l.once(t, c.request(n))
			want := 200
			if n > c.limit {
				want = c.over
			}
			if got.status != want || n > c.limit && c.code != "" && got.field("code") != c.code {
				t.Errorf("%s: %d where %d is the limit: %v; want %d %s", c.name, n, c.limit, got, want, c.code)
			}
		}
		l.stop()
	}
}

// TestRequestLimit: the last request that a connection may have is answered and
// says so.
func TestRequestLimit(t *testing.T) {
	l := inMemory(t, func(o *Options) { o.Limits.Requests = 3 })
	c := l.connect(t)
	for i := range 3 {
		if got := c.do(getRequest("/ping")); got.status != 200 || got.header.ConnectionClose() != (i == 2) {
			t.Errorf("request %d: %v, close %v", i, got, got.header.ConnectionClose())
		}
	}
	if !c.closed() {
		t.Error("the connection is still open")
	}
}

// TestTimeouts: who sends too slowly is told so and let go.
func TestTimeouts(t *testing.T) {
	const short = 20 * time.Millisecond
	for _, c := range []struct {
		name   string
		change func(*Limits)
		sent   string
		status int // 0: closed without an answer
	}{
		{"silence", func(l *Limits) { l.HeaderTime = short }, "", 408},
		{"half a line", func(l *Limits) { l.HeaderTime = short }, "GET /pi", 408},
		{"half a header", func(l *Limits) { l.HeaderTime = short }, "GET /ping HTTP/1.1\r\nHost: loc", 408},
		{"line feeds alone", func(l *Limits) { l.HeaderTime = short }, "GET /ping HTTP/1.1\nHost: localhost\n\n", 408},
		{"half a body", func(l *Limits) { l.BodyTime = short }, line("POST /compress HTTP/1.1") + "Content-Length: 100\r\n\r\n{", 408},
		{"half a chunk", func(l *Limits) { l.BodyTime = short }, line("POST /compress HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\n5\r\nhe", 408},
		{"no chunk", func(l *Limits) { l.BodyTime = short }, line("POST /compress HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\n", 408},
		{"no body after 100 Continue", func(l *Limits) { l.BodyTime = short }, line("POST /compress HTTP/1.1") + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n", 408},
		{"nothing after a request", func(l *Limits) { l.IdleTime = short }, getRequest("/ping"), 0},
	} {
		l := onLoopback(t, func(o *Options) { c.change(&o.Limits) })
		conn := l.connect(t)
		conn.write(c.sent)
		if c.status == 0 {
			if _, err := conn.read("GET"); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		} else {
			got, err := conn.read("GET")
			if err != nil || got.status != c.status {
				t.Errorf("%s: %v, %v; want %d", c.name, got, err, c.status)
			} else {
				checkProblem(t, c.name, got, "timeout")
			}
		}
		if !conn.closed() {
			t.Errorf("%s: the connection is still open", c.name)
		}
		l.stop()
	}
}

// TestSlowReader: a client that does not read its answer is let go, and what the
// answer held is free again.
func TestSlowReader(t *testing.T) {
	l := onLoopback(t, func(o *Options) { o.Limits.WriteTime = 50 * time.Millisecond })
	conn, err := l.dial()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	packed := sealedFrame(t, strings.Repeat("x", 60<<20))
	c := &client{t: t, conn: conn}
	c.write(postRequest("/v1/decompress", string(packed)))
	l.holdsNothing(t) // once the answer has gone, or the server has given it up
	if n := l.metrics.requests(); n != 1 {
		t.Errorf("%d answers, want 1", n)
	}
}

// TestLimitsCheck: a limit of nothing is a mistake and not "unlimited".
func TestLimitsCheck(t *testing.T) {
	if err := DefaultLimits(1).check(); err != nil {
		t.Error(err)
	}
	l := DefaultLimits(1)
	l.Text, l.IdleTime = 0, -1
	_, err := New(Options{Catalogue: registry(), Limits: l})
	if !errors.Is(err, ErrOptions) || !strings.Contains(err.Error(), "Text") || !strings.Contains(err.Error(), "IdleTime") {
		t.Errorf("got %v", err)
	}
}
