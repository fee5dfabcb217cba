//go:build cgo

package datadog_test

import (
	"bytes"
	"errors"
	"testing"

	"zstdshop/codecs"
	"zstdshop/codecs/datadog"
)

// TestStreamWindow: these are the windowLog of libzstd 1.5.7, clevels.h, for
// inputs of unknown size.
func TestStreamWindow(t *testing.T) {
	for level, log := range map[int]int{1: 19, 3: 21, 9: 22, 19: 23, 22: 27} {
		if got, err := datadog.New().(codecs.Streamer).StreamWindow(level); got != 1<<log || err != nil {
			t.Errorf("StreamWindow(%d) = %d, %v; want 1<<%d", level, got, err, log)
		}
	}
}

// TestStreamLevelIsUsed: each of these finds more than the one before.
func TestStreamLevelIsUsed(t *testing.T) {
	text := words(300 << 10)
	last := len(text)
	for _, level := range []int{-5, 1, 3, 9, 19} {
		var out bytes.Buffer
		w, err := datadog.New().(codecs.Streamer).NewWriter(&out, level)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Write(text)
		if err := errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		if out.Len() >= last {
			t.Errorf("level %d makes %d bytes, the one below %d", level, out.Len(), last)
		}
		last = out.Len()
	}
}
