package memcpy_test

import (
	"testing"

	"zstdshop/codecs/codectest"
	"zstdshop/codecs/memcpy"
)

func TestCodec(t *testing.T) { codectest.Run(t, memcpy.New()) }
