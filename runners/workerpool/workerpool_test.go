package workerpool_test

import (
	"testing"

	"zstdshop/runners/runnertest"
	"zstdshop/runners/workerpool"
)

func TestConformance(t *testing.T) { runnertest.Run(t, workerpool.New()) }

func BenchmarkOverhead(b *testing.B) { runnertest.Overhead(b, "workerpool", workerpool.New()) }
