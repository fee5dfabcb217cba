package server

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/valyala/fasthttp"

	"zstdshop/codecs"
	"zstdshop/harness/result"
	"zstdshop/server/internal/frame"
	"zstdshop/server/internal/memory"
)

// shop compresses and decompresses for requests.
type shop struct {
	*resources
	codecs        codecSet
	compressors   chooser
	decompressors chooser
	contexts      contextPool
	dicts         dictionaries
	turns         *turns
	sites         *sites
}

// chooseCodecs settles which codec serves a request that names none.
func (s *shop) chooseCodecs(opts *Options) error {
	usable := s.codecs.usable
	if opts.Codec != "" {
		b, err := s.codecs.pick(opts.Codec)
		if err != nil {
			return fmt.Errorf("%w: codec %q: %w", ErrOptions, opts.Codec, err)
		}
		only := []result.Choice{{From: 0, Codec: b.name}}
		s.compressors, s.decompressors = resolve(only, usable), resolve(only, usable)
		return nil
	}
	s.compressors, s.decompressors = resolve(opts.Tuned.Compress, usable), resolve(opts.Tuned.Decompress, usable)
	return nil
}

// compress compresses text at level with b and calls use with the frame, which
// carries its checksum, behind the header that e's dictionary wants. Its buffer is gone when use returns, unless use has made
// it e's answer. Requests wait here for their turn.
func (s *shop) compress(e *exchange, ctx *fasthttp.RequestCtx, text []byte, level int, b *backend, use func(frame *memory.Buffer) *problem) *problem {
	if p := s.tooExpensive(len(text), e.dict.size(), level); p != nil {
		return p
	}
	if p := s.sites.check(e.trusted, &ctx.Request.Header, priceOf(len(text)+e.dict.size(), level)); p != nil {
		return p
	}
	effective, err := b.codec.EffectiveLevel(level)
	if err != nil {
		return internal(fmt.Errorf("codec %s: %w", b.name, err))
	}
	return s.turns.take(e.Conn, work{b, opCompress, effective, len(text), e.dict}, func() *problem {
		head := e.dict.header()
		out, p := e.borrow(len(head) + b.bound(len(text)))
		if p != nil {
			return p
		}
		defer e.unlessAnswer(out)
		coder, err := s.contexts.take(b, e.dict, level, effective)
		if err != nil {
			return internal(err)
		}
		began := s.now()
		out.B = append(out.B, head...)
		frame, err := compressSealed(coder, out.B[len(head):], text)
		if err != nil {
			// A codec that fails on a text it must take is not to be trusted again.
			_ = coder.Close()
			return internal(fmt.Errorf("codec %s level %d: compress %d bytes: %w", b.name, level, len(text), err))
		}
		out.B = out.B[:len(head)+len(frame)]
		e.answerTiming(ctx, s.now().Sub(began))
		s.contexts.put(b, e.dict, effective, coder)
		s.metrics.coded(b, opCompress, len(text), len(out.B))
		e.dict.used(opCompress)
		return use(out)
	})
}

// decompress decompresses the frames in src and calls use with their content, as
// compress does. most is how large it may be. want is the codec; nil leaves the
// choice to the tuning. Nothing reaches a codec that is not framed well.
func (s *shop) decompress(e *exchange, ctx *fasthttp.RequestCtx, src []byte, most int, want *backend, use func(content *memory.Buffer) *problem) *problem {
	info, err := frame.Check(src, e.frameLimits(most))
	if err != nil {
		return frameProblem(err)
	}
	if p := s.sites.check(e.trusted, &ctx.Request.Header, decodeCost(info.Content)+e.dict.cost()); p != nil {
		return p
	}
	b := want
	if b == nil {
		b = s.decompressors.choose(int(info.Content), e.dict != nil)
	}
	return s.turns.take(e.Conn, work{b, opDecompress, 0, int(info.Content), e.dict}, func() *problem {
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
			detail := "a block does not decode, or the content is not what the checksum says"
			if bytes.HasPrefix(src, []byte(dczMagic)) {
				detail += "; what begins as the coding dcz does needs Content-Encoding: dcz"
			}
			return frameProblem(&frame.Error{Code: frame.CodeCorrupt, Detail: detail})
		}
		e.answerTiming(ctx, s.now().Sub(began))
		s.metrics.coded(b, opDecompress, len(src), len(content))
		e.dict.used(opDecompress)
		out.B = out.B[:len(content)]
		return use(out)
	})
}

// tooExpensive refuses what would take more CPU time than a request may. A dictionary
// counts as so much text.
func (s *shop) tooExpensive(size, dict, level int) *problem {
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

// asked is the codec that a JSON request names in its query; nil where it names
// none.
func (s *shop) asked(e *exchange, ctx *fasthttp.RequestCtx) (*backend, *problem) {
	if len(ctx.URI().QueryString()) == 0 {
		return nil, nil
	}
	q, p := parseQuery(ctx.QueryArgs(), "codec")
	if p != nil {
		return nil, p
	}
	return s.codecNamed(e, q)
}

// codecNamed is the codec that a query names, and that takes the request's dictionary.
func (s *shop) codecNamed(e *exchange, q query) (*backend, *problem) {
	name, ok := q.get("codec")
	if !ok {
		return nil, nil
	}
	b, err := s.codecs.pick(name)
	if err != nil {
		return nil, parameterProblem("codec", "codec", err.Error())
	}
	if e.dict != nil && b.dicts == nil {
		return nil, parameterProblem("codec", "codec", "this codec takes no dictionaries")
	}
	return b, nil
}
