package server

import (
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"time"

	"zstdshop/server/internal/socket"
)

// accept starts a session for every connection of ln until the server drains,
// then it returns nil, or until ln fails for good. fasthttp's own loop is not
// used, because it lets a panic, even its own, end the process.
func (s *connections) accept(ln net.Listener) error {
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
func (s *connections) begin(c net.Conn) {
	e := s.admit(c)
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

// tooMany is what a connection over the limit is told.
var tooMany = answerTo(`{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"too many connections are open: come again","code":"too_many_connections"}`)

func answerTo(problem string) []byte {
	return fmt.Appendf(nil, "HTTP/1.1 503 Service Unavailable\r\nContent-Type: %s\r\nContent-Length: %d\r\nRetry-After: 1\r\nConnection: close\r\n\r\n%s",
		problemType, len(problem), problem)
}

// turnAway says so and closes c, without keeping the accept loop.
func (s *connections) turnAway(c net.Conn) {
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
