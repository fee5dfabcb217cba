package memory

import (
	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/lane"
)

// Holding is what a request has of the memory. One goroutine at a time.
type Holding struct {
	of *Memory
	// Out holds the answer while it is written; nil where it is in no buffer.
	Out *Buffer

	body    int64             // counted for the request's body
	in      *Buffer           // lent to fasthttp for the body
	reader  *fasthttp.Request // that has in
	answers int64             // of buffers on loan
}

// Hold returns a holding of nothing yet.
func (m *Memory) Hold() Holding { return Holding{of: m} }

// MakeRoom waits until there is memory for a body of length bytes, and lends it to r,
// which is about to read the body. Meanwhile the client's bytes wait in its own buffers.
// A small one needs none, and one in chunks none before it has grown. The error is
// ErrFull.
func (h *Holding) MakeRoom(r *fasthttp.Request, length int) error {
	if length <= lane.SmallBody {
		return nil
	}
	h.of.begun.Add(1)
	size := int64(Size(length))
	if _, err := h.of.bodies.Enter(size, 0); err != nil {
		return ErrFull
	}
	h.body = size
	h.lendBody(r, length)
	return nil
}

// lendBody gives r a buffer to read a body of length bytes into. Its own would be a new
// one for most bodies: megabytes to clear and to collect, also of bodies that are refused
// at their first block.
func (h *Holding) lendBody(r *fasthttp.Request, length int) {
	h.of.lane.Enter() // a new one is cleared
	h.in, h.reader = h.of.buffers.borrow(length), r
	h.of.lane.Leave()
	r.SwapBody(h.in.B)
}

// MakeMoreRoom is MakeRoom for a body in chunks that has come to length bytes. It does
// not wait: others would wait for what it holds.
func (h *Holding) MakeMoreRoom(length int) error {
	size := bodyCapacity(length)
	if size <= max(lane.SmallBody, h.body) {
		return nil
	}
	h.of.begun.Add(1)
	if !h.of.bodies.Try(size-h.body, h.body) {
		return ErrFull
	}
	h.body = size
	return nil
}

// bodyCapacity is what fasthttp allocates for a body in chunks.
func bodyCapacity(length int) int64 {
	n := int64(1)
	for n < int64(length) {
		n *= 2
	}
	return n
}

// TakeBody ends the use of the body, and gives back what it was read into.
func (h *Holding) TakeBody() {
	if h.reader != nil {
		h.reader.SwapBody(nil)
		h.of.buffers.giveBack(h.in)
	}
	if h.body > 0 {
		h.of.bodies.Leave(h.body)
	}
	h.in, h.reader, h.body = nil, nil, 0
}

// Borrow lends a buffer with capacity for n bytes. It does not wait for room, because
// the request holds what others may be waiting for. The error is ErrFull, and never
// comes where n is at most lane.SmallBody.
func (h *Holding) Borrow(n int) (*Buffer, error) {
	size := int64(Size(n))
	if size <= lane.SmallBody {
		return h.of.buffers.borrow(n), nil
	}
	if !h.of.answers.Try(size, h.answers) {
		return nil, ErrFull
	}
	h.answers += size
	b := h.of.buffers.borrow(n)
	b.counted = size
	return b, nil
}

// Fresh makes the answer's buffer another one, for at most lane.SmallBody bytes.
func (h *Holding) Fresh(n int) {
	h.GiveBack(h.Out)
	h.Out = h.of.buffers.borrow(min(n, lane.SmallBody))
}

// GiveBack ends the loan of b; nil is nothing.
func (h *Holding) GiveBack(b *Buffer) {
	if b == nil {
		return
	}
	if b.counted > 0 {
		h.of.answers.Leave(b.counted)
		h.answers -= b.counted
		b.counted = 0
	}
	h.of.buffers.giveBack(b)
}

// LetGo gives back all that the request holds.
func (h *Holding) LetGo() {
	h.GiveBack(h.Out)
	if h.answers > 0 { // of a handler that panicked
		h.of.answers.Leave(h.answers)
	}
	h.TakeBody()
	*h = Holding{of: h.of}
}
