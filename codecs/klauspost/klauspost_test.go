package klauspost

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/klauspost/compress/zstd"

	"zstdshop/codecs"
	"zstdshop/codecs/codectest"
)

func TestCodec(t *testing.T) { codectest.Run(t, New()) }

func TestEffectiveLevel(t *testing.T) {
	for _, c := range []struct{ asked, want int }{
		{-131072, 1}, {-5, 1}, {-1, 1}, {1, 1}, {2, 1},
		{3, 3}, {4, 3}, {5, 3},
		{6, 7}, {7, 7}, {8, 7}, {9, 7},
		{10, 11}, {11, 11}, {12, 11}, {19, 11}, {22, 11},
	} {
		if got, err := New().EffectiveLevel(c.asked); got != c.want || err != nil {
			t.Errorf("EffectiveLevel(%d) = %d, %v; want %d", c.asked, got, err, c.want)
		}
	}
}

// TestLevelIsUsed: a level is the one EffectiveLevel names, not just accepted.
func TestLevelIsUsed(t *testing.T) {
	text := sparse(rand.New(rand.NewPCG(1, 0)), 100<<10)
	for _, level := range []int{-1, 1, 3, 5, 7, 9, 11, 22} {
		effective, err := New().EffectiveLevel(level)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(frame(t, level, text), frame(t, effective, text)) {
			t.Errorf("levels %d and %d, its effective one, make different frames", level, effective)
		}
	}
	for _, c := range [][2]int{{1, 3}, {3, 7}, {7, 11}} {
		if bytes.Equal(frame(t, c[0], text), frame(t, c[1], text)) {
			t.Errorf("levels %d and %d make the same frame", c[0], c[1])
		}
	}
}

// TestNoChecksum: Content_Checksum_flag is bit 2 of the byte after the magic
// number (RFC 8878, 3.1.1.1.1).
func TestNoChecksum(t *testing.T) {
	for _, size := range []int{0, 1, 300, 200 << 10} {
		if descriptor := frame(t, 3, make([]byte, size))[4]; descriptor&(1<<2) != 0 {
			t.Errorf("%d bytes: frame header descriptor %#02x has the checksum flag", size, descriptor)
		}
	}
}

// TestCutFrames: zstd frames end where they say, so each cut is noticed.
func TestCutFrames(t *testing.T) {
	text := sparse(rand.New(rand.NewPCG(2, 0)), 700)
	whole := frame(t, 3, text)
	ctx := newTestContext(t, 3)
	for n := range whole {
		if got, err := ctx.Decompress(make([]byte, 0, len(text)), whole[:n]); err == nil {
			t.Errorf("cut to %d of %d bytes: %d bytes and no error", n, len(whole), len(got))
		}
	}
}

func TestShortBufferIsTold(t *testing.T) {
	text := sparse(rand.New(rand.NewPCG(3, 0)), 700)
	_, err := newTestContext(t, 3).Decompress(make([]byte, 0, 699), frame(t, 3, text))
	if !errors.Is(err, codecs.ErrShortBuffer) {
		t.Errorf("error is %v; want ErrShortBuffer wrapped", err)
	}
}

// TestBoundLeavesRoom: the library neither promises more than CompressBound nor
// has to leave dst for its work.
func TestBoundLeavesRoom(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 0))
	beyond := 0
	for level := zstd.SpeedFastest; level <= zstd.SpeedBestCompression; level++ {
		ctx, err := newContext(level, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{0, 1, 255, 256, 1023, 1024, 64 << 10, 64<<10 + 256, 128 << 10, 1 << 20, 5<<20 + 1, 1<<30 + 7} {
			if promised, bound := ctx.enc.MaxEncodedSize(n), New().CompressBound(n); promised > bound {
				t.Errorf("%v: MaxEncodedSize(%d) = %d, CompressBound %d", level, n, promised, bound)
			}
		}
		inPlace := func(src []byte, capacity int) bool {
			dst := make([]byte, 0, capacity)
			return &ctx.enc.EncodeAll(src, dst)[0] == &dst[:1][0]
		}
		for range 1500 {
			src := sparse(rnd, 1+rnd.IntN(1+rnd.IntN(4000)))
			if !inPlace(src, New().CompressBound(len(src))) {
				t.Errorf("%v: left a dst of CompressBound(%d) bytes", level, len(src))
			}
			if !inPlace(src, ctx.enc.MaxEncodedSize(len(src))) {
				beyond++
			}
		}
	}
	// Or these inputs show nothing, and CompressBound could do with less.
	if beyond == 0 {
		t.Error("no input needs more than MaxEncodedSize")
	}
}

// TestFirstUse: tables and scratch are there before the first call that counts.
// Without them it allocates 0.6 MiB at fastest, 50 at best.
func TestFirstUse(t *testing.T) {
	const limit = 128 << 10
	text := sparse(rand.New(rand.NewPCG(5, 0)), 8<<10)
	out, back := make([]byte, 0, New().CompressBound(len(text))), make([]byte, 0, len(text))
	for _, level := range []int{1, 3, 7, 11} {
		ctx := newTestContext(t, level)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		frame, err := ctx.Compress(out, text)
		if err == nil {
			_, err = ctx.Decompress(back, frame)
		}
		runtime.ReadMemStats(&after)
		if bytes := after.TotalAlloc - before.TotalAlloc; bytes > limit || err != nil {
			t.Errorf("level %d: first calls allocate %d bytes, want at most %d; error %v", level, bytes, limit, err)
		}
	}
}

func TestMoveBack(t *testing.T) {
	dst := make([]byte, 2, 10)
	elsewhere := []byte("frame")
	if got := moveBack(dst, elsewhere); string(got) != "frame" || &got[0] != &dst[0] {
		t.Errorf("frame elsewhere: got %q, in dst: %v", got, &got[0] == &dst[0])
	}
	if got := moveBack(dst, dst[:3]); string(got) != "fra" || &got[0] != &dst[0] {
		t.Errorf("frame in dst: got %q, in dst: %v", got, &got[0] == &dst[0])
	}
}

func newTestContext(t *testing.T, level int) codecs.Context {
	t.Helper()
	ctx, err := New().NewContext(level)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ctx.Close() })
	return ctx
}

func frame(t *testing.T, level int, text []byte) []byte {
	t.Helper()
	b, err := newTestContext(t, level).Compress(make([]byte, 0, New().CompressBound(len(text))), text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sparse is n bytes of noise over a random alphabet with a few short
// repetitions: so little to gain that encoders try and give up.
func sparse(rnd *rand.Rand, n int) []byte {
	alphabet, gap, length := 1+rnd.IntN(256), 1+rnd.IntN(12), 1+rnd.IntN(8)
	var b []byte
	for len(b) < n {
		for range 1 + rnd.IntN(gap) {
			b = append(b, byte(rnd.IntN(alphabet)))
		}
		if repeat := 3 + rnd.IntN(length); repeat < len(b) {
			from := rnd.IntN(len(b) - repeat)
			b = append(b, b[from:from+repeat]...)
		}
	}
	return b[:n]
}
