package codectest

import (
	"runtime"
	"runtime/metrics"

	"zstdshop/codecs"
)

// checkAllocation: a call on buffers given allocates next to nothing, at the
// level of each effort. Go codecs may take a little scratch from a pool that a
// collection emptied, cgo ones a word or two, so not zero but a sixteenth of the
// payload is the limit. No buffer and no fresh encoder fits into that. C memory
// is not seen.
//
// Where the context declares what Compress allocates, that is the limit for
// Compress instead, and it must be true: see checkDeclared.
func checkAllocation(codec codecs.Codec, report report) {
	for _, level := range effortLevels(codec) {
		ctx := open(codec, level, report)
		if ctx == nil {
			continue
		}
		checkCalls(codec, ctx, func(format string, args ...any) {
			report("level %d: "+format, append([]any{level}, args...)...)
		})
		shut(ctx, report)
	}
}

// checkCalls is checkAllocation for one context.
func checkCalls(codec codecs.Codec, ctx codecs.Context, report report) {
	const size = 256 << 10
	const calls, limit = 3, size / 16
	text := words(size, 1)
	out, back := room(codec.CompressBound(size)), room(size)
	frame, err := ctx.Compress(out, text)
	if err != nil {
		report("compress: %v", err)
		return
	}
	frame = append([]byte(nil), frame...)
	declares, mayAllocate := ctx.(codecs.Allocating)
	forCompress := limit
	if mayAllocate {
		forCompress = declares.FrameAllocs(size)
		checkDeclared(ctx, out, text, forCompress, limit, report)
	}
	for _, call := range []struct {
		name  string
		limit int
		do    func() ([]byte, error)
	}{
		{"compress", forCompress, func() ([]byte, error) { return ctx.Compress(out, text) }},
		{"decompress", limit, func() ([]byte, error) { return ctx.Decompress(back, frame) }},
	} {
		least := ^uint64(0)
		for range tries {
			bytes := allocated(func() {
				for range calls {
					if _, err = call.do(); err != nil {
						return
					}
				}
			})
			if least = min(least, bytes/calls); least <= uint64(call.limit) {
				break
			}
		}
		if err != nil {
			report("%s: %v", call.name, err)
		}
		if least > uint64(call.limit) {
			report("%s of %d bytes allocates %d bytes a call; want at most %d", call.name, size, least, call.limit)
		}
	}
}

// checkDeclared compares what a context declares with what Compress allocates
// at worst, with every pool emptied by collections. A declaration that is not
// needed, or four times what happens, would hide a fault to come.
func checkDeclared(ctx codecs.Context, out, text []byte, declared, limit int, report report) {
	var err error
	worst := ^uint64(0) // the least of two tries: others allocate, too
	for range 2 {
		runtime.GC() // fills the pools' victims,
		runtime.GC() // and empties those
		worst = min(worst, allocated(func() { _, err = ctx.Compress(out, text) }))
		if err != nil {
			report("compress: %v", err)
			return
		}
	}
	switch {
	case worst > uint64(declared):
		report("compress of %d bytes allocates %d bytes with pools empty, and declares %d", len(text), worst, declared)
	case worst <= uint64(limit):
		report("compress of %d bytes allocates %d bytes with pools empty: what it declares is not needed", len(text), worst)
	case uint64(declared) > 4*worst:
		report("compress of %d bytes allocates %d bytes with pools empty, and declares %d, more than four times that", len(text), worst, declared)
	}
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

// tries is how often a call may take more than it should before it counts: others allocate
// meanwhile, too.
const tries = 3

// leastAllocated returns the least of what allocated says of do, which is called again where
// it was more than limit.
func leastAllocated(limit uint64, do func()) uint64 {
	least := allocated(do)
	for range tries - 1 {
		if least <= limit {
			break
		}
		least = min(least, allocated(do))
	}
	return least
}
