//go:build cgo

package codectest

import (
	"testing"

	"zstdshop/codecs/datadog"
	"zstdshop/codecs/klauspost"
)

func TestZstdPair(t *testing.T) { RunPair(t, klauspost.New(), datadog.New()) }
