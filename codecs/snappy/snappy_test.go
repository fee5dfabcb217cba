package snappy_test

import (
	"testing"

	"zstdshop/codecs/codectest"
	"zstdshop/codecs/snappy"
)

func TestCodec(t *testing.T) { codectest.Run(t, snappy.New()) }
