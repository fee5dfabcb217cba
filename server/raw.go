package server

import (
	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/memory"
)

// compressRaw is POST /v1/compress: bytes in, a frame out. Who would rather have the bytes
// in the coding dcz gets them so.
func (s *shop) compressRaw(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	q, p := parseQuery(ctx.QueryArgs(), "codec", "level")
	if p != nil {
		return p
	}
	level, p := q.integer("level", defaultLevel)
	if p != nil {
		return p
	}
	if level == 0 {
		level = defaultLevel
	}
	if p := checkLevel(level, "query"); p != nil {
		return p
	}
	b, p := s.codecNamed(e, q)
	if p != nil {
		return p
	}
	text := ctx.Request.Body()
	coded := s.negotiateDCZ(e, ctx)
	if coded != nil && e.dict == nil && level <= dczLevel && (b == nil || b.dicts != nil) {
		e.dict = coded
	} else {
		coded = nil
	}
	if b == nil {
		b = s.compressors.choose(len(text), e.dict != nil)
	}
	return s.compress(e, ctx, text, int(level), b, func(made *memory.Buffer) *problem {
		if coded != nil {
			return e.sendDCZ(ctx, made)
		}
		return e.sendBuffer(ctx, made, zstdType)
	})
}

// decompressRaw is POST /v1/decompress: frames in, their content out, in the coding dcz
// for who can take that.
func (s *shop) decompressRaw(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	q, p := parseQuery(ctx.QueryArgs(), "codec")
	if p != nil {
		return p
	}
	b, p := s.codecNamed(e, q)
	if p != nil {
		return p
	}
	src := ctx.Request.Body()
	if isDCZ(&ctx.Request.Header) {
		if p := s.openDCZ(e, src); p != nil {
			return p
		}
	}
	coded := s.negotiateDCZ(e, ctx)
	p = s.decompress(e, ctx, src, s.limits.Raw, b, func(content *memory.Buffer) *problem {
		return e.sendBuffer(ctx, content, bytesType)
	})
	if p != nil || coded == nil {
		return p
	}
	return s.codeAnswer(e, ctx, coded)
}
