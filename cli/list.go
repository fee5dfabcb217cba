package cli

import (
	"bytes"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"zstdshop/harness/plan"
)

func (a *app) list() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "list the codecs, runners, scenarios, embedded corpora and ways to cut records",
		Long: `Lists one entry a line with its kind. A codec that this build cannot run says
why on its line.

Exit status: 0 done; 2 wrong usage.`,
		Example: "  zstdshop list\n  zstdshop list | grep ^codec",
		Args:    noArguments("write `zstdshop list | grep` for some of it"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var b bytes.Buffer
			w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
			for _, kind := range []string{"codec", "runner", "scenario", "corpus", "records"} {
				for _, s := range plan.AxisOf(kind).Suggest(a.reg, "") {
					fmt.Fprintf(w, "%s\t%s\t%s\n", kind, s.Text, s.About)
				}
			}
			if err := w.Flush(); err != nil {
				return err
			}
			_, err := a.stdout.Write(b.Bytes())
			return err
		},
	}
}
