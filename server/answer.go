package server

import (
	"time"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/lane"
)

// begun gives the answer what every answer has.
func (e *session) begun(ctx *fasthttp.RequestCtx) {
	if id := ctx.Request.Header.Peek(headerID); usableID(id) {
		e.id = append(e.id[:0], id...)
	} else {
		e.id = e.ids.append(e.id[:0])
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
		e.complain("internal error", p.cause, "request_id", string(e.id))
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

// finish counts the request. The request's body is not used any more.
func (e *session) finish(ctx *fasthttp.RequestCtx) {
	if e.draining.Load() || saysClose(&ctx.Request.Header) {
		ctx.SetConnectionClose()
	}
	status := ctx.Response.StatusCode()
	took := e.now().Sub(e.begin)
	index := -1
	if e.route != nil {
		index = e.route.index
	}
	e.metrics.answered(index, status, took)
	if e.accessLog {
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
		method, path = string(ctx.Method()), e.path
	}
	e.log.Info("request", "id", string(e.id), "method", method, "path", path, "status", status,
		"bytes_in", len(ctx.Request.Body()), "bytes_out", len(ctx.Response.Body()), "seconds", took.Seconds())
}
