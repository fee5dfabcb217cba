package server

import (
	"io"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

// served is what a fasthttp.Server answers to raw, and what it panicked with.
func served(srv *fasthttp.Server, raw string) (out string, panicked any) {
	c := &stream{}
	c.in.Reset([]byte(raw))
	defer func() { panicked, out = recover(), c.out.String() }()
	_ = srv.ServeConn(c)
	return "", nil
}

// TestFasthttpFacts: what the design rests on, of fasthttp as it is required. Where one
// of them changes, the code that is there because of it wants a look.
func TestFasthttpFacts(t *testing.T) {
	// Nobody recovers a handler's panic: begin does, in accept.go.
	boom := &fasthttp.Server{Handler: func(*fasthttp.RequestCtx) { panic("on purpose") }}
	if _, panicked := served(boom, getRequest("/")); panicked == nil {
		t.Error("a handler's panic is recovered")
	}
	// A body over the limit is 400 unless ErrorHandler has it otherwise: readProblem.
	plain := &fasthttp.Server{Handler: func(*fasthttp.RequestCtx) {}, MaxRequestBodySize: 10, Logger: silent{}}
	if out, _ := served(plain, postRequest("/", strings.Repeat("x", 11))); !strings.HasPrefix(out, "HTTP/1.1 400 ") {
		t.Errorf("a body over the limit: %.100q", out)
	}
	// StreamRequestBody switches the limit off: newSession never sets it.
	read := 0
	streaming := &fasthttp.Server{MaxRequestBodySize: 10, StreamRequestBody: true, Logger: silent{}, Handler: func(ctx *fasthttp.RequestCtx) {
		n, _ := io.Copy(io.Discard, ctx.RequestBodyStream())
		read = int(n)
	}}
	if out, _ := served(streaming, postRequest("/", strings.Repeat("x", 100_000))); read != 100_000 {
		t.Errorf("streamed over the limit: %d bytes read, %.100q", read, out)
	}
}
