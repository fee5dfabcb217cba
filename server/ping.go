package server

import (
	"runtime"

	"github.com/valyala/fasthttp"
)

// status says what runs here and whether it takes requests.
type status struct {
	*resources
	ping []byte // the answer of /ping, which is the same for as long as the server runs
}

// pingBody makes the answer of /ping.
func pingBody(codecs []*backend) []byte {
	b := append([]byte(nil), `{"ok":true,"go":`...)
	b = appendString(b, runtime.Version())
	b = append(b, `,"gil_enabled":`...)
	b = appendBool(b, runtime.GOMAXPROCS(0) == 1)
	b = append(b, `,"codecs":[`...)
	for i, backend := range codecs {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, backend.name)
	}
	return append(b, "]}"...)
}

func (s *status) answerPing(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	ctx.Response.Header.SetContentType(jsonType)
	fresh(ctx)
	e.send(ctx, s.ping)
	return nil
}

// answerHealthz reports whether new requests are wanted here.
func (s *status) answerHealthz(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	if s.draining.Load() {
		return &problem{status: fasthttp.StatusServiceUnavailable, code: "draining", detail: "the server is ending"}
	}
	ctx.Response.Header.SetContentType(jsonType)
	fresh(ctx)
	e.send(ctx, healthy)
	return nil
}

var healthy = []byte(`{"status":"ok"}`)
