package cli

import (
	"encoding/json"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness"
	"zstdshop/harness/machine"
)

func (a *app) doctor() *cobra.Command {
	format, colors, probe := "table", "auto", 2*time.Second
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "examine this machine: what stands in the way of measuring well, and what to do about it",
		Long: `Shows cores, limits, governor, virtual machine, load and noise on one screen, each
with what to do about it. The noise is measured for two seconds.

Exit status: 0 done, whatever was found; 2 wrong usage; 130 interrupted.`,
		Example: "  zstdshop doctor\n  zstdshop doctor --format json --probe 5s",
		Args:    noArguments(""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			info := machine.Current()
			noise := machine.Probe(cmd.Context(), probe)
			if err := cmd.Context().Err(); err != nil {
				return err
			}
			checks := append(machine.Examine(info, noise), codecChecks(a.reg)...)
			if format == "json" {
				enc := json.NewEncoder(a.stdout)
				enc.SetIndent("", "  ")
				return enc.Encode(map[string]any{"machine": info, "noise": noise, "checks": checks})
			}
			return machine.WriteText(a.stdout, info, noise, checks, paint(colors, a.getenv, a.stdout))
		},
	}
	choice(cmd, &format, "format", "format", "name", "table or json", "table", "json")
	cmd.Flags().Var(span(&probe), "probe", "how long to watch the machine")
	suggest(cmd, "probe", "2s", "10s")
	colorFlag(cmd, &colors)
	return cmd
}

// codecChecks tells which codecs this build lacks.
func codecChecks(reg *harness.Registry) []machine.Check {
	var out []machine.Check
	for _, name := range reg.Codecs() {
		if codec, _, _ := reg.Infos(name, "", ""); codec.Unavailable != "" {
			out = append(out, machine.Check{Name: "codec", State: machine.StateWarn, Finding: name + " is not in this build", Advice: codec.Unavailable})
		}
	}
	return out
}
