package brotli_test

import (
	"math/rand/v2"
	"testing"

	"zstdshop/codecs/brotli"
	"zstdshop/codecs/codectest"
)

func TestCodec(t *testing.T) { codectest.Run(t, brotli.New()) }

// TestBound tries many texts with little to gain.
func TestBound(t *testing.T) {
	for level := 0; level <= 11; level++ {
		most := 128 << 10
		if level >= 10 { // slow
			most >>= 3
		}
		codectest.RunBound(t, brotli.New(), level, most)
	}
}

func TestLevelIsUsed(t *testing.T) {
	codectest.RunLevels(t, brotli.New(), codectest.Sparse(rand.New(rand.NewPCG(2, 0)), 60<<10), 0, 2, 5, 9, 11)
}
