package server

import (
	"net"
	"strconv"
	"time"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/frame"
	"zstdshop/server/internal/memory"
)

// Media types of answers.
const (
	jsonType    = "application/json"
	problemType = "application/problem+json"
	zstdType    = "application/zstd" // RFC 8878
	bytesType   = "application/octet-stream"
)

// exchange is a request under way and the answer to it, as a handler sees them.
type exchange struct {
	*resources
	net.Conn
	trusted bool // a proxy that is believed what it says of itself

	begin   time.Time   // when its header was complete
	path    string      // of the place that it leads to
	refused *problem    // why it is not to be served
	dict    *dictionary // that its frames begin with; nil: none
	hold    memory.Holding
	id      []byte        // see requestid.go
	timing  []byte        // see answerTiming
	coded   time.Duration // by codecs so far
}

// next makes ready for the connection's next request.
func (e *exchange) next() {
	e.hold.LetGo()
	*e = exchange{resources: e.resources, Conn: e.Conn, trusted: e.trusted, hold: e.hold, id: e.id[:0], timing: e.timing[:0]}
}

// noRoom is the answer where there is no memory for a body.
func (e *exchange) noRoom() *problem {
	e.metrics.refused(refusedMemory)
	return &problem{status: fasthttp.StatusServiceUnavailable, code: "busy", detail: "too much is being sent at the same time: come again", close: true}
}

// borrow lends e a buffer with capacity for n bytes.
func (e *exchange) borrow(n int) (*memory.Buffer, *problem) {
	b, err := e.hold.Borrow(n)
	if err != nil {
		e.metrics.refused(refusedMemory)
		return nil, &problem{status: fasthttp.StatusServiceUnavailable, code: "busy", detail: "too many answers are being sent at the same time: come again"}
	}
	return b, nil
}

// unlessAnswer gives b back if it has not become the answer.
func (e *exchange) unlessAnswer(b *memory.Buffer) {
	if e.hold.Out != b {
		e.hold.GiveBack(b)
	}
}

// send makes b the body of the answer; b may be e.hold.Out's, which is kept until
// the answer is written.
func (e *exchange) send(ctx *fasthttp.RequestCtx, b []byte) {
	if e.hold.Out != nil {
		e.hold.Out.B = b
	}
	ctx.Response.SetBodyRaw(b)
}

// sendBuffer makes b the answer, and e its owner.
func (e *exchange) sendBuffer(ctx *fasthttp.RequestCtx, b *memory.Buffer, mediaType string) *problem {
	e.hold.Out = b
	ctx.Response.Header.SetContentType(mediaType)
	// Whatever it holds, no browser is to take it for a page.
	ctx.Response.Header.Set(fasthttp.HeaderXContentTypeOptions, "nosniff")
	e.send(ctx, b.B)
	return nil
}

// fresh keeps an answer out of caches.
func fresh(ctx *fasthttp.RequestCtx) {
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
}

// answerTiming says in the answer how long codecs took, without the network and the
// waiting; took is the last of them.
func (e *exchange) answerTiming(ctx *fasthttp.RequestCtx, took time.Duration) {
	e.coded += took
	e.timing = append(e.timing[:0], "codec;dur="...)
	e.timing = strconv.AppendFloat(e.timing, float64(e.coded)/float64(time.Millisecond), 'f', 3, 64)
	ctx.Response.Header.SetBytesV(fasthttp.HeaderServerTiming, e.timing)
}

// frameLimits is what frames of at most that much content may have.
func (e *exchange) frameLimits(most int) frame.Limits {
	l := &e.limits
	return frame.Limits{Output: int64(most), Window: l.Window, Frames: l.Frames, Blocks: l.Blocks, Dictionary: e.dict.number()}
}

// smallestProblem is the buffer of a small answer.
const smallestProblem = 1 << 10
