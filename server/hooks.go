package server

import (
	"net"
	"runtime/debug"
	"time"
	"unsafe"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/intake"
	"zstdshop/server/internal/lane"
)

// newSession makes a session, for one connection after the other.
func newSession(s *sessions, r *resources) *session {
	l := &r.limits
	e := &session{sessions: s, exchange: exchange{resources: r, hold: r.memory.Hold()}}
	e.arrival.of = &e.exchange
	e.arriving, e.intake.Announced = e.arrival.arrived, e.arrival.announced
	e.http = fasthttp.Server{
		Handler:        e.handle,
		HeaderReceived: e.header,
		ExpectHandler:  e.expect,
		ErrorHandler:   e.fail,
		ConnState:      e.changed,
		Logger:         silent{},

		ReadTimeout: l.HeaderTime, IdleTimeout: l.IdleTime, WriteTimeout: l.WriteTime,
		// A header must fit the buffer. Small requests do with their bodies in the
		// intake's, and small answers in this one, which saves a system call each.
		ReadBufferSize: l.Header + 1<<10, WriteBufferSize: intake.Buffer,
		// The limit of connections is the accept loop's.
		MaxRequestsPerConn: l.Requests, Concurrency: 2,
		// StreamRequestBody must never be set: it switches the limit of bodies off.
		MaxRequestBodySize:            1,
		DisablePreParseMultipartForm:  true, // into temporary files, before the handler
		NoDefaultServerHeader:         true,
		NoDefaultContentType:          true,
		DisableHeaderNamesNormalizing: false,
		SecureErrorLogMessage:         true,
	}
	return e
}

// silent is fasthttp's logger: what it has to say quotes requests.
type silent struct{}

func (silent) Printf(string, ...any) {}

// changed is fasthttp's ConnState.
func (e *session) changed(_ net.Conn, state fasthttp.ConnState) {
	switch state {
	case fasthttp.StateActive:
		e.quiet.Store(false)
	case fasthttp.StateIdle:
		e.endExchange()
		e.quiet.Store(!e.intake.Waiting())
		e.silence()
	}
}

// header is fasthttp's HeaderReceived: the header is complete and the body is
// unread. What is refused here is answered by fail, expect or handle, whichever
// fasthttp calls next.
func (e *session) header(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	e.quiet.Store(false)
	e.silent.Store(0)
	e.begin = e.now()
	e.place, e.route, e.refused = e.examiner.examine(h, &e.exchange)
	length := h.ContentLength()
	hasBody := length > 0 || length == intake.Chunked
	if e.refused == nil && e.route.body != noBody && e.turns.codings.Full() {
		e.refused = e.turns.busy() // before its body costs anything
	}
	if e.refused == nil && hasBody {
		e.intake.Body(length, e.lookAt(length))
		if len(h.Peek(fasthttp.HeaderExpect)) == 0 { // else nothing has been sent yet
			e.lookAhead()
		}
		if e.refused == nil {
			if e.hold.MakeRoom(requestOf(h), length) != nil {
				e.refused = e.noRoom()
			}
		}
	}
	var conf fasthttp.RequestConfig
	if hasBody {
		conf.ReadTimeout = e.limits.BodyTime
	}
	// fasthttp leaves a body over this limit alone; 0 would be its own default.
	switch {
	case e.refused == nil:
		conf.MaxRequestBodySize = e.route.bodyLimit()
		return conf
	case e.refused.close:
		conf.MaxRequestBodySize = 1
	default:
		// A little is read and ignored, so that the connection can go on.
		conf.MaxRequestBodySize = strayBody
		if e.refused.status == fasthttp.StatusServiceUnavailable {
			conf.MaxRequestBodySize = lane.SmallBody // cheaper than another connection
		}
	}
	if hasBody {
		e.intake.Body(length, nil)
	}
	return conf
}

// lookAt returns what is to look at a body of length bytes; nil where nothing is.
func (e *session) lookAt(length int) func(part []byte) error {
	if !e.arrival.expect(e.route.body, length, e.route.bodyLimit()) {
		return nil
	}
	return e.arriving
}

// lookAhead looks at the first bytes of a body before there is any memory for it. Most
// of what is refused says so there: in the first header, or in blocks of 4 bytes that
// claim 128 KiB each.
func (e *session) lookAhead() {
	if e.intake.Looks() && e.SetReadDeadline(time.Now().Add(e.limits.BodyTime)) == nil {
		e.intake.LookAhead()
	}
}

// requestOf returns the request whose header fasthttp shows to HeaderReceived, which is
// a field of it.
func requestOf(h *fasthttp.RequestHeader) *fasthttp.Request {
	return (*fasthttp.Request)(unsafe.Add(unsafe.Pointer(h), -int(unsafe.Offsetof(fasthttp.Request{}.Header))))
}

// expect is fasthttp's ExpectHandler: the client asks whether to send its body.
func (e *session) expect(ctx *fasthttp.RequestCtx) int {
	if e.refused == nil {
		// fasthttp sends 100 Continue without a deadline.
		_ = e.SetWriteDeadline(time.Now().Add(e.limits.WriteTime))
		return fasthttp.StatusContinue
	}
	e.begun(ctx)
	e.unread = true
	e.answerProblem(ctx, e.refused)
	e.finish(ctx)
	return e.refused.status
}

// fail is fasthttp's ErrorHandler: the request could not be read, or its body
// was not to be. The connection is closed afterwards.
func (e *session) fail(ctx *fasthttp.RequestCtx, err error) {
	e.intake.LeaveLane()
	if e.begin.IsZero() {
		e.begin = e.now()
	}
	// fasthttp writes this answer without a deadline of its own.
	_ = e.SetWriteDeadline(time.Now().Add(e.limits.WriteTime))
	p := e.refused
	if p == nil {
		p = e.examiner.readProblem(err, e.place, e.route)
	}
	e.unread = p.status != fasthttp.StatusRequestTimeout
	e.begun(ctx)
	e.answerProblem(ctx, p)
	e.finish(ctx)
}

// handle is fasthttp's Handler: the request is complete.
func (e *session) handle(ctx *fasthttp.RequestCtx) {
	defer e.recover(ctx)
	e.intake.LeaveLane()
	e.begun(ctx)
	p := e.refused
	if p == nil {
		p = e.route.serve(&e.exchange, ctx)
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
	e.panicked(value, debug.Stack())
	ctx.Response.Reset()
	e.begun(ctx)
	e.answerProblem(ctx, &problem{status: fasthttp.StatusInternalServerError, code: "internal", detail: "the server failed; it has logged why", close: true})
	e.finish(ctx)
}
