package server

import (
	"strconv"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/body"
	"zstdshop/server/internal/memory"
)

// compressJSON is POST /compress.
func (s *shop) compressJSON(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	b, p := s.asked(e, ctx)
	if p != nil {
		return p
	}
	var text []byte
	var level int
	var given bool
	var err error
	in := ctx.Request.Body()
	s.lane.While(in, func() { text, level, given, err = body.Compress(in, s.limits.Text) })
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
		b = s.compressors.choose(len(text), e.dict != nil)
	}
	return s.compress(e, ctx, text, level, b, func(made *memory.Buffer) *problem {
		frame := made.B
		var p *problem
		if e.hold.Out, p = e.borrow(base64Size(len(frame)) + jsonAround); p != nil {
			return p
		}
		out := append(e.hold.Out.B, `{"bytes_in":`...)
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
		return nil
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
func (s *shop) decompressJSON(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	b, p := s.asked(e, ctx)
	if p != nil {
		return p
	}
	var frames []byte
	var err error
	in := ctx.Request.Body()
	s.lane.While(in, func() {
		var b64 []byte
		if b64, err = body.Decompress(in); err == nil {
			frames, err = body.DecodeBase64(b64[:0], b64)
		}
	})
	if err != nil {
		return bodyProblem(err)
	}
	p = s.decompress(e, ctx, frames, s.limits.Text, b, func(content *memory.Buffer) *problem { return s.sendText(e, ctx, content.B) })
	if p != nil && len(p.fields) == 1 && p.fields[0].loc[0] == "body" {
		p.inField("b64")
	}
	return p
}

// sendText answers with text in JSON. Prose fits the first buffer; of what does not,
// the rest is counted, so that there is a second buffer of the right size or none.
func (s *shop) sendText(e *exchange, ctx *fasthttp.RequestCtx, text []byte) *problem {
	valid := body.ValidUTF8(text)
	var p *problem
	if e.hold.Out, p = e.borrow(len(text) + len(text)/8 + jsonAround); p != nil {
		return p
	}
	const head, tail = `{"text":"`, `","lossy":true}`
	out := append(e.hold.Out.B, head...)
	fitted, rest := body.AppendFitting(out[:len(out):cap(out)-len(tail)], text, valid)
	out = out[:len(fitted)] // with all of the buffer's capacity, or it would not be lent again
	if len(rest) > 0 {
		s.lane.While(rest, func() {
			var larger *memory.Buffer
			if larger, p = e.borrow(len(out) + body.ContentSize(rest, valid) + len(tail)); p == nil {
				out, _ = body.AppendFitting(append(larger.B, out...), rest, valid)
				e.hold.GiveBack(e.hold.Out)
				e.hold.Out = larger
			}
		})
		if p != nil {
			return p
		}
	}
	if valid {
		out = append(out, `"}`...)
	} else {
		out = append(out, tail...)
	}
	ctx.Response.Header.SetContentType(jsonType)
	e.send(ctx, out)
	return nil
}
