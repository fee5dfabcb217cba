package server

import (
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/intake"
	"zstdshop/server/internal/socket"
)

// session is one connection and its request under way. It is the net.Conn that fasthttp
// sees.
//
// fasthttp tells its hooks little: HeaderReceived knows no connection,
// ErrorHandler may not be called. So every session has a fasthttp.Server of its
// own, whose hooks are the session's methods; sessions are used again, with the
// buffers that server holds, when their connection ends. All but quiet belongs
// to the goroutine that serves the connection.
type session struct {
	*sessions
	http fasthttp.Server

	// silent is since when the connection has been without a request, in nanoseconds
	// of the server's life, never 0; 0 while there is one. A header that is not
	// complete is none.
	silent atomic.Int64
	// quiet is set while the connection waits for a request and no byte of it has
	// come; such a connection may be closed when the server ends.
	quiet  atomic.Bool
	unread bool // the client may be sending what nobody will read

	intake   intake.Intake
	arrival  arrival                 // of the body that is being received
	arriving func(part []byte) error // arrival.arrived; made for each body it would be an allocation

	exchange
	place *place // where the request's path leads; nil: nowhere
	route *route // with its method, too
}

// sessions is what the sessions of a server need of it.
type sessions struct {
	examiner  *examiner
	turns     *turns
	ids       idSource
	accessLog bool // a line for every request
}

// serve answers requests until the connection is closed.
func (e *session) serve() {
	e.unread, e.trusted = false, e.examiner.proxies.trusts(e.Conn.RemoteAddr())
	e.intake.Begin(e.Conn, e.lane)
	e.quiet.Store(true)
	// What ends a connection is the client's affair or has been answered.
	_ = e.http.ServeConn(e)
}

// silence says that the connection is without a request from now on.
func (e *session) silence() { e.silent.Store(int64(e.now().Sub(e.started)) + 1) }

// ended gives back what the last request held. It is called once the connection
// is closed, whatever ended it.
func (e *session) ended() {
	e.intake.LeaveLane()
	e.endExchange()
}

// endExchange makes ready for the next request.
func (e *session) endExchange() {
	e.next()
	e.place, e.route = nil, nil
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
	if e.unread && !e.draining.Load() {
		socket.Linger(e.Conn, e.limits.lingerTime(), e.lane)
	}
	return e.Conn.Close()
}

// lingerTime is how long a client that was refused may go on sending.
func (l Limits) lingerTime() time.Duration { return min(l.BodyTime, 2*time.Second) }
