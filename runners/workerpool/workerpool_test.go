package workerpool_test

import (
	"testing"

	"zstdshop/runners/workerpool"
	"zstdshop/runners/runnertest"
)

func TestConformance(t *testing.T) { runnertest.Run(t, workerpool.New()) }
