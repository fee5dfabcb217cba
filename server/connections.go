package server

import (
	"math"
	"net"
	"sync"
	"time"

	"zstdshop/server/internal/socket"
)

// connections are those that are open.
type connections struct {
	*resources
	sessions *sessions

	// shared is set where another process has the listener too.
	shared bool
	// grace and drainTimeout are those of Options.
	grace, drainTimeout time.Duration

	mu         sync.Mutex
	open       map[*session]bool
	free       []*session
	leaving    chan struct{} // a token for each connection being turned away
	drainBegun chan struct{}
	empty      chan struct{} // closed when draining and no connection is left
}

func newConnections(r *resources, s *sessions, opts *Options) *connections {
	return &connections{
		resources: r, sessions: s,
		shared: opts.Shared, grace: opts.Grace, drainTimeout: opts.DrainTimeout,
		open: map[*session]bool{}, leaving: make(chan struct{}, mostLeaving),
		drainBegun: make(chan struct{}), empty: make(chan struct{}),
	}
}

// count is how many are open.
func (s *connections) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// admit returns a session for c; nil where all connections are taken by requests.
func (s *connections) admit(c net.Conn) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.open) >= s.limits.Connections && !s.evict() {
		return nil
	}
	var e *session
	if n := len(s.free); n > 0 {
		e = s.free[n-1]
		s.free = s.free[:n-1]
	} else {
		e = newSession(s.sessions, s.resources)
	}
	e.Conn = c
	e.silence()
	s.open[e] = true
	return e
}

// evict closes the connection that has been without a request for longest, and
// reports whether there was one; mu is held. Who only keeps connections open, with
// nothing or half a header sent, keeps nobody else out with them.
func (s *connections) evict() bool {
	const attempts = 4 // of some the request may just have come
	for range attempts {
		var oldest *session
		since := int64(math.MaxInt64)
		for e := range s.open {
			if at := e.silent.Load(); at != 0 && at < since {
				oldest, since = e, at
			}
		}
		switch {
		case oldest == nil:
			return false
		case socket.Peek(oldest.Conn).Readable:
			oldest.silent.CompareAndSwap(since, int64(s.now().Sub(s.started))+1) // as if it had come now
			continue
		}
		oldest.Conn.Close()
		delete(s.open, oldest)
		s.metrics.refused(refusedSilent)
		return true
	}
	return false
}

// done ends a session. One that a panic ended is not used again: nobody knows
// what state its fasthttp.Server is in.
func (s *connections) done(e *session, sound bool) {
	e.ended()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, e)
	if sound && len(s.free) < freeSessions {
		e.Conn = nil
		s.free = append(s.free, e)
	}
	if len(s.open) == 0 && s.draining.Load() {
		s.sayEmpty()
	}
}

// freeSessions is how many are kept for connections to come.
const freeSessions = 64

// isEmptyWithin waits until no connection is left, or for d.
func (s *connections) isEmptyWithin(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-s.empty:
		return true
	case <-timer.C:
		return false
	}
}

// sayEmpty is called with mu held, while draining.
func (s *connections) sayEmpty() {
	select {
	case <-s.empty:
	default:
		close(s.empty)
	}
}

// closeQuiet closes the connections on which nothing has come. One whose next
// request has arrived but is not read yet is left alone.
func (s *connections) closeQuiet() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for e := range s.open {
		if e.quiet.Load() && !socket.Peek(e.Conn).Readable {
			e.Conn.Close()
		}
	}
}

func (s *connections) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for e := range s.open {
		e.Conn.Close()
	}
}

// ending is called once while draining.
func (s *connections) ending() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.open) == 0 {
		s.sayEmpty()
	}
}

// forgetFree drops the sessions that are kept for connections to come.
func (s *connections) forgetFree() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.free)
	s.free = s.free[:0]
}
