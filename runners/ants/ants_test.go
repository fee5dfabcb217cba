package ants_test

import (
	"testing"

	"zstdshop/runners/ants"
	"zstdshop/runners/runnertest"
)

func TestConformance(t *testing.T) { runnertest.Run(t, ants.New()) }

func BenchmarkOverhead(b *testing.B) { runnertest.Overhead(b, "ants", ants.New()) }
