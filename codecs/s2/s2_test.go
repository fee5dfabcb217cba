package s2_test

import (
	"math/rand/v2"
	"testing"

	"zstdshop/codecs/codectest"
	"zstdshop/codecs/s2"
)

func TestCodec(t *testing.T) { codectest.Run(t, s2.New()) }

// TestBound tries many texts with little to gain.
func TestBound(t *testing.T) {
	for level := 1; level <= 3; level++ {
		codectest.RunBound(t, s2.New(), level, 128<<10)
	}
}

func TestLevelIsUsed(t *testing.T) {
	codectest.RunLevels(t, s2.New(), codectest.Sparse(rand.New(rand.NewPCG(2, 0)), 60<<10), 1, 2, 3)
}
