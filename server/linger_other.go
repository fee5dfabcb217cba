//go:build !linux

package server

import (
	"io"
	"net"
)

// discard reads what comes and forgets it, until the client ends or the
// connection's deadline.
func discard(c net.Conn, _ chan struct{}) { _, _ = io.Copy(io.Discard, c) }
