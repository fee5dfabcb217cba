//go:build !linux

package socket

import (
	"io"
	"net"

	"zstdshop/server/internal/lane"
)

// discard reads what comes and forgets it, until the client ends or the
// connection's deadline.
func discard(c net.Conn, _ lane.Lane) { _, _ = io.Copy(io.Discard, c) }
