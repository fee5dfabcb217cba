//go:build !unix

package server

// turn has no way here to wait for bytes without a place in the lane: only the look at
// them is taken in turn.
type turn struct{}

func (*turn) receive(of *intake, p []byte) (int, error) {
	n, err := of.conn.Read(p[:min(len(p), mostRead)])
	of.enterLane()
	defer of.leaveLane()
	return of.bodyRead(p[:n], err)
}
