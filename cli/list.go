package cli

import (
	"bytes"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

func (a *app) list() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "list the codecs, runners, scenarios and embedded corpora",
		Long: `Lists one entry a line with its kind. A codec that this build cannot run says
why on its line.

Exit status: 0 done; 2 wrong usage.`,
		Example: "  zstdshop list\n  zstdshop list | grep ^codec",
		Args:    noArguments("write `zstdshop list | grep` for some of it"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var b bytes.Buffer
			w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
			for _, name := range a.reg.Codecs() {
				codec, err := a.reg.Codec(name)
				if err != nil {
					return err
				}
				fmt.Fprintf(w, "codec\t%s\t%s\n", name, describe(codec.Info()))
			}
			entries := func(kind string, described []cobra.Completion) {
				for _, d := range described { // "name\tsummary", as the shell gets them
					if !strings.Contains(d, "\t") {
						d += "\t"
					}
					fmt.Fprintf(w, "%s\t%s\n", kind, d)
				}
			}
			entries("runner", runnerNames(a.reg))
			entries("scenario", scenarioNames(a.reg))
			entries("corpus", corpusNames())
			if err := w.Flush(); err != nil {
				return err
			}
			_, err := a.stdout.Write(b.Bytes())
			return err
		},
	}
}
