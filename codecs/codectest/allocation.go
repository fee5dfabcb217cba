package codectest

import (
	"runtime/metrics"

	"zstdshop/codecs"
)

// checkAllocation: a call on buffers given allocates next to nothing. Go codecs
// may take a little scratch from a pool that a collection emptied, cgo ones a
// word or two, so not zero but a sixteenth of the payload is the limit. No
// buffer and no fresh encoder fits into that. C memory is not seen.
func checkAllocation(codec codecs.Codec, report report) {
	const size = 256 << 10
	const calls, limit = 8, size / 16
	ctx := open(codec, usualLevel(codec), report)
	if ctx == nil {
		return
	}
	text := words(size, 1)
	out, back := room(codec.CompressBound(size)), room(size)
	frame, err := ctx.Compress(out, text)
	if err != nil {
		report("compress: %v", err)
		return
	}
	frame = append([]byte(nil), frame...)
	for _, call := range []struct {
		name string
		do   func() ([]byte, error)
	}{
		{"compress", func() ([]byte, error) { return ctx.Compress(out, text) }},
		{"decompress", func() ([]byte, error) { return ctx.Decompress(back, frame) }},
	} {
		least := ^uint64(0) // of three tries: others allocate, too
		for range 3 {
			bytes := allocated(func() {
				for range calls {
					if _, err = call.do(); err != nil {
						return
					}
				}
			})
			least = min(least, bytes/calls)
		}
		if err != nil {
			report("%s: %v", call.name, err)
		}
		if least > limit {
			report("%s of %d bytes allocates %d bytes a call; want at most %d", call.name, size, least, limit)
		}
	}
	shut(ctx, report)
}

// allocated is about how many bytes of Go memory the program allocated during
// do. Small objects may be counted a little late, large ones are not.
func allocated(do func()) uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	before := sample[0].Value.Uint64()
	do()
	metrics.Read(sample)
	return sample[0].Value.Uint64() - before
}
