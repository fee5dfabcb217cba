package cli

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"zstdshop/scenarios/corpus"
)

func (a *app) list() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "list the codecs, runners, scenarios and embedded corpora",
		Long: `Lists one entry a line with its kind. A codec that this build cannot run says
why on its line.`,
		Example: "  zstdshop list\n  zstdshop list | grep ^codec",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			for _, name := range a.reg.Codecs() {
				codec, err := a.reg.Codec(name)
				if err != nil {
					return err
				}
				info := codec.Info()
				text := fmt.Sprintf("%s (%s %s)", info.Summary, info.Library, info.Version)
				if info.Levels != nil {
					text += fmt.Sprintf(", levels %d..%d", info.Levels.Min, info.Levels.Max)
				}
				if info.Unavailable != "" {
					text = "unavailable: " + info.Unavailable
				}
				fmt.Fprintf(w, "codec\t%s\t%s\n", name, text)
			}
			for _, name := range a.reg.Runners() {
				runner, err := a.reg.Runner(name)
				if err != nil {
					return err
				}
				fmt.Fprintf(w, "runner\t%s\t%s\n", name, runner.Info().Summary)
			}
			for _, name := range a.reg.Scenarios() {
				scenario, err := a.reg.Scenario(name)
				if err != nil {
					return err
				}
				fmt.Fprintf(w, "scenario\t%s\t%s\n", name, scenario.Info().Summary)
			}
			for _, c := range corpus.List() {
				fmt.Fprintf(w, "corpus\t%s\t%s\n", c.Name, c.Summary)
			}
			return w.Flush()
		},
	}
}
