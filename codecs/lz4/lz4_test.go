package lz4_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"zstdshop/codecs"
	"zstdshop/codecs/codectest"
	"zstdshop/codecs/lz4"
)

func TestCodec(t *testing.T) { codectest.Run(t, lz4.New()) }

// TestBound: texts with little to gain, of many sizes, stay inside of it.
func TestBound(t *testing.T) {
	codec := lz4.New()
	rnd := rand.New(rand.NewPCG(1, 0))
	for level := 0; level <= 9; level++ {
		ctx := open(t, level)
		for range 60 {
			n := rnd.IntN(1 << (1 + rnd.IntN(17)))
			text := sparse(rnd, n)
			if _, err := ctx.Compress(make([]byte, 0, codec.CompressBound(n)), text); err != nil {
				t.Errorf("level %d, %d bytes: %v", level, n, err)
			}
		}
	}
}

// TestReadFillsItsBuffer: the library's Read asks for more although it has
// something to return. Where it does not any more, docs/codecs.md is out of date.
func TestReadFillsItsBuffer(t *testing.T) {
	var wire bytes.Buffer
	s := lz4.New().(codecs.Streamer)
	w, err := s.NewWriter(&wire, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, written := w.Write([]byte("hello"))
	if err := errors.Join(written, w.Flush()); err != nil {
		t.Fatal(err)
	}
	dry := errors.New("nothing more has been written yet")
	r, err := s.NewReader(io.MultiReader(&wire, iotest.ErrReader(dry)))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := r.Read(make([]byte, 100)); n != 5 || !errors.Is(err, dry) {
		t.Errorf("Read returns %d bytes, %v; want 5 and the error of asking for more", n, err)
	}
}

// TestLevelIsUsed: each of these finds more than the one before in a text with
// many places to look at.
func TestLevelIsUsed(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 0))
	var text []byte
	for len(text) < 60<<10 {
		text = append(text, "block frame level token match depth "[6*rnd.IntN(6):][:6]...)
		text = append(text, byte('a'+rnd.IntN(26)))
	}
	last := len(text)
	for _, level := range []int{0, 1, 2, 3} {
		frame, err := open(t, level).Compress(make([]byte, 0, lz4.New().CompressBound(len(text))), text)
		if err != nil {
			t.Fatal(err)
		}
		if len(frame) >= last {
			t.Errorf("level %d makes %d bytes, the one below %d", level, len(frame), last)
		}
		last = len(frame)
	}
}

func open(t *testing.T, level int) codecs.Context {
	t.Helper()
	ctx, err := lz4.New().NewContext(level)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ctx.Close() })
	return ctx
}

// sparse is n bytes of noise over a random alphabet with some repetitions.
func sparse(rnd *rand.Rand, n int) []byte {
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
