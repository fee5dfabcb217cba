package server

import (
	"unsafe"

	"github.com/valyala/fasthttp"
)

// memory is what large bodies and answers may hold together. Each has a half of
// its own: bodies are held while their requests wait for a turn, and an answer
// must find room then.
type memory struct{ bodies, answers admission }

func newMemory(l Limits) memory {
	half := max(l.Memory/2, 1)
	return memory{
		bodies:  admission{capacity: half, most: 1, timeout: l.Queue},
		answers: admission{capacity: half},
	}
}

// load is what is held, and how many wait to send their body.
func (m *memory) load() (held int64, waiting int) {
	bodies, waiting := m.bodies.load()
	answers, _ := m.answers.load()
	return bodies + answers, waiting
}

// holding is what a request has of the memory.
type holding struct {
	body    int64             // counted for its body
	in      *buffer           // lent to fasthttp for its body
	reader  *fasthttp.Request // that has in
	answers int64             // of buffers on loan
	out     *buffer           // holds the answer while it is written
}

// smallBody is the most of a body or a buffer that is not worth counting.
const smallBody = 64 << 10

// makeRoom waits until there is memory for a body of length bytes, and lends it to
// fasthttp. Meanwhile the client's bytes wait in its own buffers. A body in chunks needs
// none before it has grown.
func (e *session) makeRoom(h *fasthttp.RequestHeader, length int) *problem {
	if length <= smallBody {
		return nil
	}
	e.server.spending.Add(1)
	size := int64(bufferSize(length))
	if _, err := e.server.memory.bodies.enter(size, 0); err != nil {
		return e.noRoom()
	}
	e.hold.body = size
	e.lendBody(requestOf(h), length)
	return nil
}

// requestOf returns the request whose header fasthttp shows to HeaderReceived, which is
// a field of it.
func requestOf(h *fasthttp.RequestHeader) *fasthttp.Request {
	return (*fasthttp.Request)(unsafe.Add(unsafe.Pointer(h), -int(unsafe.Offsetof(fasthttp.Request{}.Header))))
}

// lendBody gives r a buffer to read a body of length bytes into. Its own would be a new
// one for most bodies: megabytes to clear and to collect, also of bodies that are refused
// at their first block.
func (e *session) lendBody(r *fasthttp.Request, length int) {
	e.server.lane <- struct{}{} // a new one is cleared
	e.hold.in, e.hold.reader = e.server.buffers.borrow(length), r
	<-e.server.lane
	r.SwapBody(e.hold.in.b)
}

// takeBody ends the use of a body, and gives back what it was read into.
func (e *session) takeBody() {
	if e.hold.reader != nil {
		e.hold.reader.SwapBody(nil)
		e.server.buffers.giveBack(e.hold.in)
	}
	if e.hold.body > 0 {
		e.server.memory.bodies.leave(e.hold.body)
	}
	e.hold.in, e.hold.reader, e.hold.body = nil, nil, 0
}

// makeMoreRoom is makeRoom for a body in chunks that has come to length bytes. It
// does not wait: others would wait for what it holds.
func (e *session) makeMoreRoom(length int) *problem {
	size := bodyCapacity(length)
	if size <= max(smallBody, e.hold.body) {
		return nil
	}
	e.server.spending.Add(1)
	if !e.server.memory.bodies.try(size-e.hold.body, e.hold.body) {
		return e.noRoom()
	}
	e.hold.body = size
	return nil
}

func (e *session) noRoom() *problem {
	e.server.metrics.refused(refusedMemory)
	return &problem{status: fasthttp.StatusServiceUnavailable, code: "busy", detail: "too much is being sent at the same time: come again", close: true}
}

// bodyCapacity is what fasthttp allocates for a body in chunks.
func bodyCapacity(length int) int64 {
	n := int64(1)
	for n < int64(length) {
		n *= 2
	}
	return n
}

// borrow lends e a buffer with capacity for n bytes. Nothing of any size exists
// before it has been counted. It does not wait for room, because the request holds
// what others may be waiting for.
func (e *session) borrow(n int) (*buffer, *problem) {
	size := int64(bufferSize(n))
	if size <= smallBody {
		return e.server.buffers.borrow(n), nil
	}
	if !e.server.memory.answers.try(size, e.hold.answers) {
		e.server.metrics.refused(refusedMemory)
		return nil, &problem{status: fasthttp.StatusServiceUnavailable, code: "busy", detail: "too many answers are being sent at the same time: come again"}
	}
	e.hold.answers += size
	b := e.server.buffers.borrow(n)
	b.counted = size
	return b, nil
}

// giveBack ends the loan of b; nil is nothing.
func (e *session) giveBack(b *buffer) {
	if b == nil {
		return
	}
	if b.counted > 0 {
		e.server.memory.answers.leave(b.counted)
		e.hold.answers -= b.counted
		b.counted = 0
	}
	e.server.buffers.giveBack(b)
}

// letGo gives back all that the request holds.
func (e *session) letGo() {
	e.giveBack(e.hold.out)
	if e.hold.answers > 0 { // of a handler that panicked
		e.server.memory.answers.leave(e.hold.answers)
	}
	e.takeBody()
	e.hold = holding{}
}
