package conc_test

import (
	"testing"

	"zstdshop/runners/conc"
	"zstdshop/runners/runnertest"
)

func TestConformance(t *testing.T) { runnertest.Run(t, conc.New()) }

func BenchmarkOverhead(b *testing.B) { runnertest.Overhead(b, "conc", conc.New()) }
