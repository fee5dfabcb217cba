package server

import (
	"runtime"

	"github.com/valyala/fasthttp"
)

// ping makes the answer of /ping, which is the same for as long as the server
// runs.
func (s *Server) ping() []byte {
	b := append([]byte(nil), `{"ok":true,"go":`...)
	b = appendString(b, runtime.Version())
	b = append(b, `,"gil_enabled":`...)
	b = appendBool(b, runtime.GOMAXPROCS(0) == 1)
	b = append(b, `,"codecs":[`...)
	for i, backend := range s.backends {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, backend.name)
	}
	return append(b, "]}"...)
}

func (s *Server) answerPing(e *session, ctx *fasthttp.RequestCtx) *problem {
	ctx.Response.Header.SetContentType(jsonType)
	fresh(ctx)
	e.send(ctx, s.pingBody)
	return nil
}

// fresh keeps an answer out of caches.
func fresh(ctx *fasthttp.RequestCtx) {
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
}

// healthz reports whether new requests are wanted here.
func (s *Server) healthz(e *session, ctx *fasthttp.RequestCtx) *problem {
	if s.draining.Load() {
		return &problem{status: fasthttp.StatusServiceUnavailable, code: "draining", detail: "the server is ending"}
	}
	ctx.Response.Header.SetContentType(jsonType)
	fresh(ctx)
	e.send(ctx, healthy)
	return nil
}

var healthy = []byte(`{"status":"ok"}`)

func appendBool(dst []byte, v bool) []byte {
	if v {
		return append(dst, "true"...)
	}
	return append(dst, "false"...)
}
