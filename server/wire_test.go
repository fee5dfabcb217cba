package server

import (
	"bytes"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/lane"
	"zstdshop/server/internal/memory"
)

// TestPipeline: requests sent without waiting are answered in order up to the bad
// one, which ends the connection.
func TestPipeline(t *testing.T) {
	l := onLoopback(t, nil)
	c := l.connect(t)
	const good = 500
	var all strings.Builder
	for i := range 2 * good {
		if i == good {
			all.WriteString("nonsense\r\n\r\n")
		}
		all.WriteString(postRequest("/compress", fmt.Sprintf(`{"text":"%d"}`, i)))
	}
	go c.write(all.String()) // the server stops reading where it stops answering
	for i := range good {
		got, err := c.read("POST")
		if err != nil || got.status != 200 || got.field("bytes_in") != float64(len(fmt.Sprint(i))) {
			t.Fatalf("answer %d: %v, %v", i, got, err)
		}
	}
	if got, err := c.read("GET"); err != nil || got.status != 400 || !c.closed() {
		t.Errorf("the bad one: %v, %v", got, err)
	}
}

// TestContinue: a client that asks is told to go on, and only if it may.
func TestContinue(t *testing.T) {
	l := onLoopback(t, nil)
	c := l.connect(t)
	body := `{"text":"asked first"}`
	c.write(line("POST /compress HTTP/1.1") + fmt.Sprintf("Expect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(body)))
	if said, err := c.in.ReadString('\n'); err != nil || said != "HTTP/1.1 100 Continue\r\n" {
		t.Fatalf("%q, %v", said, err)
	}
	if _, err := c.in.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	c.write(body)
	if got, err := c.read("POST"); err != nil || got.field("bytes_in") != 11.0 {
		t.Errorf("%v, %v", got, err)
	}
	// The same connection goes on.
	c.write(line("POST /compress HTTP/1.1") + "Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n")
	got, err := c.read("POST")
	if err != nil || got.status != 413 || !c.closed() {
		t.Errorf("%v, %v", got, err)
	}
	checkProblem(t, "too large", got, "body_too_large")
}

// TestCutShort: who stops in the middle is told so, if it still listens.
func TestCutShort(t *testing.T) {
	l := onLoopback(t, nil)
	for _, raw := range []string{
		"GET /pi",
		"GET /ping HTTP/1.1\r\nHost: local",
		line("POST /compress HTTP/1.1") + "Content-Length: 100\r\n\r\n{",
		line("POST /compress HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
		line("POST /compress HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
	} {
		c := l.connect(t)
		c.write(raw)
		if err := c.conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		got, err := c.read("POST")
		if err != nil && strings.HasSuffix(raw, "hello\r\n") {
			continue // fasthttp takes an end between chunks for a client that left
		}
		if err != nil || got.status != 400 {
			t.Errorf("%q: %v, %v", raw, got, err)
		}
	}
	l.holdsNothing(t)
}

// TestRefusedWhileSending: a client that is refused and goes on sending reads its
// answer all the same, not a reset connection.
func TestRefusedWhileSending(t *testing.T) {
	l := onLoopback(t, func(o *Options) { o.Limits.JSON = 1 << 20 })
	for range 20 {
		c := l.connect(t)
		c.write(line("POST /compress HTTP/1.1") + fmt.Sprintf("Content-Length: %d\r\n\r\n", 16<<20))
		chunk := bytes.Repeat([]byte("x"), 64<<10)
		for range 16 << 20 / len(chunk) {
			if _, err := c.conn.Write(chunk); err != nil {
				t.Fatalf("write: %v", err)
			}
		}
		if got, err := c.read("POST"); err != nil || got.status != 413 {
			t.Fatalf("%v, %v", got, err)
		}
		c.conn.Close()
	}
}

// TestLane: whatever becomes of a large body, its place in the lane is free again, and
// what it was read into is given back; the lane has one place left here.
func TestLane(t *testing.T) {
	l := onLoopback(t, nil, func(s *Server) {
		for len(s.lane) < cap(s.lane)-1 {
			s.lane.Enter()
		}
	})
	taken := len(l.lane)
	for _, raw := range []string{
		postRequest("/v1/compress", large),
		line("POST /v1/compress HTTP/1.1") + "Content-Length: 100000\r\n\r\nx",
		line("POST /v1/compress HTTP/1.1") + "Content-Length: 100000\r\n\r\n",
		line("POST /v1/decompress HTTP/1.1") + "Content-Length: 100000\r\n\r\n" + claiming(),
		line("POST /v1/compress HTTP/1.1") + "Content-Length: 100000\r\nExpect: 100-continue\r\n\r\n",
		line("POST /v1/compress HTTP/1.1") + "Content-Length: 99999999\r\n\r\n",
		postRequest("/compress", `{"text":"`+strings.Repeat("x", 100_000)+`"}`),
	} {
		c := l.connect(t)
		c.write(raw)
		if err := c.conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		for !c.closed() {
		}
		if got := l.once(t, postRequest("/v1/compress", large)); got.status != 200 {
			t.Errorf("after %.60q: %v", raw, got)
		}
	}
	l.holdsNothing(t)
	if len(l.lane) != taken {
		t.Errorf("%d places are taken", len(l.lane))
	}
}

// TestLentBody: a large body of known length is read into a buffer of the server's, which
// is the server's again when the request has been served; others are fasthttp's affair.
func TestLentBody(t *testing.T) {
	for _, c := range []struct {
		name, raw string
		lent      bool
	}{
		{"large", postRequest("/seen", large), true},
		{"large, asked for", line("POST /seen HTTP/1.1") + fmt.Sprintf("Content-Length: %d\r\nExpect: 100-continue\r\n\r\n%s", len(large), large), true},
		{"small", postRequest("/seen", "x"), false},
		{"in chunks", line("POST /seen HTTP/1.1") + fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(large), large), false},
	} {
		var seen *fasthttp.Request
		l := onLoopback(t, nil, func(s *Server) {
			route := *s.places["/v1/compress"].post
			route.serve = func(e *exchange, ctx *fasthttp.RequestCtx) *problem {
				seen = &ctx.Request
				body := seen.Body()
				if lent := cap(body) == memory.Size(len(body)); lent != c.lent {
					t.Errorf("%s: capacity %d, lent: %v", c.name, cap(body), lent)
				}
				return nil
			}
			s.places["/seen"] = &place{path: "/seen", post: &route}
		})
		conn := l.connect(t)
		conn.write(c.raw)
		if got, err := conn.read("POST"); err != nil || got.status != 200 && got.status != 100 {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
		l.stop()
		if seen == nil || cap(seen.Body()) > lane.SmallBody {
			t.Errorf("%s: fasthttp keeps the body", c.name)
		}
	}
}

// TestRefusedGoesOn: a request that is refused costs the connection only where
// its body is large or its framing in doubt.
func TestRefusedGoesOn(t *testing.T) {
	l := inMemory(t, nil)
	c := l.connect(t)
	for _, raw := range []string{
		postRequest("/nowhere", "a small body"),
		request("POST", "/compress", "Content-Type: text/plain\r\n", "a small body"),
		request("PUT", "/ping", "", "a small body"),
		line("POST /nowhere HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
	} {
		if got := c.do(raw); got.status < 400 || got.header.ConnectionClose() {
			t.Errorf("%.40q: %v, close %v", raw, got, got.header.ConnectionClose())
		}
	}
	if got := c.do(postRequest("/nowhere", strings.Repeat("x", strayBody+1))); got.status != 404 || !got.header.ConnectionClose() {
		t.Errorf("a large body: %v, close %v", got, got.header.ConnectionClose())
	}
}

// TestBackpressure: a body waits, unread, until there is memory for it.
func TestBackpressure(t *testing.T) {
	l, held, release := withSlowRoute(t, time.Hour)
	first, second := l.connect(t), l.connect(t)
	first.write(postRequest("/slow", large))
	<-held
	if used, _ := l.memory.Load(); used != int64(memory.Size(len(large))) {
		t.Errorf("%d bytes held by a request of 600 KiB", used)
	}
	go second.write(postRequest("/v1/compress", large))
	for waiting := 0; waiting == 0; _, waiting = l.memory.Load() {
		runtime.Gosched()
	}
	if got := l.once(t, postRequest("/v1/compress", "small ones pass")); got.status != 200 {
		t.Errorf("a small one meanwhile: %v", got)
	}
	release <- true
	if got, err := first.read("POST"); err != nil || got.status != 200 {
		t.Error(got, err)
	}
	if got, err := second.read("POST"); err != nil || got.status != 200 {
		t.Errorf("the one that waited: %v, %v", got, err)
	}
	l.holdsNothing(t)
}

// TestNoMemory: a body that has waited long enough is refused unread.
func TestNoMemory(t *testing.T) {
	l, held, release := withSlowRoute(t, time.Nanosecond)
	first := l.connect(t)
	first.write(postRequest("/slow", large))
	<-held
	got := l.once(t, postRequest("/v1/compress", large))
	if got.status != 503 || string(got.header.Peek("Retry-After")) != "1" {
		t.Errorf("got %v", got)
	}
	checkProblem(t, "no memory", got, "busy")
	release <- true
	if got, err := first.read("POST"); err != nil || got.status != 200 {
		t.Error(got, err)
	}
}

// large is a body of more than a half of 1 MiB.
var large = strings.Repeat("x", 600<<10)

// withSlowRoute is a server with 1 MiB of memory, whose bodies wait for as long,
// and with a route that says when it holds a body and keeps it until released.
func withSlowRoute(t *testing.T, queue time.Duration) (l *live, held, release chan bool) {
	held, release = make(chan bool), make(chan bool)
	l = onLoopback(t, func(o *Options) { o.Limits.Memory, o.Limits.Queue = 1<<20, queue }, func(s *Server) {
		slow := *s.places["/v1/compress"].post
		slow.serve = func(*exchange, *fasthttp.RequestCtx) *problem {
			held <- true
			<-release
			return nil
		}
		s.places["/slow"] = &place{path: "/slow", post: &slow}
	})
	return l, held, release
}
