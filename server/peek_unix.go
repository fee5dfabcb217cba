//go:build unix

package server

import (
	"errors"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// look is what can be told of a connection without reading from it.
type look struct {
	readable bool // bytes have come that nobody has read
	gone     bool // the client has closed its side, or the connection is broken
}

// peek looks at a connection that another goroutine may be reading from. Of a
// connection that is no socket it knows nothing.
func peek(c net.Conn) look {
	sc, ok := c.(syscall.Conn)
	if !ok {
		return look{}
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return look{gone: true}
	}
	var n int
	var peeked error
	// Control, unlike Read, does not wait for the reader.
	if err := raw.Control(func(fd uintptr) {
		var one [1]byte
		n, _, peeked = unix.Recvfrom(int(fd), one[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
	}); err != nil {
		return look{gone: true}
	}
	switch {
	case peeked == nil:
		return look{readable: n > 0, gone: n == 0}
	case errors.Is(peeked, unix.EAGAIN), errors.Is(peeked, unix.EINTR):
		return look{}
	}
	return look{gone: true}
}
