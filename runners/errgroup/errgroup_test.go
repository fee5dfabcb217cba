package errgroup_test

import (
	"testing"

	"zstdshop/runners/errgroup"
	"zstdshop/runners/runnertest"
)

func TestConformance(t *testing.T) { runnertest.Run(t, errgroup.New()) }

func BenchmarkOverhead(b *testing.B) { runnertest.Overhead(b, "errgroup", errgroup.New()) }
