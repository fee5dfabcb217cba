package server

import (
	"net"
	"time"

	"zstdshop/server/internal/socket"
)

// drain ends the server without losing a request.
//
// Accepting stops. On the connections that are open requests are still answered
// for a while, each with "Connection: close", so that clients learn of the end
// at a moment when they are not sending. Then connections on which nothing
// happens are closed and those with a request under way are waited for.
//
// A listener that is shared is left alone: what waits in its queue is the other
// process's to accept. One that is not is emptied and closed at once, so that
// whoever comes later is refused and not left hanging.
func (s *Server) drain(ln net.Listener, accepted <-chan error) {
	s.stopAccepting(ln, accepted)
	s.mu.Lock()
	if len(s.sessions) == 0 {
		s.sayEmpty()
	}
	s.mu.Unlock()

	if s.isEmptyWithin(s.opts.Grace) {
		return
	}
	for end := time.Now().Add(s.opts.DrainTimeout); time.Now().Before(end); {
		s.closeQuiet()
		if s.isEmptyWithin(idleTick) {
			return
		}
	}
	s.closeAll()
	s.isEmptyWithin(time.Second)
}

// idleTick is how often connections are looked at for being idle.
const idleTick = 10 * time.Millisecond

// isEmptyWithin waits until no connection is left, or for d.
func (s *Server) isEmptyWithin(d time.Duration) bool {
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
func (s *Server) sayEmpty() {
	select {
	case <-s.empty:
	default:
		close(s.empty)
	}
}

// stopAccepting makes the accept loop end and takes in what it left.
func (s *Server) stopAccepting(ln net.Listener, accepted <-chan error) {
	l, ok := ln.(interface{ SetDeadline(time.Time) error })
	if !ok || l.SetDeadline(time.Now()) != nil {
		ln.Close()
		<-accepted
		return
	}
	<-accepted
	if s.opts.Shared {
		return
	}
	// The kernel has completed these connections; their requests may be here.
	for l.SetDeadline(time.Now().Add(time.Millisecond)) == nil {
		c, err := ln.Accept()
		if err != nil {
			break
		}
		s.begin(c)
	}
	ln.Close()
}

// closeQuiet closes the connections on which nothing has come. One whose next
// request has arrived but is not read yet is left alone.
func (s *Server) closeQuiet() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for e := range s.sessions {
		if e.quiet.Load() && !socket.Peek(e.Conn).Readable {
			e.Conn.Close()
		}
	}
}

func (s *Server) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for e := range s.sessions {
		e.Conn.Close()
	}
}
