package server

import (
	"strconv"
	"unicode/utf8"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/body"
)

// compressJSON is POST /compress.
func (s *Server) compressJSON(e *session, ctx *fasthttp.RequestCtx) *problem {
	if s.codings.full() {
		return s.busy() // before reading the JSON costs anything
	}
	b, p := s.asked(ctx)
	if p != nil {
		return p
	}
	text, level, given, err := body.Compress(ctx.Request.Body(), s.limits.Text)
	if err != nil {
		return bodyProblem(err)
	}
	if !given || level == 0 {
		level = defaultLevel
	}
	if p := checkLevel(int64(level), "body"); p != nil {
		return p
	}
	if b == nil {
		b = s.compressors.choose(len(text))
	}
	if p := e.reserve(base64Size(b.bound(len(text))) + jsonAround); p != nil {
		return p
	}
	return e.compress(text, level, b, func(made *buffer) {
		frame := made.b
		e.out = s.buffers.borrow(base64Size(len(frame)) + jsonAround)
		out := append(e.out.b, `{"bytes_in":`...)
		out = strconv.AppendInt(out, int64(len(text)), 10)
		out = append(out, `,"bytes_out":`...)
		out = strconv.AppendInt(out, int64(len(frame)), 10)
		out = append(out, `,"ratio":`...)
		out = appendRatio(out, len(text), len(frame))
		out = append(out, `,"b64":"`...)
		out = body.AppendBase64(out, frame)
		out = append(out, `"}`...)
		ctx.Response.Header.SetContentType(jsonType)
		e.send(ctx, out)
	})
}

// jsonAround is more than the fields around b64 or text take.
const jsonAround = 256

func base64Size(n int) int { return (n + 2) / 3 * 4 }

// appendRatio is the shop's own ratio, compressed over uncompressed, rounded to
// 4 decimals as Python's round does and written as Python writes a float; 0.0
// for an empty text.
func appendRatio(dst []byte, in, out int) []byte {
	if in == 0 {
		return append(dst, "0.0"...)
	}
	dst = strconv.AppendFloat(dst, float64(out)/float64(in), 'f', 4, 64)
	for end := len(dst) - 1; dst[end] == '0' && dst[end-1] != '.'; end-- {
		dst = dst[:end]
	}
	return dst
}

// decompressJSON is POST /decompress.
func (s *Server) decompressJSON(e *session, ctx *fasthttp.RequestCtx) *problem {
	if s.codings.full() {
		return s.busy()
	}
	b, p := s.asked(ctx)
	if p != nil {
		return p
	}
	b64, err := body.Decompress(ctx.Request.Body())
	if err != nil {
		return bodyProblem(err)
	}
	frames := s.buffers.borrow(len(b64)/4*3 + 3)
	defer s.buffers.giveBack(frames)
	if frames.b, err = body.DecodeBase64(frames.b, b64); err != nil {
		return bodyProblem(err)
	}
	p = e.decompress(frames.b, s.limits.Text, b, func(content *buffer) *problem {
		text := content.b
		lossy := !utf8.Valid(text)
		size := len(text) + len(text)/8 + jsonAround // an eighth for escapes, as prose has them
		if p := e.reserve(size); p != nil {
			return p
		}
		e.out = s.buffers.borrow(size)
		out := append(e.out.b, `{"text":`...)
		out = body.AppendString(out, text)
		if lossy {
			out = append(out, `,"lossy":true`...)
		}
		out = append(out, '}')
		if p := e.reserve(len(out) - size); p != nil {
			return p
		}
		ctx.Response.Header.SetContentType(jsonType)
		e.send(ctx, out)
		return nil
	})
	if p != nil && len(p.fields) == 1 && p.fields[0].loc[0] == "body" {
		p.fields[0].loc = []string{"body", "b64"}
	}
	return p
}
