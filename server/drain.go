package server

import (
	"net"
	"time"
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
func (s *connections) drain(ln net.Listener, accepted <-chan error) {
	s.stopAccepting(ln, accepted)
	s.ending()
	if s.isEmptyWithin(s.grace) {
		return
	}
	for end := time.Now().Add(s.drainTimeout); time.Now().Before(end); {
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

// stopAccepting makes the accept loop end and takes in what it left.
func (s *connections) stopAccepting(ln net.Listener, accepted <-chan error) {
	l, ok := ln.(interface{ SetDeadline(time.Time) error })
	if !ok || l.SetDeadline(time.Now()) != nil {
		ln.Close()
		<-accepted
		return
	}
	<-accepted
	if s.shared {
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
