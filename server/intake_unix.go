//go:build unix

package server

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
	lane chan struct{}
	p    []byte
	n    int
	err  error
	// try is attempt; a method value made for each call would be an allocation.
	try func(fd uintptr) bool
}

func (t *turn) receive(raw syscall.RawConn, _ net.Conn, p []byte) (int, error) {
	if t.try == nil {
		t.try = t.attempt
	}
	t.p = p[:min(len(p), mostRead)]
	err := raw.Read(t.try)
	t.p = nil
	switch {
	case err != nil:
		return 0, err // the deadline, or closed
	case t.err != nil:
		return 0, os.NewSyscallError("read", t.err)
	case t.n == 0:
		return 0, io.EOF
	}
	return t.n, nil
}

// attempt is false where there is nothing to read yet.
func (t *turn) attempt(fd uintptr) bool {
	t.lane <- struct{}{}
	defer func() { <-t.lane }()
	for {
		t.n, t.err = unix.Read(int(fd), t.p)
		if !errors.Is(t.err, unix.EINTR) {
			return !errors.Is(t.err, unix.EAGAIN)
		}
	}
}
