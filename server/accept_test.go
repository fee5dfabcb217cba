package server

import (
	"log/slog"
	"runtime"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/socket"
)

// withBusyRoute is a server with so many connections and a route /busy that says when
// it has begun and is held up until told to go on.
func withBusyRoute(t *testing.T, connections int) (l *live, begun, goOn chan bool) {
	begun, goOn = make(chan bool), make(chan bool)
	l = onLoopback(t, func(o *Options) { o.Limits.Connections = connections }, func(s *Server) {
		busy := func(*exchange, *fasthttp.RequestCtx) *problem {
			begun <- true
			<-goOn
			return nil
		}
		s.places["/busy"] = &place{path: "/busy", get: &route{entry: entry{serve: busy}}}
	})
	return l, begun, goOn
}

// TestConnectionLimit: while every connection has a request one more is told that it
// is too many, and the others are none the worse.
func TestConnectionLimit(t *testing.T) {
	const limit = 5
	l, begun, goOn := withBusyRoute(t, limit)
	var open []*client
	for range limit {
		c := l.connect(t)
		c.write(getRequest("/busy"))
		<-begun
		open = append(open, c)
	}
	over := l.connect(t)
	got, err := over.read("GET")
	if err != nil || got.status != 503 || string(got.header.Peek("Retry-After")) != "1" || got.field("code") != "too_many_connections" || !over.closed() {
		t.Errorf("one more: %v, %v", got, err)
	}
	for range limit {
		goOn <- true
	}
	for i, c := range open {
		if got, err := c.read("GET"); err != nil || got.status != 200 {
			t.Errorf("connection %d: %v, %v", i, got, err)
		}
	}
}

// TestSilent: connections without a request keep nobody out. The oldest of them makes
// room for a new one; one with a request under way stays.
func TestSilent(t *testing.T) {
	const limit = 5
	l, begun, goOn := withBusyRoute(t, limit)
	busy := l.connect(t)
	busy.write(getRequest("/busy"))
	<-begun
	// Each is there before the next, so that their order is known.
	var silent []*client
	for i, sent := range []string{"", "GET /pi", "", getRequest("/ping")} {
		c := l.connect(t)
		for l.connections.count() != i+2 {
			runtime.Gosched()
		}
		if c.write(sent); strings.HasSuffix(sent, "\r\n\r\n") {
			if got, err := c.read("GET"); err != nil || got.status != 200 {
				t.Fatal(got, err)
			}
		}
		silent = append(silent, c)
		waitUntil(l, func(e *session) bool { return !e.quiet.Load() }, 1+min(i, 1)) // what was sent is read
		waitUntil(l, func(e *session) bool { return e.silent.Load() != 0 }, i+1)    // what was asked is answered
	}
	for i := range silent {
		if i == 1 && runtime.GOOS == "windows" {
			break // nothing is known there of what has come
		}
		fresh := l.connect(t)
		if got := fresh.do(getRequest("/ping")); got.status != 200 {
			t.Fatalf("a new connection: %v", got)
		}
		if !silent[i].closed() {
			t.Errorf("silent connection %d is not closed for it", i)
		}
	}
	for range 20 { // and those in turn
		if got := l.connect(t).do(getRequest("/ping")); got.status != 200 {
			t.Fatalf("a new connection: %v", got)
		}
	}
	if n := l.metrics.refusal[refusedSilent].Load(); n != 24 {
		t.Errorf("%d closed", n)
	}
	goOn <- true
	if got, err := busy.read("GET"); err != nil || got.status != 200 {
		t.Errorf("the one with a request: %v, %v", got, err)
	}
}

// waitUntil waits until so many connections are as is says.
func waitUntil(l *live, is func(*session) bool, want int) {
	for n := -1; n != want; runtime.Gosched() {
		l.connections.mu.Lock()
		n = 0
		for e := range l.connections.open {
			if is(e) {
				n++
			}
		}
		l.connections.mu.Unlock()
	}
}

func TestConnectionsFor(t *testing.T) {
	for _, c := range []struct {
		asked int
		files uint64
		want  int
	}{
		{1024, 0, 1}, {1024, ownFiles, 1}, {1024, ownFiles + 1, 1}, {1024, ownFiles + 2, 2}, {1024, 128, 128 - ownFiles},
		{1024, 1024 + ownFiles - 1, 1023}, {1024, 1024 + ownFiles, 1024}, {1024, 1 << 63, 1024}, {5, 128, 5},
	} {
		if got := connectionsFor(c.asked, c.files); got != c.want {
			t.Errorf("%d connections asked for, %d files: %d, want %d", c.asked, c.files, got, c.want)
		}
	}
}

// TestFewerConnections: a server that may open fewer files than it is to have
// connections says so and has fewer.
func TestFewerConnections(t *testing.T) {
	files, ok := socket.FileLimit()
	if !ok || files > 1<<31 {
		t.Skip("there is no limit here that is worth the name")
	}
	var log syncBuffer
	s := benchServer(t, func(o *Options) {
		o.Limits.Connections = int(files)
		o.Logger = slog.New(slog.NewTextHandler(&log, nil))
	})
	if s.limits.Connections != int(files)-ownFiles || !strings.Contains(log.String(), "fewer connections") {
		t.Errorf("%d connections with %d files; logged %q", s.limits.Connections, files, log.String())
	}
}
