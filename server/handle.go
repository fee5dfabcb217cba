package server

import (
	"runtime/debug"
	"time"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/lane"
)

// Media types of answers.
const (
	jsonType    = "application/json"
	problemType = "application/problem+json"
	zstdType    = "application/zstd" // RFC 8878
	bytesType   = "application/octet-stream"
)

// handle is fasthttp's Handler: the request is complete.
func (e *session) handle(ctx *fasthttp.RequestCtx) {
	defer e.recover(ctx)
	e.intake.LeaveLane()
	e.begun(ctx)
	p := e.refused
	if p == nil {
		p = e.route.serve(e.server, e, ctx)
	}
	if p != nil {
		e.answerProblem(ctx, p)
	}
	e.finish(ctx)
}

// recover turns a handler's panic into an answer.
func (e *session) recover(ctx *fasthttp.RequestCtx) {
	value := recover()
	if value == nil {
		return
	}
	e.server.panicked(value, debug.Stack())
	ctx.Response.Reset()
	e.begun(ctx)
	e.answerProblem(ctx, &problem{status: fasthttp.StatusInternalServerError, code: "internal", detail: "the server failed; it has logged why", close: true})
	e.finish(ctx)
}

// begun gives the answer what every answer has.
func (e *session) begun(ctx *fasthttp.RequestCtx) {
	if id := ctx.Request.Header.Peek(headerID); usableID(id) {
		e.id = append(e.id[:0], id...)
	} else {
		e.id = e.server.ids.append(e.id[:0])
	}
	h := &ctx.Response.Header
	h.SetBytesV(headerID, e.id)
	if len(ctx.Request.Header.Peek(fasthttp.HeaderOrigin)) > 0 {
		allowOrigins(h)
	}
}

// answerProblem makes p the answer.
func (e *session) answerProblem(ctx *fasthttp.RequestCtx, p *problem) {
	if p.cause != nil {
		e.server.complain("internal error", p.cause, "request_id", string(e.id))
	}
	h := &ctx.Response.Header
	h.SetContentType(problemType)
	ctx.SetStatusCode(p.status)
	if p.allow != "" {
		h.Set(fasthttp.HeaderAllow, p.allow)
	}
	if p.location != "" {
		h.Set(fasthttp.HeaderLocation, p.location)
	}
	if p.status == fasthttp.StatusServiceUnavailable || p.status == fasthttp.StatusTooManyRequests {
		h.Set(fasthttp.HeaderRetryAfter, seconds(p.retry))
	}
	if p.close {
		ctx.SetConnectionClose()
	}
	e.hold.Fresh(smallestProblem)
	e.send(ctx, p.appendJSON(e.hold.Out.B, e.id))
}

const smallestProblem = 1 << 10

// send makes b the body of the answer; b may be e.hold.Out's, which is kept until
// the answer is written.
func (e *session) send(ctx *fasthttp.RequestCtx, b []byte) {
	if e.hold.Out != nil {
		e.hold.Out.B = b
	}
	ctx.Response.SetBodyRaw(b)
}

// finish counts the request. The request's body is not used any more.
func (e *session) finish(ctx *fasthttp.RequestCtx) {
	s := e.server
	if s.draining.Load() || saysClose(&ctx.Request.Header) {
		ctx.SetConnectionClose()
	}
	status := ctx.Response.StatusCode()
	took := s.now().Sub(e.begin)
	s.metrics.answered(e.route, status, took)
	if s.opts.AccessLog {
		e.logAccess(ctx, status, took)
	}
	e.hold.TakeBody()
	ctx.Request.ReleaseBody(lane.SmallBody) // one in chunks
}

// saysClose reports whether the client wants the connection closed. fasthttp looks
// for the one spelling "close" only.
func saysClose(h *fasthttp.RequestHeader) bool {
	v := h.Peek(fasthttp.HeaderConnection)
	return len(v) > 0 && hasToken(v, "close")
}

// logAccess writes a line about a request, and nothing that the client wrote but
// an id that is letters and digits.
func (e *session) logAccess(ctx *fasthttp.RequestCtx, status int, took time.Duration) {
	method, path := "?", "?"
	if e.route != nil {
		method, path = string(ctx.Method()), e.place.path
	}
	e.server.log.Info("request", "id", string(e.id), "method", method, "path", path, "status", status,
		"bytes_in", len(ctx.Request.Body()), "bytes_out", len(ctx.Response.Body()), "seconds", took.Seconds())
}
