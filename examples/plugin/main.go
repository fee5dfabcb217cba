// Command zstdshop-plugin is zstdshop with a codec and a runner of its own: all
// commands, formats and the worker processes come from cli.Main, the catalogue
// is this file. It needs no C compiler, because it registers no C codec.
package main

import (
	"context"
	"os"

	"zstdshop/cli"
	"zstdshop/codecs/klauspost"
	"zstdshop/harness"
	"zstdshop/runners"
	"zstdshop/scenarios"

	"example.com/zstdshop-plugin/chunks"
	"example.com/zstdshop-plugin/flatecodec"
)

func main() {
	var reg harness.Registry

	reg.AddCodec("klauspost", klauspost.New())
	reg.AddCodec("flate", flatecodec.New())

	reg.AddRunner("single", runners.Single())
	reg.AddRunner("pool", runners.Pool())
	reg.AddRunner("chunks", chunks.New())

	reg.AddScenario("compress", scenarios.Compress())
	reg.AddScenario("decompress", scenarios.Decompress())

	os.Exit(cli.Main(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr, &reg))
}
