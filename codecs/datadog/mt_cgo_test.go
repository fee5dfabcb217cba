//go:build cgo

package datadog_test

import (
	"bytes"
	"testing"

	"github.com/DataDog/zstd"

	"zstdshop/codecs"
	"zstdshop/codecs/datadog"
)

// TestMTFrame: a frame is the same for any number of threads, has no checksum,
// and is cut into jobs, which a Writer without workers does not do.
func TestMTFrame(t *testing.T) {
	text := words(5 << 20) // jobs at level 1 are 2 MiB
	want := mtFrame(t, datadog.NewMT(0), text)
	for _, threads := range []int{1, 2, 3} {
		if !bytes.Equal(mtFrame(t, datadog.NewMT(threads), text), want) {
			t.Errorf("%d threads make another frame than the default", threads)
		}
	}
	if want[4]&(1<<2) != 0 {
		t.Errorf("frame header descriptor %#02x has the checksum flag", want[4])
	}
	var one bytes.Buffer
	w := zstd.NewWriterLevel(&one, 1)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(one.Bytes(), want) {
		t.Error("a Writer without workers makes the same frame: there are no jobs")
	}
}

func mtFrame(t *testing.T, codec codecs.Codec, text []byte) []byte {
	t.Helper()
	ctx, err := codec.NewContext(1)
	if err != nil {
		t.Fatal(err)
	}
	defer ctx.Close()
	frame, err := ctx.Compress(make([]byte, 0, codec.CompressBound(len(text))), text)
	if err != nil {
		t.Fatal(err)
	}
	return frame
}
