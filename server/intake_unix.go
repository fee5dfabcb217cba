//go:build unix

package server

import (
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// turn receives from a socket, never waiting while it has a place in the lane.
type turn struct {
	of  *intake
	p   []byte
	n   int
	err error
	// try is attempt; a method value made for each call would be an allocation.
	try func(fd uintptr) bool
}

func (t *turn) receive(of *intake, p []byte) (int, error) {
	if t.try == nil {
		t.try = t.attempt
	}
	t.of, t.p = of, p[:min(len(p), mostRead)]
	err := of.raw.Read(t.try)
	t.of, t.p = nil, nil
	if err != nil {
		return 0, err // the deadline, or closed
	}
	return t.n, t.err
}

// attempt is false where there is nothing to read yet.
func (t *turn) attempt(fd uintptr) bool {
	t.of.enterLane()
	defer t.of.leaveLane()
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
