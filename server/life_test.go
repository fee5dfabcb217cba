package server

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// TestPanics: a panic of a handler is answered, one of anything else ends its
// connection, and neither the server.
func TestPanics(t *testing.T) {
	var log syncBuffer
	l := onLoopback(t, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) }, func(s *Server) {
		boom := func(*exchange, *fasthttp.RequestCtx) *problem { panic("secret of the request") }
		s.places["/boom"] = &place{path: "/boom", get: &route{entry: entry{serve: boom}}}
	})
	const times = 200
	for range times {
		got := l.once(t, getRequest("/boom"))
		if got.status != 500 {
			t.Fatal(got)
		}
		checkProblem(t, "panic", got, "internal")
		if !got.header.ConnectionClose() || bytes.Contains(got.body, []byte("secret")) {
			t.Fatal(got)
		}
	}
	if got := l.once(t, getRequest("/ping")); got.status != 200 {
		t.Error(got)
	}
	if n := l.metrics.panics.Load(); n != times {
		t.Errorf("%d panics counted of %d", n, times)
	}
	if said := log.String(); strings.Contains(said, "secret") || strings.Count(said, "level=ERROR") != 1 || !strings.Contains(said, "life_test.go") {
		t.Errorf("logged: %.500s", said)
	}
}

// TestPanicOutsideHandlers: what fasthttp itself does not recover from.
func TestPanicOutsideHandlers(t *testing.T) {
	ln := &wrapping{Listener: loopback(t)}
	l := start(t, ln, dialer(ln), nil)
	ln.wrap.Store(true)
	for range 20 {
		c := l.connect(t)
		c.write(getRequest("/ping"))
		if !c.closed() {
			t.Fatal("an answer from a connection that panics")
		}
	}
	ln.wrap.Store(false)
	if got := l.once(t, getRequest("/ping")); got.status != 200 {
		t.Error(got)
	}
	l.stop()
	if n := l.metrics.panics.Load(); n != 20 {
		t.Errorf("%d panics counted", n)
	}
}

// wrapping is a listener whose connections panic when they are read, if told.
type wrapping struct {
	net.Listener
	wrap atomic.Bool
}

func (w *wrapping) Accept() (net.Conn, error) {
	c, err := w.Listener.Accept()
	if err == nil && w.wrap.Load() {
		c = panicking{c}
	}
	return c, err
}

func (w *wrapping) SetDeadline(t time.Time) error {
	return w.Listener.(*net.TCPListener).SetDeadline(t)
}

type panicking struct{ net.Conn }

func (panicking) Read([]byte) (int, error) { panic("on purpose") }

// TestAcceptErrors: running out of file descriptors is waited out.
func TestAcceptErrors(t *testing.T) {
	ln := &failing{Listener: loopback(t)}
	ln.left.Store(3)
	l := start(t, ln, dialer(ln), nil)
	if got := l.once(t, getRequest("/ping")); got.status != 200 {
		t.Error(got)
	}
	if ln.left.Load() != 0 {
		t.Errorf("%d errors are left", ln.left.Load())
	}
}

type failing struct {
	net.Listener
	left atomic.Int32
}

type outOfFiles struct{}

func (outOfFiles) Error() string   { return "too many open files" }
func (outOfFiles) Temporary() bool { return true }

func (f *failing) Accept() (net.Conn, error) {
	if f.left.Load() > 0 {
		f.left.Add(-1)
		return nil, outOfFiles{}
	}
	return f.Listener.Accept()
}

// TestListenerFails: Serve ends with the error of a listener that broke.
func TestListenerFails(t *testing.T) {
	s := benchServer(t, nil)
	ln := loopback(t)
	ln.Close()
	if err := s.Serve(context.Background(), ln); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

// TestDrain: a server that is told to end answers what is under way and what
// comes on open connections meanwhile, closes the idle ones and refuses new ones.
func TestDrain(t *testing.T) {
	hold, held := make(chan bool), make(chan bool)
	l := onLoopback(t, func(o *Options) { o.Grace = 200 * time.Millisecond }, func(s *Server) {
		slow := func(e *exchange, ctx *fasthttp.RequestCtx) *problem {
			held <- true
			<-hold
			e.send(ctx, []byte("done"))
			return nil
		}
		s.places["/slow"] = &place{path: "/slow", get: &route{entry: entry{serve: slow}}}
	})
	busy, idle, active := l.connect(t), l.connect(t), l.connect(t)
	for _, c := range []*client{idle, active} {
		if got := c.do(getRequest("/ping")); got.status != 200 || got.header.ConnectionClose() {
			t.Fatal(got)
		}
	}
	busy.write(getRequest("/slow"))
	<-held
	stopped := make(chan bool)
	go func() { l.stop(); close(stopped) }()
	<-l.connections.drainBegun

	if got := active.do(getRequest("/healthz")); got.status != 503 || !got.header.ConnectionClose() || got.field("code") != "draining" {
		t.Errorf("a request while draining: %v, close %v", got, got.header.ConnectionClose())
	}
	if !active.closed() || !idle.closed() {
		t.Error("connections stay open")
	}
	if conn, err := l.dial(); err == nil {
		conn.Close()
		t.Error("a new connection is accepted")
	}
	select {
	case <-stopped:
		t.Error("ended with a request under way")
	default:
	}
	hold <- true
	if got, err := busy.read("GET"); err != nil || string(got.body) != "done" || !got.header.ConnectionClose() {
		t.Errorf("the request under way: %v, %v", got, err)
	}
	<-stopped
}

// TestDrainTimeout: a request that does not end is not waited for for ever.
func TestDrainTimeout(t *testing.T) {
	held, release := make(chan bool), make(chan bool)
	l := onLoopback(t, func(o *Options) { o.DrainTimeout = 20 * time.Millisecond }, func(s *Server) {
		stuck := func(*exchange, *fasthttp.RequestCtx) *problem {
			held <- true
			<-release
			return nil
		}
		s.places["/stuck"] = &place{path: "/stuck", get: &route{entry: entry{serve: stuck}}}
	})
	c := l.connect(t)
	c.write(getRequest("/stuck"))
	<-held
	l.stop()
	if !c.closed() {
		t.Error("the connection is still open")
	}
	close(release)
}

// TestHandOver: while one server after the other takes over the same listener,
// clients that send all the time lose no request. A client may send on an open
// connection until it is told that it is the last time.
func TestHandOver(t *testing.T) {
	first := loopback(t).(*net.TCPListener)
	file, err := first.File() // keeps the socket through all servers
	if err != nil {
		t.Skipf("the listener cannot be handed on here: %v", err)
	}
	defer file.Close()
	dial := dialer(first)
	var failed atomic.Int64
	answered, stop := make(chan bool), make(chan bool)
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() { sendAll(t, dial, stop, answered, &failed) })
	}
	// The grace ends with the last connection; a client may be slow to send again.
	change := func(o *Options) { o.Shared, o.Grace = true, time.Minute }
	running := start(t, first, dial, change)
	for range 5 {
		for range 100 {
			<-answered
		}
		ln, err := net.FileListener(file)
		if err != nil {
			t.Fatal(err)
		}
		next := start(t, ln, dial, change)
		stopped := make(chan bool)
		go func() { running.stop(); close(stopped) }()
		for ended := false; !ended; { // the clients go on meanwhile
			select {
			case <-answered:
			case <-stopped:
				ended = true
			}
		}
		running = next
	}
	close(stop)
	clients.Wait()
	if n := failed.Load(); n > 0 {
		t.Errorf("%d requests were lost", n)
	}
}

// sendAll sends one request after the other until stop; it tells of each answer
// and counts those that did not come.
func sendAll(t *testing.T, dial func() (net.Conn, error), stop, answered chan bool, failed *atomic.Int64) {
	const text = "hand this over, please"
	raw := postRequest("/v1/compress", text)
	var c *client
	for {
		select {
		case <-stop:
			if c != nil {
				c.conn.Close()
			}
			return
		default:
		}
		if c == nil {
			conn, err := dial()
			if err != nil {
				failed.Add(1)
				continue
			}
			c = newClient(t, conn)
		}
		_, err := io.WriteString(c.conn, raw)
		var got reply
		if err == nil {
			got, err = c.read("POST")
		}
		if err != nil || got.status != 200 || len(got.body) < len(zstdMagic) {
			t.Logf("lost: %v", err)
			failed.Add(1)
			c.conn.Close()
			c = nil
			continue
		}
		select {
		case answered <- true:
		case <-stop:
		}
		if got.header.ConnectionClose() {
			c.conn.Close()
			c = nil
		}
	}
}

// syncBuffer is a log that several goroutines write.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
