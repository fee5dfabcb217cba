package datadog_test

import (
	"testing"

	"zstdshop/codecs/codectest"
	"zstdshop/codecs/datadog"
)

func TestCodec(t *testing.T) { codectest.Run(t, datadog.New()) }

// TestWithoutContexts holds in every build, available or not.
func TestWithoutContexts(t *testing.T) {
	codec := datadog.New()
	if !codec.Info().Foreign {
		t.Error("Info().Foreign is false for C code")
	}
	for _, level := range []int{-131072, -5, -1, 1, 3, 19, 22} {
		if got, err := codec.EffectiveLevel(level); got != level || err != nil {
			t.Errorf("EffectiveLevel(%d) = %d, %v; want the level itself", level, got, err)
		}
	}
}
