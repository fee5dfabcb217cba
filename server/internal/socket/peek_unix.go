//go:build unix

package socket

import (
	"errors"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// Peek looks at a connection that another goroutine may be reading from. Of a
// connection that is no socket it knows nothing.
func Peek(c net.Conn) State {
	sc, ok := c.(syscall.Conn)
	if !ok {
		return State{}
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return State{Gone: true}
	}
	var n int
	var peeked error
	// Control, unlike Read, does not wait for the reader.
	if err := raw.Control(func(fd uintptr) {
		var one [1]byte
		n, _, peeked = unix.Recvfrom(int(fd), one[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
	}); err != nil {
		return State{Gone: true}
	}
	switch {
	case peeked == nil:
		return State{Readable: n > 0, Gone: n == 0}
	case errors.Is(peeked, unix.EAGAIN), errors.Is(peeked, unix.EINTR):
		return State{}
	}
	return State{Gone: true}
}
