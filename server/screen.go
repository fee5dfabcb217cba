package server

import (
	"bytes"
	"errors"
	"time"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/body"
	"zstdshop/server/internal/frame"
)

// firstBytes is how much of a body is looked at before it is read. Frames that
// are over a limit say so early: in the first header, or in blocks of 4 bytes that
// claim 128 KiB each.
const firstBytes = 4 << 10

// screen refuses frames by the first bytes of a large body, so that who sends
// megabytes that claim gigabytes costs no memory and little time. It refuses
// nothing that decompress would not refuse when it has the whole body; what it
// cannot tell is left to that.
func (e *session) screen(h *fasthttp.RequestHeader) *problem {
	inJSON := e.route.body == decompressBody
	if !inJSON && e.route.body != framesBody {
		return nil
	}
	// A client that asks whether to go on sends nothing before it is told.
	if h.ContentLength() <= smallBody || len(h.Peek(fasthttp.HeaderExpect)) > 0 {
		return nil
	}
	first := e.bodyStart(h)
	if len(first) < firstBytes {
		first = append(bytes.Clone(first), e.peekAhead(firstBytes-len(first))...)
	}
	most := e.server.limits.Raw
	if inJSON {
		first, most = body.FirstBase64(first), e.server.limits.Text
	}
	_, err := frame.Check(first, e.server.frameLimits(most))
	fault, ok := errors.AsType[*frame.Error](err)
	if !ok {
		return nil
	}
	switch fault.Code {
	case frame.CodeEmpty, frame.CodeTruncated, frame.CodeTrailing: // there is more to come
		return nil
	}
	p := frameProblem(err)
	p.close = true
	if inJSON {
		p.fields[0].loc = []string{"body", "b64"}
	}
	return p
}

// bodyStart is what fasthttp has read of the body already: it is in what the
// connection has read last, behind the header fields. Where these are not to be
// found there, or twice, it is nothing. It is gone with the next Read.
func (e *session) bodyStart(h *fasthttp.RequestHeader) []byte {
	fields := h.RawHeaders()
	at := bytes.Index(e.last, fields)
	if len(fields) == 0 || at < 0 || bytes.LastIndex(e.last, fields) != at {
		return nil
	}
	return e.last[at+len(fields):]
}

// peekAhead returns at most n bytes that the client has sent and nobody has read,
// without reading them. It waits for the first as long as one waits for a body.
func (e *session) peekAhead(n int) []byte {
	if e.SetReadDeadline(time.Now().Add(e.server.limits.BodyTime)) != nil {
		return nil
	}
	return peekAhead(e.Conn, make([]byte, n))
}
