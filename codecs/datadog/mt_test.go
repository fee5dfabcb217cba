package datadog_test

import (
	"errors"
	"testing"

	"zstdshop/codecs"
	"zstdshop/codecs/codectest"
	"zstdshop/codecs/datadog"
)

func TestMT(t *testing.T) { codectest.Run(t, datadog.NewMT(0)) }

func TestMTPair(t *testing.T) { codectest.RunPair(t, datadog.NewMT(0), datadog.New()) }

// TestMTWithoutContexts holds in every build, available or not.
func TestMTWithoutContexts(t *testing.T) {
	codec := datadog.NewMT(0)
	info := codec.Info()
	if !info.Threads || !info.Foreign || datadog.New().Info().Threads {
		t.Errorf("Threads %v, Foreign %v, Threads of New %v; want true, true, false", info.Threads, info.Foreign, datadog.New().Info().Threads)
	}
	if info.Unavailable != datadog.New().Info().Unavailable {
		t.Errorf("Unavailable is %q; want that of New", info.Unavailable)
	}
	for _, level := range []int{20, 22} {
		if _, err := codec.EffectiveLevel(level); !errors.Is(err, codecs.ErrLevel) {
			t.Errorf("EffectiveLevel(%d): error is %v; want ErrLevel wrapped", level, err)
		}
	}
}

// TestMTHasPlainFramesOnly: streams and dictionaries are the plain codec's.
func TestMTHasPlainFramesOnly(t *testing.T) {
	if _, ok := datadog.NewMT(0).(codecs.Streamer); ok {
		t.Error("NewMT has streams")
	}
	if _, ok := datadog.NewMT(0).(codecs.DictCodec); ok {
		t.Error("NewMT has dictionaries")
	}
}
