// Command zstdshop says which compression codec and which concurrency model to
// use, measured on the machine and the data at hand.
//
// This file is the catalogue: one line for every codec, runner and scenario.
// A program of your own with other entries is the same few lines
// (examples/plugin).
package main

import (
	"context"
	"os"

	"zstdshop/cli"
	"zstdshop/codecs/brotli"
	"zstdshop/codecs/datadog"
	"zstdshop/codecs/gzip"
	"zstdshop/codecs/kgzip"
	"zstdshop/codecs/klauspost"
	"zstdshop/codecs/lz4"
	"zstdshop/codecs/memcpy"
	"zstdshop/codecs/s2"
	"zstdshop/codecs/snappy"
	"zstdshop/harness"
	"zstdshop/runners"
	"zstdshop/runners/ants"
	"zstdshop/runners/conc"
	"zstdshop/runners/errgroup"
	"zstdshop/runners/pond"
	"zstdshop/runners/workerpool"
	"zstdshop/scenarios"
	"zstdshop/server/load"
)

func main() {
	os.Exit(cli.Main(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr, registry()))
}

func registry() *harness.Registry {
	reg := new(harness.Registry)

	reg.AddCodec("klauspost", klauspost.New())
	reg.AddCodec("datadog", datadog.New())
	reg.AddCodec("memcpy", memcpy.New())
	reg.AddCodec("klauspost-mt", klauspost.NewMT(0))
	reg.AddCodec("datadog-mt", datadog.NewMT(0))
	reg.AddCodec("s2", s2.New())
	reg.AddCodec("snappy", snappy.New())
	reg.AddCodec("lz4", lz4.New())
	reg.AddCodec("gzip", gzip.New())
	reg.AddCodec("kgzip", kgzip.New())
	reg.AddCodec("brotli", brotli.New())

	reg.AddRunner("single", runners.Single())
	reg.AddRunner("pool", runners.Pool())
	reg.AddRunner("gomaxprocs1", runners.GOMAXPROCS1())
	reg.AddRunner("pinned", runners.Pinned())
	reg.AddRunner("gil", runners.GIL())
	reg.AddRunner("gil-release", runners.GILRelease())
	reg.AddRunner("procs", runners.Procs())
	reg.AddRunner("atomic", runners.Atomic())
	reg.AddRunner("sharded", runners.Sharded())
	reg.AddRunner("stealing", runners.Stealing())
	reg.AddRunner("pipeline", runners.Pipeline())
	reg.AddRunner("osthread", runners.OSThread())
	reg.AddRunner("spawn", runners.Spawn())
	reg.AddRunner("semaphore", runners.Semaphore())
	reg.AddRunner("errgroup", errgroup.New())
	reg.AddRunner("ants", ants.New())
	reg.AddRunner("pond", pond.New())
	reg.AddRunner("workerpool", workerpool.New())
	reg.AddRunner("conc", conc.New())

	reg.AddScenario("compress", scenarios.Compress())
	reg.AddScenario("compressnew", scenarios.CompressNew())
	reg.AddScenario("decompress", scenarios.Decompress())
	reg.AddScenario("roundtrip", scenarios.RoundTrip())
	reg.AddScenario("cpuburn", scenarios.CPUBurn())
	reg.AddScenario("randmul", scenarios.RandMul())
	reg.AddScenario("blocking", scenarios.Blocking())
	reg.AddScenario("skewed", scenarios.Skewed())
	reg.AddScenario("burst", scenarios.Burst())
	reg.AddScenario("stream-compress", scenarios.StreamCompress())
	reg.AddScenario("stream-decompress", scenarios.StreamDecompress())
	reg.AddScenario("stream-flush", scenarios.StreamFlush())
	reg.AddScenario("shop", load.New())

	return reg
}
