package server

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/valyala/fasthttp"
	"golang.org/x/sys/unix"

	"zstdshop/codecs"
	"zstdshop/harness"
)

// clientArgument makes the test binary a client: address, connections, requests;
// the request comes on standard input.
const clientArgument = "client-of-the-test"

// BenchmarkShare tells how much of the server's CPU time is the codec's, which is
// what a codec's server is for. The clients are another process; kernel time for
// sockets counts as the server's.
func BenchmarkShare(b *testing.B) {
	for _, codec := range codecNames() {
		for _, size := range sizes {
			text := prose(size.n)
			frame := frameOf(b, codec, text)
			for _, c := range []struct{ name, raw string }{
				{"compress", postRequest("/compress", jsonOf(b, map[string]any{"text": text, "level": 3}))},
				{"decompress", postRequest("/decompress", jsonOf(b, map[string]any{"b64": base64.StdEncoding.EncodeToString(frame)}))},
				{"v1compress", postRequest("/v1/compress", text)},
				{"v1decompress", postRequest("/v1/decompress", string(frame))},
			} {
				b.Run(c.name+"/"+codec+"/"+size.name, func(b *testing.B) { share(b, codec, c.raw, size.n) })
			}
		}
	}
}

func share(b *testing.B, codec, raw string, n int) {
	var spent atomic.Int64
	l := onLoopback(b, func(o *Options) {
		o.Codec, o.Catalogue = codec, timedCatalogue{registry(), &spent}
		o.Limits.Requests = 1 << 40
	})
	l.once(b, raw)
	conn, err := l.dial()
	if err != nil {
		b.Fatal(err)
	}
	addr := conn.RemoteAddr().String()
	conn.Close()
	exe, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(n))
	spent.Store(0)
	before := processCPU(b)
	b.ResetTimer()
	cmd := exec.Command(exe, clientArgument, addr, "16", strconv.Itoa(b.N))
	cmd.Stdin = strings.NewReader(raw)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("client: %v: %s", err, out)
	}
	b.StopTimer()
	all := processCPU(b) - before
	b.ReportMetric(100*float64(spent.Load())/float64(all), "%codec")
	b.ReportMetric(float64(all)/float64(b.N), "cpu-ns/op")
}

func processCPU(t testing.TB) int64 {
	t.Helper()
	var used unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return used.Utime.Nano() + used.Stime.Nano()
}

// timedCatalogue adds up the CPU time of its codecs.
type timedCatalogue struct {
	*harness.Registry
	spent *atomic.Int64
}

func (c timedCatalogue) Codec(name string) (codecs.Codec, error) {
	codec, err := c.Registry.Codec(name)
	return timedCodec{codec, c.spent}, err
}

type timedCodec struct {
	codecs.Codec
	spent *atomic.Int64
}

func (c timedCodec) NewContext(level int) (codecs.Context, error) {
	ctx, err := c.Codec.NewContext(level)
	return timedContext{ctx, c.spent}, err
}

type timedContext struct {
	codecs.Context
	spent *atomic.Int64
}

func (c timedContext) Compress(dst, src []byte) ([]byte, error) {
	defer c.clock()()
	return c.Context.Compress(dst, src)
}

func (c timedContext) Decompress(dst, src []byte) ([]byte, error) {
	defer c.clock()()
	return c.Context.Decompress(dst, src)
}

// clock adds the thread's CPU time until the answer is called.
func (c timedContext) clock() func() {
	runtime.LockOSThread()
	begin := threadCPU()
	return func() {
		c.spent.Add(threadCPU() - begin)
		runtime.UnlockOSThread()
	}
}

func threadCPU() int64 {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t) != nil {
		return 0
	}
	return t.Nano()
}

// runClient is the other process: it sends the request of standard input so many
// times over so many connections, one at a time on each.
func runClient(args []string) error {
	connections, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	left, err := strconv.ParseInt(args[2], 10, 64)
	if err != nil {
		return err
	}
	raw, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	var todo atomic.Int64
	todo.Store(left)
	errs := make(chan error, connections)
	var clients sync.WaitGroup
	for range connections {
		clients.Go(func() {
			if err := send(args[0], raw, &todo); err != nil {
				errs <- err
			}
		})
	}
	clients.Wait()
	close(errs)
	return <-errs
}

func send(addr string, raw []byte, todo *atomic.Int64) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	var r fasthttp.Response
	for todo.Add(-1) >= 0 {
		if _, err := conn.Write(raw); err != nil {
			return err
		}
		if err := r.ReadLimitBody(in, 256<<20); err != nil {
			return err
		}
		if r.StatusCode() != 200 {
			return fmt.Errorf("status %d: %s", r.StatusCode(), r.Body())
		}
	}
	return nil
}
