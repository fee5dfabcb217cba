package load

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"runtime"
	"time"

	"zstdshop/codecs"
	"zstdshop/harness"
	"zstdshop/scenarios"
	"zstdshop/server"
)

// local is a server on the loopback interface.
type local struct {
	addr  string
	stop  context.CancelFunc
	ended chan error
}

// serve starts one that has the cell's codec only and limits that are none for
// what will be asked.
func serve(in scenarios.Input, asks []ask) (*local, error) {
	reg := new(harness.Registry)
	codec := in.Codec
	if codec == nil {
		codec = noCodec{}
	}
	if f := codec.Info().Format; f != server.ZstdFormat {
		return nil, fmt.Errorf("the shop serves %s, and the codec makes %s: drop it from --codec", server.ZstdFormat, f)
	}
	reg.AddCodec("codec", codec)
	limits, err := limitsFor(in.Workers, codec, asks)
	if err != nil {
		return nil, err
	}
	s, err := server.New(server.Options{
		Catalogue: reg, Codec: "codec", Limits: limits, Loopback: true,
		Grace: time.Millisecond, DrainTimeout: time.Second,
	})
	if err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	l := &local{ln.Addr().String(), stop, make(chan error, 1)}
	go func() { l.ended <- s.Serve(ctx, ln) }()
	return l, nil
}

// close ends the server and waits for it. Its connections are closed before.
func (l *local) close() error {
	l.stop()
	return <-l.ended
}

// mostBytes is the largest limit of sizes that a server takes.
const mostBytes = math.MaxInt32 / 8

func limitsFor(workers int, codec codecs.Codec, asks []ask) (server.Limits, error) {
	l := server.DefaultLimits(runtime.GOMAXPROCS(0))
	for i, a := range asks {
		size := max(len(a.request), len(a.item), codec.CompressBound(len(a.item)))
		if size > mostBytes {
			return l, fmt.Errorf("item %d of %d bytes is more than the server can be told to take: lower --block", i, len(a.item))
		}
		l.Text, l.JSON, l.Raw = max(l.Text, size), max(l.JSON, size), max(l.Raw, size)
	}
	// What comes in and goes out, as base64 and as it is, for each connection.
	l.Memory = max(l.Memory, int64(workers)*int64(max(l.JSON, l.Raw))*4)
	l.Connections, l.Requests = workers+1, math.MaxInt
	const long = 24 * time.Hour
	l.HeaderTime, l.BodyTime, l.IdleTime, l.WriteTime = long, long, long, long
	l.Cost, l.Queue = long, long
	l.Window = max(l.Window, 128<<20) // of the highest levels
	return l, nil
}

// noCodec stands where a request needs none: a server has at least one.
type noCodec struct{}

var errNoCodec = errors.New("no codec is set")

func (noCodec) Info() codecs.Info {
	return codecs.Info{Format: server.ZstdFormat, Summary: "none"}
}
func (noCodec) EffectiveLevel(int) (int, error)        { return 0, nil }
func (noCodec) CompressBound(n int) int                { return n }
func (noCodec) NewContext(int) (codecs.Context, error) { return nil, errNoCodec }
