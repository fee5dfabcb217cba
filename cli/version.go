package cli

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"zstdshop/harness/measure"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "show versions of the program, its libraries and formats",
		Long: `Shows the versions of the program, of Go and of every codec's library, the build
settings that change how fast it is, and the formats it writes.

Exit status: 0 done; 2 wrong usage.`,
		Example: "  zstdshop version",
		Args:    noArguments(""),
		RunE:    func(*cobra.Command, []string) error { return a.printVersion() },
	}
}

func (a *app) printVersion() error {
	build := measure.CurrentBuild(a.reg, a.reg.Codecs())
	commit := build.Commit
	switch {
	case commit == "":
		commit = "unknown commit"
	case build.Dirty:
		commit += " with changes"
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "zstdshop %s (%s)\n%s %s/%s, cgo %v\n", build.Version, commit, build.Go, build.OS, build.Arch, build.CGO)
	for _, name := range slices.Sorted(maps.Keys(build.Settings)) {
		fmt.Fprintf(&b, "%s=%s\n", name, build.Settings[name])
	}
	for _, name := range a.reg.Codecs() {
		fmt.Fprintf(&b, "codec %s: %s\n", name, build.Libraries[name])
	}
	fmt.Fprintf(&b, "result %s, worker protocol %d\n", result.Schema, worker.Version)
	_, err := a.stdout.Write(b.Bytes())
	return err
}
