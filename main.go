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
	"zstdshop/codecs/datadog"
	"zstdshop/codecs/klauspost"
	"zstdshop/codecs/memcpy"
	"zstdshop/harness"
	"zstdshop/runners"
	"zstdshop/scenarios"
	"zstdshop/scenarios/shop"
)

func main() {
	os.Exit(cli.Main(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr, registry()))
}

func registry() *harness.Registry {
	reg := new(harness.Registry)

	reg.AddCodec("klauspost", klauspost.New())
	reg.AddCodec("datadog", datadog.New())
	reg.AddCodec("memcpy", memcpy.New())

	reg.AddRunner("single", runners.Single())
	reg.AddRunner("pool", runners.Pool())
	reg.AddRunner("gomaxprocs1", runners.GOMAXPROCS1())

	reg.AddScenario("compress", scenarios.Compress())
	reg.AddScenario("compressnew", scenarios.CompressNew())
	reg.AddScenario("decompress", scenarios.Decompress())
	reg.AddScenario("roundtrip", scenarios.RoundTrip())
	reg.AddScenario("cpuburn", scenarios.CPUBurn())
	reg.AddScenario("randmul", scenarios.RandMul())
	reg.AddScenario("shop", shop.New())

	return reg
}
