package server

import (
	"net"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/intake"
	"zstdshop/server/internal/lane"
	"zstdshop/server/internal/memory"
	"zstdshop/server/internal/socket"
)

// session is one connection and what its request under way needs. It is the
// net.Conn that fasthttp sees.
//
// fasthttp tells its hooks little: HeaderReceived knows no connection,
// ErrorHandler may not be called. So every session has a fasthttp.Server of its
// own, whose hooks are the session's methods; sessions are used again, with the
// buffers that server holds, when their connection ends. All but quiet belongs
// to the goroutine that serves the connection.
type session struct {
	net.Conn
	server *Server
	http   fasthttp.Server

	// silent is since when the connection has been without a request, in nanoseconds
	// of the server's life, never 0; 0 while there is one. A header that is not
	// complete is none.
	silent atomic.Int64
	// quiet is set while the connection waits for a request and no byte of it has
	// come; such a connection may be closed when the server ends.
	quiet   atomic.Bool
	trusted bool // a proxy that is believed what it says of itself
	unread  bool // the client may be sending what nobody will read

	intake   intake.Intake
	arrival  arrival                 // of the body that is being received
	arriving func(part []byte) error // arrived; made for each body it would be an allocation

	exchange
}

// exchange is the part of a session that is one request's.
type exchange struct {
	begin   time.Time   // when its header was complete
	place   *place      // where its path leads; nil: nowhere
	route   *route      // with its method, too
	refused *problem    // why it is not to be served, found by its header
	dict    *dictionary // that its query names; nil: none
	hold    memory.Holding
	id      []byte // see requestid.go
	timing  []byte // see answerTiming
}

func newSession(s *Server) *session {
	l := s.limits
	e := &session{server: s, exchange: exchange{hold: s.memory.Hold()}}
	e.arriving, e.intake.Announced = e.arrived, e.announced
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

// serve answers requests until the connection is closed.
func (e *session) serve() {
	e.unread, e.trusted = false, e.server.isTrusted(e.Conn.RemoteAddr())
	e.intake.Begin(e.Conn, e.server.lane)
	e.quiet.Store(true)
	// What ends a connection is the client's affair or has been answered.
	_ = e.http.ServeConn(e)
}

// silence says that the connection is without a request from now on.
func (e *session) silence() { e.silent.Store(int64(e.server.now().Sub(e.server.started)) + 1) }

// ended gives back what the last request held. It is called once the connection
// is closed, whatever ended it.
func (e *session) ended() {
	e.intake.LeaveLane()
	e.endExchange()
}

// endExchange makes ready for the next request.
func (e *session) endExchange() {
	e.hold.LetGo()
	e.exchange = exchange{hold: e.hold, id: e.id[:0], timing: e.timing[:0]}
}

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

func (e *session) Read(p []byte) (int, error) {
	n, err := e.intake.Read(p)
	if n > 0 {
		e.quiet.Store(false)
	}
	return n, err
}

// Close takes its time where the client may still be sending: closing a socket
// with unread bytes resets it, and a reset takes the answer away from a client
// that has not read it yet.
func (e *session) Close() error {
	e.intake.LeaveLane()
	if e.unread && !e.server.draining.Load() {
		socket.Linger(e.Conn, e.server.limits.lingerTime(), e.server.lane)
	}
	return e.Conn.Close()
}

// lingerTime is how long a client that was refused may go on sending.
func (l Limits) lingerTime() time.Duration { return min(l.BodyTime, 2*time.Second) }

// header is fasthttp's HeaderReceived: the header is complete and the body is
// unread. What is refused here is answered by fail, expect or handle, whichever
// fasthttp calls next.
func (e *session) header(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	e.quiet.Store(false)
	e.silent.Store(0)
	e.begin = e.server.now()
	e.refused = e.examine(h)
	length := h.ContentLength()
	hasBody := length > 0 || length == intake.Chunked
	if e.refused == nil && e.route.body != noBody && e.server.codings.Full() {
		e.refused = e.server.busy() // before its body costs anything
	}
	if e.refused == nil && hasBody {
		e.intake.Body(length, e.lookAt(length))
		if len(h.Peek(fasthttp.HeaderExpect)) == 0 { // else nothing has been sent yet
			e.lookAhead()
		}
		if e.refused == nil {
			e.refused = e.makeRoom(h, length)
		}
	}
	var conf fasthttp.RequestConfig
	if hasBody {
		conf.ReadTimeout = e.server.limits.BodyTime
	}
	// fasthttp leaves a body over this limit alone; 0 would be its own default.
	switch {
	case e.refused == nil:
		conf.MaxRequestBodySize = e.route.bodyLimit(e.server)
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

// expect is fasthttp's ExpectHandler: the client asks whether to send its body.
func (e *session) expect(ctx *fasthttp.RequestCtx) int {
	if e.refused == nil {
		// fasthttp sends 100 Continue without a deadline.
		_ = e.SetWriteDeadline(time.Now().Add(e.server.limits.WriteTime))
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
		e.begin = e.server.now()
	}
	// fasthttp writes this answer without a deadline of its own.
	_ = e.SetWriteDeadline(time.Now().Add(e.server.limits.WriteTime))
	p := e.refused
	if p == nil {
		p = e.readProblem(err)
	}
	e.unread = p.status != fasthttp.StatusRequestTimeout
	e.begun(ctx)
	e.answerProblem(ctx, p)
	e.finish(ctx)
}
