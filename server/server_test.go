package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"

	"zstdshop/codecs/datadog"
	"zstdshop/codecs/klauspost"
	"zstdshop/codecs/memcpy"
	"zstdshop/harness"
	"zstdshop/harness/worker"
	"zstdshop/runners"
	"zstdshop/scenarios"
)

// workerArgument makes the test binary a worker of /bench.
const workerArgument = "worker-of-the-test"

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == workerArgument {
		if err := worker.Serve(context.Background(), os.Stdin, os.Stdout, registry()); err != nil {
			os.Exit(1)
		}
		return
	}
	if len(os.Args) == 5 && os.Args[1] == clientArgument {
		if err := runClient(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// registry is the program's, as far as the server needs it.
func registry() *harness.Registry {
	reg := new(harness.Registry)
	reg.AddCodec("klauspost", klauspost.New())
	reg.AddCodec("datadog", datadog.New())
	reg.AddCodec("memcpy", memcpy.New())
	reg.AddCodec("klauspost-mt", klauspost.NewMT(0))
	reg.AddRunner("single", runners.Single())
	reg.AddRunner("pool", runners.Pool())
	reg.AddRunner("gomaxprocs1", runners.GOMAXPROCS1())
	reg.AddRunner("gil", runners.GIL())
	reg.AddRunner("procs", runners.Procs())
	reg.AddScenario("cpuburn", scenarios.CPUBurn())
	return reg
}

// live is a server that answers.
type live struct {
	*Server
	dial func() (net.Conn, error)
	// stop ends the server and waits; what Serve answered is checked.
	stop func()
}

// inMemory starts a server whose connections are pipes in memory.
func inMemory(t testing.TB, change func(*Options), prepare ...func(*Server)) *live {
	t.Helper()
	ln := fasthttputil.NewInmemoryListener()
	return start(t, ln, ln.Dial, change, prepare...)
}

// onLoopback starts a server on a real socket.
func onLoopback(t testing.TB, change func(*Options), prepare ...func(*Server)) *live {
	t.Helper()
	ln := loopback(t)
	return start(t, ln, dialer(ln), change, prepare...)
}

func loopback(t testing.TB) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

func dialer(ln net.Listener) func() (net.Conn, error) {
	return func() (net.Conn, error) { return net.Dial("tcp", ln.Addr().String()) }
}

// start runs a server on ln; change alters its options, prepare what New made.
func start(t testing.TB, ln net.Listener, dial func() (net.Conn, error), change func(*Options), prepare ...func(*Server)) *live {
	t.Helper()
	opts := Options{Catalogue: registry(), Bench: BenchOptions{Scenario: "cpuburn", Runner: "pool"}, Limits: DefaultLimits(2), Grace: time.Millisecond, DrainTimeout: 10 * time.Second}
	if change != nil {
		change(&opts)
	}
	s, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range prepare {
		p(s)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	stopped := false
	l := &live{Server: s, dial: dial, stop: func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	}}
	t.Cleanup(l.stop)
	return l
}

// reply is an answer as a client sees it.
type reply struct {
	status int
	header *fasthttp.ResponseHeader
	body   []byte
}

// field returns a field of a JSON answer.
func (r reply) field(name string) any {
	var v map[string]any
	if json.Unmarshal(r.body, &v) != nil {
		return nil
	}
	return v[name]
}

func (r reply) String() string {
	if r.header == nil {
		return "no answer"
	}
	return fmt.Sprintf("%d %s %.300q", r.status, r.header.ContentType(), r.body)
}

// client is a connection that requests are written to as they are.
type client struct {
	t    testing.TB
	conn net.Conn
	in   *bufio.Reader
}

func (l *live) connect(t testing.TB) *client {
	t.Helper()
	conn, err := l.dial()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return newClient(t, conn)
}

func newClient(t testing.TB, conn net.Conn) *client {
	return &client{t, conn, bufio.NewReaderSize(conn, 64<<10)}
}

func (c *client) write(raw string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, raw); err != nil {
		c.t.Logf("write: %v", err) // the server may have said enough
	}
}

// read reads one answer; method is that of its request.
func (c *client) read(method string) (reply, error) {
	c.t.Helper()
	if err := c.conn.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return reply{}, err
	}
	var r fasthttp.Response
	r.SkipBody = method == fasthttp.MethodHead
	if err := r.ReadLimitBody(c.in, 256<<20); err != nil {
		return reply{}, err
	}
	return reply{r.StatusCode(), &r.Header, bytes.Clone(r.Body())}, nil
}

// do sends one request and returns its reply.
func (c *client) do(raw string) reply {
	c.t.Helper()
	c.write(raw)
	method, _, _ := strings.Cut(raw, " ")
	r, err := c.read(method)
	if err != nil {
		c.t.Fatalf("%.80q: %v", raw, err)
	}
	return r
}

// closed reports whether the server has closed the connection.
func (c *client) closed() bool {
	if c.conn.SetReadDeadline(time.Now().Add(30*time.Second)) != nil {
		return true
	}
	_, err := c.in.ReadByte()
	return err != nil
}

// once sends one request on a connection of its own.
func (l *live) once(t testing.TB, raw string) reply {
	t.Helper()
	c := l.connect(t)
	defer c.conn.Close()
	return c.do(raw)
}

// holdsNothing stops the server and reports what it still holds. While it runs, a client
// may have the whole answer some moments before the server lets go of its memory.
func (l *live) holdsNothing(t testing.TB) {
	t.Helper()
	l.stop()
	if held, _ := l.memory.Load(); held != 0 {
		t.Errorf("%d bytes are still held", held)
	}
}

// request writes a request with a body; header is more lines, each with its end.
func request(method, path, header, body string) string {
	length := ""
	if body != "" || method == fasthttp.MethodPost {
		length = fmt.Sprintf("Content-Length: %d\r\n", len(body))
	}
	return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + header + length + "\r\n" + body
}

func getRequest(path string) string { return request(fasthttp.MethodGet, path, "", "") }

func postRequest(path, body string) string { return request(fasthttp.MethodPost, path, "", body) }

// jsonOf is v as JSON.
func jsonOf(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
