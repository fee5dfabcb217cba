//go:build unix

package intake

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// turn receives from a socket, never waiting while it has a place in the lane.
type turn struct {
	of  taker
	p   []byte
	n   int
	err error
	// try is attempt; a method value made for each call would be an allocation.
	try func(fd uintptr) bool
}

func (t *turn) receive(of taker, _ net.Conn, raw syscall.RawConn, p []byte) (int, error) {
	if t.try == nil {
		t.try = t.attempt
	}
	t.of, t.p = of, p
	err := raw.Read(t.try)
	t.of, t.p = nil, nil
	if err != nil {
		return 0, err // the deadline, or closed
	}
	return t.n, t.err
}

// attempt is false where there is nothing to read yet.
func (t *turn) attempt(fd uintptr) bool {
	t.of.enterLane()
	defer t.of.LeaveLane()
	for {
		n, err := unix.Read(int(fd), t.p)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EAGAIN):
			return false
		case err != nil:
			t.n, t.err = 0, os.NewSyscallError("read", err)
		case n == 0:
			t.n, t.err = 0, io.EOF
		default:
			t.n, t.err = t.of.bodyRead(t.p[:n], nil)
		}
		return true
	}
}
