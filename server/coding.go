package server

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/valyala/fasthttp"

	"zstdshop/codecs"
	"zstdshop/server/internal/frame"
	"zstdshop/server/internal/memory"
	"zstdshop/server/internal/socket"
)

// sealedBound is the capacity that compressing n bytes with c takes.
func sealedBound(c codecs.Codec) func(int) int {
	return func(n int) int { return c.CompressBound(n) + frame.ChecksumSize }
}

// level is a zstd level as asked for: 0 and none at all are the default.
const defaultLevel = 3

// The range that the API promises, whichever codec serves.
const minLevel, maxLevel = -1 << 17, 22

// compress compresses text at level with b and calls use with the frame, which
// carries its checksum. Its buffer is gone when use returns, unless use has made
// it e's answer. Requests wait here for their turn.
func (e *session) compress(ctx *fasthttp.RequestCtx, text []byte, level int, b *backend, use func(frame *memory.Buffer) *problem) *problem {
	s := e.server
	if p := s.tooExpensive(len(text), e.dict.size(), level); p != nil {
		return p
	}
	if p := e.checkSite(&ctx.Request.Header, priceOf(len(text)+e.dict.size(), level)); p != nil {
		return p
	}
	effective, err := b.codec.EffectiveLevel(level)
	if err != nil {
		return internal(fmt.Errorf("codec %s: %w", b.name, err))
	}
	return e.inTurn(work{b, opCompress, effective, len(text), e.dict}, func() *problem {
		out, p := e.borrow(b.bound(len(text)))
		if p != nil {
			return p
		}
		defer e.unlessAnswer(out)
		coder, err := s.contexts.take(b, e.dict, level, effective)
		if err != nil {
			return internal(err)
		}
		began := s.now()
		if out.B, err = compressSealed(coder, out.B, text); err != nil {
			// A codec that fails on a text it must take is not to be trusted again.
			_ = coder.Close()
			return internal(fmt.Errorf("codec %s level %d: compress %d bytes: %w", b.name, level, len(text), err))
		}
		e.answerTiming(ctx, s.now().Sub(began))
		s.contexts.put(b, e.dict, effective, coder)
		s.metrics.coded(b, opCompress, len(text), len(out.B))
		e.dict.used(opCompress)
		return use(out)
	})
}

// inTurn does w, by calling do, when it is its turn. What w takes is measured.
func (e *session) inTurn(w work, do func() *problem) *problem {
	s := e.server
	s.begun.Add(1)
	waited, err := s.codings.Enter(1, s.prices.estimate(w))
	if err != nil {
		return s.busy()
	}
	defer s.codings.Leave(1)
	if waited && socket.Peek(e.Conn).Gone {
		s.metrics.refused(refusedGone)
		return clientGone()
	}
	began := s.now()
	p := do()
	if p == nil { // what fails is over sooner
		s.prices.observe(w, s.now().Sub(began))
	}
	return p
}

// answerTiming says in the answer how long the codec took, without the network and the
// waiting.
func (e *session) answerTiming(ctx *fasthttp.RequestCtx, took time.Duration) {
	e.timing = append(e.timing[:0], "codec;dur="...)
	e.timing = strconv.AppendFloat(e.timing, float64(took)/float64(time.Millisecond), 'f', 3, 64)
	ctx.Response.Header.SetBytesV(fasthttp.HeaderServerTiming, e.timing)
}

// clientGone is the answer that nobody will read.
func clientGone() *problem {
	return &problem{status: fasthttp.StatusServiceUnavailable, code: "client_gone", detail: "the client has left", close: true}
}

// unlessAnswer gives b back if it has not become the answer.
func (e *session) unlessAnswer(b *memory.Buffer) {
	if e.hold.Out != b {
		e.hold.GiveBack(b)
	}
}

func compressSealed(ctx codecs.Context, dst, text []byte) ([]byte, error) {
	made, err := ctx.Compress(dst, text)
	if err != nil {
		return nil, err
	}
	return frame.Seal(made, text)
}

// decompress decompresses the frames in src and calls use with their content, as
// compress does. most is how large it may be. want is the codec; nil leaves the
// choice to the tuning. Nothing reaches a codec that is not framed well.
func (e *session) decompress(ctx *fasthttp.RequestCtx, src []byte, most int, want *backend, use func(content *memory.Buffer) *problem) *problem {
	s := e.server
	info, err := frame.Check(src, e.frameLimits(most))
	if err != nil {
		return frameProblem(err)
	}
	if p := e.checkSite(&ctx.Request.Header, decodeCost(info.Content)+e.dict.cost()); p != nil {
		return p
	}
	b := want
	if b == nil {
		b = s.choose(s.decompressors, int(info.Content), e.dict)
	}
	return e.inTurn(work{b, opDecompress, 0, int(info.Content), e.dict}, func() *problem {
		out, p := e.borrow(int(info.Content))
		if p != nil {
			return p
		}
		defer e.unlessAnswer(out)
		coder, err := s.contexts.take(b, e.dict, defaultLevel, defaultLevel)
		if err != nil {
			return internal(err)
		}
		defer s.contexts.put(b, e.dict, defaultLevel, coder)
		// The capacity is the limit a codec keeps to.
		began := s.now()
		content, err := coder.Decompress(out.B[:0:max(info.Content, 1)], src)
		switch {
		case errors.Is(err, codecs.ErrShortBuffer) && !info.Exact && info.Content == int64(most): // the limit cut it, not a broken block
			return frameProblem(&frame.Error{Code: frame.CodeTooLarge, Detail: fmt.Sprintf("more than %d bytes of content", most)})
		case err != nil, int64(len(content)) > info.Content, info.Exact && int64(len(content)) != info.Content:
			return frameProblem(&frame.Error{Code: frame.CodeCorrupt, Detail: "a block does not decode, or the content is not what the checksum says"})
		}
		e.answerTiming(ctx, s.now().Sub(began))
		s.metrics.coded(b, opDecompress, len(src), len(content))
		e.dict.used(opDecompress)
		out.B = out.B[:len(content)]
		return use(out)
	})
}

// frameLimits is what frames of at most that much content may have.
func (e *session) frameLimits(most int) frame.Limits {
	l := &e.server.limits
	return frame.Limits{Output: int64(most), Window: l.Window, Frames: l.Frames, Blocks: l.Blocks, Dictionary: e.dict.number()}
}

// tooExpensive refuses what would take more CPU time than a request may. A dictionary
// counts as so much text.
func (s *Server) tooExpensive(size, dict, level int) *problem {
	if priceOf(size+dict, level) <= s.limits.Cost {
		return nil
	}
	what := strconv.Itoa(size) + " bytes"
	if dict > 0 {
		what += fmt.Sprintf(" and a dictionary of %d", dict)
	}
	return &problem{status: fasthttp.StatusUnprocessableEntity, code: "too_expensive",
		detail: fmt.Sprintf("%s at level %d would take more than %v of CPU time: at this level %d bytes are the most",
			what, level, s.limits.Cost, affordable(s.limits.Cost, level)),
		fields: []fieldError{{loc: []string{"body", "level"}, kind: "too_expensive", msg: "lower the level or send less", offset: -1}}}
}

// busy is the answer while the queue is full.
func (s *Server) busy() *problem {
	s.metrics.refused(refusedBusy)
	return &problem{status: fasthttp.StatusServiceUnavailable, code: "busy",
		detail: "too many requests are waiting: come again", retry: s.codings.Wait()}
}

// internal is the answer to what must not happen; the reason is for the log.
func internal(err error) *problem {
	return &problem{status: fasthttp.StatusInternalServerError, code: "internal", detail: "the server failed; it has logged why", cause: err}
}

// frameProblem turns what is wrong with frames into an answer.
func frameProblem(err error) *problem {
	e, ok := errors.AsType[*frame.Error](err)
	if !ok {
		return internal(err)
	}
	p := &problem{status: fasthttp.StatusUnprocessableEntity, code: e.Code, detail: "not a zstd frame that can be taken: " + e.Detail}
	switch e.Code {
	case frame.CodeTooLarge, frame.CodeFrames, frame.CodeBlocks:
		p.status = fasthttp.StatusRequestEntityTooLarge
	}
	p.fields = []fieldError{{loc: []string{"body"}, kind: e.Code, msg: e.Detail, offset: e.Offset}}
	return p
}
