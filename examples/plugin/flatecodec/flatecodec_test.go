package flatecodec_test

import (
	"testing"

	"zstdshop/codecs/codectest"

	"example.com/zstdshop-plugin/flatecodec"
)

func TestCodec(t *testing.T) { codectest.Run(t, flatecodec.New()) }
