//go:build !unix

package server

// turn has no way here to wait for bytes without a place in the lane: only the look at
// them is taken in turn.
type turn struct{ lane chan struct{} }

func (t *turn) receive(of *intake, p []byte) (int, error) {
	n, err := of.conn.Read(p[:min(len(p), mostRead)])
	t.lane <- struct{}{}
	defer func() { <-t.lane }()
	return of.bodyRead(p[:n], err)
}
