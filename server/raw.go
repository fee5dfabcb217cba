package server

import (
	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/memory"
)

// compressRaw is POST /v1/compress: bytes in, a frame out.
func (s *Server) compressRaw(e *session, ctx *fasthttp.RequestCtx) *problem {
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
	b, p := e.codecNamed(q)
	if p != nil {
		return p
	}
	text := ctx.Request.Body()
	if b == nil {
		b = s.choose(s.compressors, len(text), e.dict)
	}
	return e.compress(ctx, text, int(level), b, func(frame *memory.Buffer) *problem {
		return e.sendBuffer(ctx, frame, zstdType)
	})
}

// decompressRaw is POST /v1/decompress: frames in, their content out.
func (s *Server) decompressRaw(e *session, ctx *fasthttp.RequestCtx) *problem {
	q, p := parseQuery(ctx.QueryArgs(), "codec")
	if p != nil {
		return p
	}
	b, p := e.codecNamed(q)
	if p != nil {
		return p
	}
	return e.decompress(ctx, ctx.Request.Body(), s.limits.Raw, b, func(content *memory.Buffer) *problem {
		return e.sendBuffer(ctx, content, bytesType)
	})
}

// sendBuffer makes b the answer, and e its owner.
func (e *session) sendBuffer(ctx *fasthttp.RequestCtx, b *memory.Buffer, mediaType string) *problem {
	e.hold.Out = b
	ctx.Response.Header.SetContentType(mediaType)
	// Whatever it holds, no browser is to take it for a page.
	ctx.Response.Header.Set(fasthttp.HeaderXContentTypeOptions, "nosniff")
	e.send(ctx, b.B)
	return nil
}
