package klauspost

import (
	"bytes"
	"testing"

	"github.com/klauspost/compress/zstd"

	"zstdshop/codecs"
)

// TestStreamWindow: it is what the header of a stream says, which has no checksum
// and does not know its size.
func TestStreamWindow(t *testing.T) {
	for _, level := range []int{-5, 1, 3, 7, 11, 22} {
		var out bytes.Buffer
		w, err := codec{}.NewWriter(&out, level)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		var h zstd.Header
		if err := h.Decode(out.Bytes()); err != nil {
			t.Fatal(err)
		}
		want, err := codec{}.StreamWindow(level)
		if err != nil || h.WindowSize != uint64(want) || h.HasCheckSum || h.HasFCS {
			t.Errorf("level %d: StreamWindow %d, %v; the header has %+v", level, want, err, h)
		}
	}
}

// TestMTHasPlainFramesOnly: streams and dictionaries are the plain codec's.
func TestMTHasPlainFramesOnly(t *testing.T) {
	if _, ok := NewMT(0).(codecs.Streamer); ok {
		t.Error("NewMT has streams")
	}
	if _, ok := NewMT(0).(codecs.DictCodec); ok {
		t.Error("NewMT has dictionaries")
	}
}
