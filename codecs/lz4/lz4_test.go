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

// TestBound tries many texts with little to gain.
func TestBound(t *testing.T) {
	for level := 0; level <= 9; level++ {
		codectest.RunBound(t, lz4.New(), level, 128<<10)
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
	codectest.RunLevels(t, lz4.New(), text, 0, 1, 2, 3)
}
