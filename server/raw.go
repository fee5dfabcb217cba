package server

import (
	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/memory"
)

// compressRaw is POST /v1/compress: bytes in, a frame out.
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
	if b == nil {
		b = s.compressors.choose(len(text), e.dict != nil)
	}
	return s.compress(e, ctx, text, int(level), b, func(frame *memory.Buffer) *problem {
		return e.sendBuffer(ctx, frame, zstdType)
	})
}

// decompressRaw is POST /v1/decompress: frames in, their content out.
func (s *shop) decompressRaw(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	q, p := parseQuery(ctx.QueryArgs(), "codec")
	if p != nil {
		return p
	}
	b, p := s.codecNamed(e, q)
	if p != nil {
		return p
	}
	return s.decompress(e, ctx, ctx.Request.Body(), s.limits.Raw, b, func(content *memory.Buffer) *problem {
		return e.sendBuffer(ctx, content, bytesType)
	})
}
