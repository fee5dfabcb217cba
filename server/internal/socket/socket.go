// Package socket is what the server asks of the operating system beyond package net: what
// is to be told of a connection without reading from it, how to be rid of one whose client
// still sends, and how many files there may be. What it is asked of a connection that is
// no socket, or of another system, it does as well as it can.
package socket

import (
	"net"
	"time"

	"zstdshop/server/internal/lane"
)

// State is what can be told of a connection without reading from it.
type State struct {
	Readable bool // bytes have come that nobody has read
	Gone     bool // the client has closed its side, or the connection is broken
}

// Linger says that nothing more will be sent, and reads and forgets what still comes for
// at most so long.
func Linger(c net.Conn, most time.Duration, places lane.Lane) {
	half, ok := c.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil || c.SetReadDeadline(time.Now().Add(most)) != nil {
		return
	}
	discard(c, places)
}
