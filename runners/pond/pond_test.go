package pond_test

import (
	"testing"

	"zstdshop/runners/pond"
	"zstdshop/runners/runnertest"
)

func TestConformance(t *testing.T) { runnertest.Run(t, pond.New()) }

func BenchmarkOverhead(b *testing.B) { runnertest.Overhead(b, "pond", pond.New()) }
