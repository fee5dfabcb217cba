// Command equals is zstdshop with one codec under ten names, all of which are equally
// fast: whatever it calls faster is wrong. run.sh beside it counts how often that happens.
//
// It is evidence for docs/method.md, no part of the program.
package main

import (
	"context"
	"fmt"
	"os"

	"zstdshop/cli"
	"zstdshop/codecs/klauspost"
	"zstdshop/harness"
	"zstdshop/runners"
	"zstdshop/scenarios"
)

func main() {
	reg := new(harness.Registry)
	for i := range 10 {
		reg.AddCodec(fmt.Sprintf("name%d", i), klauspost.New())
	}
	reg.AddRunner("single", runners.Single())
	reg.AddScenario("compress", scenarios.Compress())
	os.Exit(cli.Main(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr, reg))
}
