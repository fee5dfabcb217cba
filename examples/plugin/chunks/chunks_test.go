package chunks_test

import (
	"testing"

	"zstdshop/runners/runnertest"

	"example.com/zstdshop-plugin/chunks"
)

func TestRunner(t *testing.T) { runnertest.Run(t, chunks.New()) }
