package codectest

import (
	"math/bits"
	"math/rand/v2"
	"testing"

	"zstdshop/codecs"
)

// RunBound checks that texts with little to gain, most of them short and none above
// most bytes, stay inside of CompressBound at a level. Run tries few; a bound that was
// worked out by hand wants more.
func RunBound(t *testing.T, codec codecs.Codec, level, most int) {
	t.Helper()
	ctx := open(codec, level, t.Errorf)
	if ctx == nil {
		return
	}
	defer shut(ctx, t.Errorf)
	rnd := rand.New(rand.NewPCG(1, uint64(level)))
	for range 60 {
		text := Sparse(rnd, rnd.IntN(1<<(1+rnd.IntN(bits.Len(uint(most))-1))))
		if _, err := compress(codec, ctx, text); err != nil {
			t.Errorf("level %d, %d bytes: %v", level, len(text), err)
		}
	}
}

// RunLevels checks that levels are used: each finds more in text than the one before.
func RunLevels(t *testing.T, codec codecs.Codec, text []byte, levels ...int) {
	t.Helper()
	last := len(text)
	for _, level := range levels {
		ctx := open(codec, level, t.Errorf)
		if ctx == nil {
			return
		}
		frame, err := compress(codec, ctx, text)
		if err != nil {
			t.Errorf("level %d: %v", level, err)
		}
		if len(frame) >= last {
			t.Errorf("level %d makes %d bytes, the one below %d", level, len(frame), last)
		}
		last = len(frame)
		shut(ctx, t.Errorf)
	}
}

// Sparse is n bytes of noise over a random alphabet with some repetitions.
func Sparse(rnd *rand.Rand, n int) []byte {
	alphabet := 1 + rnd.IntN(256)
	var b []byte
	for len(b) < n {
		for range 1 + rnd.IntN(12) {
			b = append(b, byte(rnd.IntN(alphabet)))
		}
		if repeat := 3 + rnd.IntN(40); repeat < len(b) {
			from := rnd.IntN(len(b) - repeat)
			b = append(b, b[from:from+repeat]...)
		}
	}
	return b[:n]
}
