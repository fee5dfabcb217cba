package server

import (
	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/frame"
	"zstdshop/server/internal/memory"
)

// What the raw routes do with bodies and answers in the coding dcz.

// openDCZ gives e the dictionary that a body in the coding begins with.
func (s *shop) openDCZ(e *exchange, src []byte) *problem {
	if e.dict != nil {
		return parameterProblem(dictKey, "dict", "a body in "+dczName+" says itself which dictionary it needs: leave this out")
	}
	known := min(len(src), len(dczMagic))
	switch {
	case len(src) == 0:
		return dczProblem(frame.CodeEmpty, 0, "the body is empty")
	case string(src[:known]) != dczMagic[:known]:
		return dczProblem("not_dcz", 0, "it does not begin with the magic number")
	case len(src) <= dczHeader:
		return dczProblem(frame.CodeTruncated, int64(len(src)), "it ends within the header or right behind it")
	}
	d := s.dicts.digested(src[len(dczMagic):dczHeader])
	if d == nil {
		return dczProblem(frame.CodeDictionary, int64(len(dczMagic)), "no dictionary here has that SHA-256; GET "+dictsPath+" lists those there are")
	}
	e.dict = d
	return nil
}

func dczProblem(code string, offset int64, detail string) *problem {
	return &problem{status: fasthttp.StatusUnprocessableEntity, code: code, detail: "not a body in " + dczName + " that can be taken: " + detail,
		fields: []fieldError{{loc: []string{"body"}, kind: code, msg: detail, offset: offset}}}
}

// negotiateDCZ is the dictionary that a client has and would like the answer coded with;
// nil where there is none. One that is not known here is none: then the answer is what it
// would be without.
func (s *shop) negotiateDCZ(e *exchange, ctx *fasthttp.RequestCtx) *dictionary {
	if len(s.dicts) == 0 {
		return nil
	}
	ctx.Response.Header.Set(fasthttp.HeaderVary, fasthttp.HeaderAcceptEncoding+", "+headerAvailableDictionary)
	h := &ctx.Request.Header
	sum, ok := byteSequence(h.Peek(headerAvailableDictionary))
	// A page of another site must not learn from the size of an answer what it could not
	// read.
	if !ok || !prefersDCZ(h.Peek(fasthttp.HeaderAcceptEncoding)) || !s.sites.fromHere(e.trusted, h) {
		return nil
	}
	return s.dicts.digested(sum)
}

// sendDCZ makes b, which is in the coding, the answer.
func (e *exchange) sendDCZ(ctx *fasthttp.RequestCtx, b *memory.Buffer) *problem {
	ctx.Response.Header.SetContentEncoding(dczName)
	return e.sendBuffer(ctx, b, bytesType)
}

// codeAnswer puts the answer, which is there, into the coding with d, where that makes it
// smaller. Where there is no time or no room for that it stays as it is.
func (s *shop) codeAnswer(e *exchange, ctx *fasthttp.RequestCtx, d *dictionary) *problem {
	plain := e.hold.Out
	e.dict = d
	p := s.compress(e, ctx, plain.B, defaultLevel, s.compressors.choose(len(plain.B), true), func(coded *memory.Buffer) *problem {
		if len(coded.B) >= len(plain.B) {
			return nil
		}
		e.hold.GiveBack(plain)
		return e.sendDCZ(ctx, coded)
	})
	if p != nil && p.cause != nil {
		return p
	}
	return nil
}
