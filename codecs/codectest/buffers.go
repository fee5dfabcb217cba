package codectest

import (
	"bytes"
	"errors"

	"zstdshop/codecs"
)

// checkCompressBuffer: the frame stands at dst[:0], dst of CompressBound bytes
// is enough, and one of less is refused without touching what lies behind it.
func checkCompressBuffer(codec codecs.Codec, report report) {
	for _, level := range testLevels(codec) {
		ctx := open(codec, level, report)
		if ctx == nil {
			continue
		}
		for _, in := range fewInputs() {
			bound := codec.CompressBound(len(in.data))
			for _, length := range []int{0, min(5, bound), bound} {
				g := newGuarded(bound)
				frame, err := ctx.Compress(g.dst(length), in.data)
				switch {
				case err != nil:
					report("level %d, %s, dst of %d bytes, capacity %d as CompressBound has it: %v", level, in.name, length, bound, err)
				case len(frame) > bound:
					report("level %d, %s: frame of %d bytes, CompressBound is %d", level, in.name, len(frame), bound)
				case !g.begins(frame):
					report("level %d, %s, dst of %d bytes: frame is not at dst[:0]", level, in.name, length)
				}
				if !g.intact() {
					report("level %d, %s: wrote outside of dst, capacity %d", level, in.name, bound)
				}
			}
			if bound == 0 {
				continue
			}
			for _, capacity := range []int{bound - 1, bound / 2, 0} {
				g := newGuarded(capacity)
				if _, err := ctx.Compress(g.dst(0), in.data); !errors.Is(err, codecs.ErrShortBuffer) {
					report("level %d, %s, capacity %d, CompressBound %d: error is %v; want ErrShortBuffer wrapped", level, in.name, capacity, bound, err)
				}
				if !g.intact() {
					report("level %d, %s: wrote outside of dst, capacity %d", level, in.name, capacity)
				}
			}
		}
		shut(ctx, report)
	}
}

// checkDecompressBuffer: the content stands at dst[:0], dst of just its size is
// enough, and one of less is an error, never a larger buffer or half the text.
func checkDecompressBuffer(codec codecs.Codec, report report) {
	ctx := open(codec, usualLevel(codec), report)
	if ctx == nil {
		return
	}
	for _, in := range fewInputs() {
		size := len(in.data)
		frame, err := compress(codec, ctx, in.data)
		if err != nil {
			report("%s: compress: %v", in.name, err)
			continue
		}
		for _, capacity := range []int{size, size + 1, size + 1000} {
			for _, length := range []int{0, min(5, capacity), capacity} {
				g := newGuarded(capacity)
				got, err := ctx.Decompress(g.dst(length), frame)
				switch {
				case err != nil:
					report("%s, dst of %d bytes, capacity %d: %v", in.name, length, capacity, err)
				case !bytes.Equal(got, in.data):
					report("%s, dst of %d bytes, capacity %d: %v", in.name, length, capacity, same(got, in.data))
				case !g.begins(got):
					report("%s, dst of %d bytes, capacity %d: content is not at dst[:0]", in.name, length, capacity)
				}
				if !g.intact() {
					report("%s: wrote outside of dst, capacity %d", in.name, capacity)
				}
			}
		}
		if size == 0 {
			if got, err := ctx.Decompress(nil, frame); err != nil || len(got) != 0 {
				report("%s into nil: %d bytes, %v", in.name, len(got), err)
			}
			continue
		}
		for _, capacity := range []int{size - 1, size / 2, 0} {
			g := newGuarded(capacity)
			if got, err := ctx.Decompress(g.dst(0), frame); err == nil {
				report("%s of %d bytes, capacity %d: %d bytes and no error", in.name, size, capacity, len(got))
			}
			if !g.intact() {
				report("%s: wrote outside of dst, capacity %d", in.name, capacity)
			}
		}
		if got, err := ctx.Decompress(nil, frame); err == nil {
			report("%s of %d bytes into nil: %d bytes and no error", in.name, size, len(got))
		}
	}
	shut(ctx, report)
}

// checkSource: src is only read, also its spare capacity, also where the call
// fails.
func checkSource(codec codecs.Codec, report report) {
	ctx := open(codec, usualLevel(codec), report)
	if ctx == nil {
		return
	}
	for _, in := range fewInputs() {
		frame, err := compress(codec, ctx, in.data)
		if err != nil {
			report("%s: compress: %v", in.name, err)
			continue
		}
		for _, call := range []struct {
			name     string
			do       func(dst, src []byte) ([]byte, error)
			data     []byte
			capacity int
		}{
			{"compress", ctx.Compress, in.data, codec.CompressBound(len(in.data))},
			{"compress into too little", ctx.Compress, in.data, 0},
			{"decompress", ctx.Decompress, frame, len(in.data)},
			{"decompress into too little", ctx.Decompress, frame, len(in.data) / 2},
		} {
			g, src := guardedCopy(call.data)
			call.do(room(call.capacity), src) // other rules judge the result
			if !bytes.Equal(src, call.data) || !g.intact() {
				report("%s, %s: src was written to", in.name, call.name)
			}
		}
	}
	shut(ctx, report)
}
