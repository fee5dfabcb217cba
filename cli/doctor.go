package cli

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness"
	"zstdshop/harness/machine"
)

func (a *app) doctor() *cobra.Command {
	var format string
	var probe duration
	probe.value = 2 * time.Second
	out := output{colors: "auto"}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "examine this machine: what stands in the way of measuring well, and what to do about it",
		Long: `Shows cores, limits, governor, virtual machine, load and noise on one screen, each
with what to do about it. The noise is measured for two seconds.

Exit status: 0 done, whatever was found; 2 wrong usage.`,
		Example: "  zstdshop doctor\n  zstdshop doctor --format json --probe 5s",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != "table" && format != "json" {
				return fmt.Errorf("--format: %w", harness.UnknownName("format", format, []string{"table", "json"}))
			}
			info := machine.Current()
			noise := machine.Probe(cmd.Context(), probe.value)
			if err := cmd.Context().Err(); err != nil {
				return err
			}
			checks := append(machine.Examine(info, noise), codecChecks(a.reg)...)
			if format == "json" {
				enc := json.NewEncoder(a.stdout)
				enc.SetIndent("", "  ")
				return enc.Encode(map[string]any{"machine": info, "noise": noise, "checks": checks})
			}
			return machine.WriteText(a.stdout, info, noise, checks, out.color(a.getenv, a.stdout))
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	cmd.Flags().Var(&probe, "probe", "how long to watch the machine")
	cmd.Flags().StringVar(&out.colors, "color", "auto", "auto, always or never (NO_COLOR is honoured)")
	return cmd
}

// codecChecks tells which codecs this build lacks.
func codecChecks(reg *harness.Registry) []machine.Check {
	var out []machine.Check
	for _, name := range reg.Codecs() {
		codec, err := reg.Codec(name)
		if err != nil {
			continue
		}
		if why := codec.Info().Unavailable; why != "" {
			out = append(out, machine.Check{Name: "codec", State: "warn", Finding: name + " is not in this build", Advice: why})
		}
	}
	return out
}
