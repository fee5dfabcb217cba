package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"zstdshop/harness/measure"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

func (a *app) version() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "show versions of the program, its libraries and formats",
		Long: `Shows the versions of the program, of Go and of every codec's library, the build
settings that change how fast it is, and the formats it writes. --json writes one
object: what results say of their build, and the members result and protocol.

Exit status: 0 done; 2 wrong usage.`,
		Example: "  zstdshop version\n  zstdshop version --json",
		Args:    noArguments(""),
		RunE:    func(*cobra.Command, []string) error { return a.printVersion(asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "for programs")
	return cmd
}

// versions is what version writes in JSON.
type versions struct {
	result.Build
	Result   string `json:"result"`   // the schema of results
	Protocol int    `json:"protocol"` // of workers
}

func (a *app) printVersion(asJSON bool) error {
	now := versions{measure.CurrentBuild(a.reg, a.reg.Codecs()), result.Schema, worker.Version}
	if asJSON {
		return writeJSON(a.stdout, now)
	}
	_, err := io.WriteString(a.stdout, now.text(a.reg.Codecs()))
	return err
}

// text is what people read, with the libraries in the order of the codecs given.
func (v versions) text(codecs []string) string {
	commit := v.Commit
	switch {
	case commit == "":
		commit = "unknown commit"
	case v.Dirty:
		commit += " with changes"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "zstdshop %s (%s)\n%s %s/%s, cgo %v\n", v.Version, commit, v.Go, v.OS, v.Arch, v.CGO)
	for _, name := range slices.Sorted(maps.Keys(v.Settings)) {
		fmt.Fprintf(&b, "%s=%s\n", name, v.Settings[name])
	}
	for _, name := range codecs {
		fmt.Fprintf(&b, "codec %s: %s\n", name, v.Libraries[name])
	}
	fmt.Fprintf(&b, "result %s, worker protocol %d\n", v.Result, v.Protocol)
	return b.String()
}
