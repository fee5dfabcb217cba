package server

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"math"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"zstdshop/codecs"
	"zstdshop/codecs/datadog"
)

// replay is a connection on which the same request comes again and again and
// whose answers nobody reads: what is left of a server's work is its own.
type replay struct {
	request []byte
	left    int // requests
	at      int // in the one under way
	wrote   int
}

func (r *replay) Read(p []byte) (int, error) {
	if r.at == len(r.request) {
		r.at = 0
		r.left--
	}
	if r.left <= 0 {
		return 0, io.EOF
	}
	n := copy(p, r.request[r.at:])
	r.at += n
	return n, nil
}

func (r *replay) Write(p []byte) (int, error) {
	r.wrote += len(p)
	return len(p), nil
}

func (*replay) Close() error                     { return nil }
func (*replay) LocalAddr() net.Addr              { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }
func (*replay) RemoteAddr() net.Addr             { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }
func (*replay) SetDeadline(time.Time) error      { return nil }
func (*replay) SetReadDeadline(time.Time) error  { return nil }
func (*replay) SetWriteDeadline(time.Time) error { return nil }

// server for benchmarks, without a limit of requests on a connection.
func benchServer(b testing.TB, change func(*Options)) *Server {
	b.Helper()
	opts := Options{Catalogue: registry(), Bench: BenchOptions{Scenario: "cpuburn", Runner: "pool"}, Limits: DefaultLimits(2)}
	opts.Limits.Requests = 1 << 40
	if change != nil {
		change(&opts)
	}
	s, err := New(opts)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// through runs n requests through one connection of s.
func through(b testing.TB, s *Server, raw string, n int) {
	r := &replay{request: []byte(raw), left: n}
	e := s.connections.admit(r)
	e.serve()
	if r.left > 0 {
		b.Fatalf("%d requests are left of %d", r.left, n)
	}
	s.connections.done(e, true)
}

// prose is n bytes that compress as English does.
func prose(n int) string {
	words := strings.Fields("the of and a to in is you that it he was for on are as with his they I at be this have from or one had by word but not what all were we when your can said there use an each which she do how their if will up other about out many then them these so some her would make like him into time has look two more write go see number no way could people my than first water been call who oil its now find long down day did get come made may part")
	var b strings.Builder
	state, line := uint32(7), 0
	for b.Len() < n {
		state = state*1664525 + 1013904223
		word := words[state>>16%uint32(len(words))]
		b.WriteString(word)
		line += len(word) + 1
		switch {
		case line > 70:
			b.WriteByte('\n')
			line = 0
		case state>>24 == 5:
			b.WriteString(`, "`)
		case state>>27 == 0:
			b.WriteString(". ")
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()[:n]
}

var sizes = []struct {
	name string
	n    int
}{{"1KB", 1_000}, {"10KB", 10_000}, {"100KB", 100_000}, {"1MB", 1_000_000}}

func BenchmarkPing(b *testing.B) {
	s := benchServer(b, nil)
	raw := getRequest("/ping")
	through(b, s, raw, 100)
	b.ReportAllocs()
	b.ResetTimer()
	through(b, s, raw, b.N)
}

func BenchmarkCompress(b *testing.B) {
	for _, codec := range codecNames() {
		s := benchServer(b, func(o *Options) { o.Codec = codec })
		for _, size := range sizes {
			raw := postRequest("/compress", jsonOf(b, map[string]any{"text": prose(size.n), "level": 3}))
			rawer := postRequest("/v1/compress", prose(size.n))
			b.Run("json/"+codec+"/"+size.name, func(b *testing.B) { runThrough(b, s, raw, size.n) })
			b.Run("raw/"+codec+"/"+size.name, func(b *testing.B) { runThrough(b, s, rawer, size.n) })
		}
	}
}

func BenchmarkDecompress(b *testing.B) {
	for _, codec := range codecNames() {
		s := benchServer(b, func(o *Options) { o.Codec = codec })
		for _, size := range sizes {
			frame := frameOf(b, codec, prose(size.n))
			raw := postRequest("/decompress", jsonOf(b, map[string]any{"b64": base64.StdEncoding.EncodeToString(frame)}))
			rawer := postRequest("/v1/decompress", string(frame))
			b.Run("json/"+codec+"/"+size.name, func(b *testing.B) { runThrough(b, s, raw, size.n) })
			b.Run("raw/"+codec+"/"+size.name, func(b *testing.B) { runThrough(b, s, rawer, size.n) })
		}
	}
}

func runThrough(b *testing.B, s *Server, raw string, n int) {
	through(b, s, raw, 10)
	b.SetBytes(int64(n))
	b.ReportAllocs()
	b.ResetTimer()
	through(b, s, raw, b.N)
}

// BenchmarkPlain is the server that one writes without thinking of any of this:
// fasthttp, the standard library's JSON and base64, a codec. It is here to be
// compared with.
func BenchmarkPlain(b *testing.B) {
	if datadog.New().Info().Unavailable != "" {
		b.Skip("without cgo")
	}
	h := &plain{codec: datadog.New()}
	srv := &fasthttp.Server{Handler: h.serve, MaxRequestBodySize: 8 << 20, NoDefaultServerHeader: true}
	for _, size := range sizes {
		frame := frameOf(b, "datadog", prose(size.n))
		for _, c := range []struct{ name, raw string }{
			{"compress", postRequest("/compress", jsonOf(b, map[string]any{"text": prose(size.n), "level": 3}))},
			{"decompress", postRequest("/decompress", jsonOf(b, map[string]any{"b64": base64.StdEncoding.EncodeToString(frame)}))},
		} {
			b.Run(c.name+"/"+size.name, func(b *testing.B) {
				b.SetBytes(int64(size.n))
				b.ReportAllocs()
				if err := srv.ServeConn(&replay{request: []byte(c.raw), left: b.N}); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}

type plain struct {
	codec codecs.Codec
	ctx   codecs.Context // of one connection: this server has no more
}

func (p *plain) serve(ctx *fasthttp.RequestCtx) {
	if err := p.answer(ctx); err != nil {
		ctx.Error(err.Error(), fasthttp.StatusBadRequest)
	}
}

func (p *plain) answer(ctx *fasthttp.RequestCtx) error {
	if p.ctx == nil {
		var err error
		if p.ctx, err = p.codec.NewContext(3); err != nil {
			return err
		}
	}
	ctx.SetContentType("application/json")
	if string(ctx.Path()) == "/compress" {
		var in struct {
			Text  string `json:"text"`
			Level *int   `json:"level"`
		}
		if err := json.Unmarshal(ctx.PostBody(), &in); err != nil {
			return err
		}
		frame, err := p.ctx.Compress(make([]byte, 0, p.codec.CompressBound(len(in.Text))), []byte(in.Text))
		if err != nil {
			return err
		}
		return json.NewEncoder(ctx).Encode(map[string]any{"bytes_in": len(in.Text), "bytes_out": len(frame),
			"ratio": float64(len(frame)) / float64(max(len(in.Text), 1)), "b64": base64.StdEncoding.EncodeToString(frame)})
	}
	var in struct {
		B64 string `json:"b64"`
	}
	if err := json.Unmarshal(ctx.PostBody(), &in); err != nil {
		return err
	}
	frame, err := base64.StdEncoding.DecodeString(in.B64)
	if err != nil {
		return err
	}
	text, err := p.ctx.Decompress(make([]byte, 0, 4<<20), frame)
	if err != nil {
		return err
	}
	return json.NewEncoder(ctx).Encode(map[string]any{"text": string(text)})
}

// codecNames are those that this build has.
func codecNames() []string {
	var out []string
	for _, name := range []string{"klauspost", "datadog"} {
		if c, err := registry().Codec(name); err == nil && c.Info().Unavailable == "" {
			out = append(out, name)
		}
	}
	return out
}

// frameOf compresses text at level 3 as the contract has it, without a checksum.
func frameOf(t testing.TB, codec, text string) []byte {
	t.Helper()
	c, err := registry().Codec(codec)
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := c.NewContext(3)
	if err != nil {
		t.Fatal(err)
	}
	defer ctx.Close()
	frame, err := ctx.Compress(make([]byte, 0, c.CompressBound(len(text))), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return frame
}

// TestAllocations holds the steady state: nothing for /ping, and for codings no more than
// a pool that the collector has emptied takes now and then.
func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	for _, c := range []struct {
		name, raw string
		most      float64
	}{
		{"ping", getRequest("/ping"), 0},
		{"compress", postRequest("/compress", jsonOf(t, map[string]any{"text": prose(100_000), "level": 3})), 0.5},
		{"decompress", postRequest("/decompress", jsonOf(t, map[string]any{"b64": frameOf(t, codecNames()[0], prose(100_000))})), 0.5},
		{"raw compress", postRequest("/v1/compress", prose(100_000)), 0.5},
		{"raw decompress", postRequest("/v1/decompress", string(frameOf(t, codecNames()[0], prose(100_000)))), 0.5},
	} {
		s := benchServer(t, nil)
		const rounds = 200
		through(t, s, c.raw, 20)
		all, once := math.Inf(1), math.Inf(1)
		for range 5 { // the least of them: a clock of fasthttp's allocates now and then
			all = min(all, testing.AllocsPerRun(1, func() { through(t, s, c.raw, rounds) }))
			// What a connection costs is not a request's.
			once = min(once, testing.AllocsPerRun(1, func() { through(t, s, c.raw, 1) }))
		}
		per := (all - once) / (rounds - 1)
		if per > c.most {
			t.Errorf("%s: %.2f allocations a request, want at most %.1f", c.name, per, c.most)
		}
	}
}
