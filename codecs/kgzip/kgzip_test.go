package kgzip_test

import (
	"math/rand/v2"
	"testing"

	"zstdshop/codecs/codectest"
	"zstdshop/codecs/gzip"
	"zstdshop/codecs/kgzip"
)

func TestCodec(t *testing.T) { codectest.Run(t, kgzip.New()) }

func TestPair(t *testing.T) { codectest.RunPair(t, kgzip.New(), gzip.New()) }

// TestBound tries many texts with little to gain.
func TestBound(t *testing.T) {
	for level := 1; level <= 9; level++ {
		codectest.RunBound(t, kgzip.New(), level, 128<<10)
	}
}

func TestLevelIsUsed(t *testing.T) {
	codectest.RunLevels(t, kgzip.New(), codectest.Sparse(rand.New(rand.NewPCG(2, 0)), 60<<10), 1, 6, 9)
}
