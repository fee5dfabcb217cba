package server

import (
	"unsafe"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/memory"
)

// requestOf returns the request whose header fasthttp shows to HeaderReceived, which is
// a field of it.
func requestOf(h *fasthttp.RequestHeader) *fasthttp.Request {
	return (*fasthttp.Request)(unsafe.Add(unsafe.Pointer(h), -int(unsafe.Offsetof(fasthttp.Request{}.Header))))
}

// makeRoom waits until there is memory for a body of length bytes.
func (e *session) makeRoom(h *fasthttp.RequestHeader, length int) *problem {
	if e.hold.MakeRoom(requestOf(h), length) != nil {
		return e.noRoom()
	}
	return nil
}

func (e *session) noRoom() *problem {
	e.server.metrics.refused(refusedMemory)
	return &problem{status: fasthttp.StatusServiceUnavailable, code: "busy", detail: "too much is being sent at the same time: come again", close: true}
}

// borrow lends e a buffer with capacity for n bytes.
func (e *session) borrow(n int) (*memory.Buffer, *problem) {
	b, err := e.hold.Borrow(n)
	if err != nil {
		e.server.metrics.refused(refusedMemory)
		return nil, &problem{status: fasthttp.StatusServiceUnavailable, code: "busy", detail: "too many answers are being sent at the same time: come again"}
	}
	return b, nil
}
