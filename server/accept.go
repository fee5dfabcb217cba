package server

import (
	"errors"
	"fmt"
	"math"
	"net"
	"runtime/debug"
	"time"

	"zstdshop/server/internal/socket"
)

// accept starts a session for every connection of ln until the server drains,
// then it returns nil, or until ln fails for good. fasthttp's own loop is not
// used, because it lets a panic, even its own, end the process.
func (s *Server) accept(ln net.Listener) error {
	var pause time.Duration
	for {
		c, err := ln.Accept()
		if err == nil {
			pause = 0
			s.begin(c)
			continue
		}
		if s.draining.Load() {
			return nil
		}
		if t, ok := errors.AsType[interface {
			error
			Temporary() bool
		}](err); !ok || !t.Temporary() {
			return fmt.Errorf("accept: %w", err)
		}
		// Out of file descriptors, most likely: some will be closed.
		pause = min(max(2*pause, 5*time.Millisecond), time.Second)
		s.complain("accept", err)
		select {
		case <-time.After(pause):
		case <-s.drainBegun:
		}
	}
}

// begin serves c in a goroutine of its own, or turns it away.
func (s *Server) begin(c net.Conn) {
	e := s.open(c)
	if e == nil {
		s.metrics.refused(refusedConnections)
		s.turnAway(c)
		return
	}
	go func() {
		sound := false
		defer func() {
			if sound {
				s.done(e, true)
				return
			}
			s.panicked(recover(), debug.Stack())
			c.Close()
			s.done(e, false)
		}()
		e.serve()
		sound = true
	}()
}

// open returns a session for c; nil where all connections are taken by requests.
func (s *Server) open(c net.Conn) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sessions) >= s.limits.Connections && !s.evict() {
		return nil
	}
	var e *session
	if n := len(s.free); n > 0 {
		e = s.free[n-1]
		s.free = s.free[:n-1]
	} else {
		e = newSession(s)
	}
	e.Conn = c
	e.silence()
	s.sessions[e] = true
	return e
}

// evict closes the connection that has been without a request for longest, and
// reports whether there was one; mu is held. Who only keeps connections open, with
// nothing or half a header sent, keeps nobody else out with them.
func (s *Server) evict() bool {
	const attempts = 4 // of some the request may just have come
	for range attempts {
		var oldest *session
		since := int64(math.MaxInt64)
		for e := range s.sessions {
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
		delete(s.sessions, oldest)
		s.metrics.refused(refusedSilent)
		return true
	}
	return false
}

// done ends a session. One that a panic ended is not used again: nobody knows
// what state its fasthttp.Server is in.
func (s *Server) done(e *session, sound bool) {
	e.ended()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, e)
	if sound && len(s.free) < freeSessions {
		e.Conn = nil
		s.free = append(s.free, e)
	}
	if len(s.sessions) == 0 && s.draining.Load() {
		s.sayEmpty()
	}
}

// freeSessions is how many are kept for connections to come, and mostLeaving how many
// are told at the same time that there are too many.
const freeSessions, mostLeaving = 64, 16

// tooMany is what a connection over the limit is told.
var tooMany = answerTo(`{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"too many connections are open: come again","code":"too_many_connections"}`)

func answerTo(problem string) []byte {
	return fmt.Appendf(nil, "HTTP/1.1 503 Service Unavailable\r\nContent-Type: %s\r\nContent-Length: %d\r\nRetry-After: 1\r\nConnection: close\r\n\r\n%s",
		problemType, len(problem), problem)
}

// turnAway says so and closes c, without keeping the accept loop.
func (s *Server) turnAway(c net.Conn) {
	select {
	case s.leaving <- struct{}{}:
	default:
		c.Close() // so many at once are not owed a word each
		return
	}
	go func() {
		defer func() { <-s.leaving }()
		defer c.Close()
		if c.SetDeadline(time.Now().Add(time.Second)) != nil {
			return
		}
		if _, err := c.Write(tooMany); err == nil {
			socket.Linger(c, time.Second, s.lane)
		}
	}()
}
