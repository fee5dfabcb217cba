package cli

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"zstdshop/harness"
	"zstdshop/harness/worker"
)

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "show versions of the program, its libraries and formats",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			b := harness.CurrentBuild(a.reg)
			commit := b.Commit
			switch {
			case commit == "":
				commit = "unknown commit"
			case b.Dirty:
				commit += " with changes"
			}
			fmt.Fprintf(a.stdout, "zstdshop %s (%s)\n%s %s/%s, cgo %v\n", b.Version, commit, b.Go, b.OS, b.Arch, b.CGO)
			for _, name := range slices.Sorted(maps.Keys(b.Settings)) {
				fmt.Fprintf(a.stdout, "%s=%s\n", name, b.Settings[name])
			}
			for _, name := range a.reg.Codecs() {
				fmt.Fprintf(a.stdout, "codec %s: %s\n", name, b.Libraries[name])
			}
			fmt.Fprintf(a.stdout, "result %s, worker protocol %d\n", harness.Schema, worker.Version)
			return nil
		},
	}
}
