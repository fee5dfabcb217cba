//go:build !unix

package intake

import (
	"net"
	"syscall"
)

// turn has no way here to wait for bytes without a place in the lane: only the look at
// them is taken in turn.
type turn struct{}

func (*turn) receive(of taker, conn net.Conn, _ syscall.RawConn, p []byte) (int, error) {
	n, err := conn.Read(p)
	of.enterLane()
	defer of.LeaveLane()
	return of.bodyRead(p[:n], err)
}
