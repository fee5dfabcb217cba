package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness"
	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/machine"
)

func (a *app) doctor() *cobra.Command {
	format, colors, probe := "table", "auto", 2*time.Second
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "examine this machine: what stands in the way of measuring well, and what to do about it",
		Long: `Shows cores, limits, governor, virtual machine, load and noise on one screen, each
with what to do about it, and how much of the last run's time was on the clock. The
noise is measured for two seconds.

Exit status: 0 done, whatever was found; 2 wrong usage; 130 interrupted.`,
		Example: "  zstdshop doctor\n  zstdshop doctor --format json --probe 5s",
		Args:    noArguments(""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			info := machine.Current()
			noise := machine.Probe(cmd.Context(), probe)
			if err := cmd.Context().Err(); err != nil {
				return err
			}
			checks := slices.Concat(machine.Examine(info, noise), codecChecks(a.reg), lastRunChecks(a.getenv))
			if format == "json" {
				return writeJSON(a.stdout, map[string]any{"machine": info, "noise": noise, "checks": checks})
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

// fewOnClock is the share of a run's time below which it measured too little of it.
const fewOnClock = 0.25

// lastRunChecks tells where the time of the last run went, if there was one.
func lastRunChecks(getenv func(string) string) []machine.Check {
	state, err := journal.StateDir(getenv)
	if err != nil {
		return nil
	}
	dir, err := journal.LastRun(state)
	if err != nil {
		return nil
	}
	log, err := journal.ReadJournal(dir)
	if err != nil {
		return nil // `report` says what is wrong with it
	}
	spent := analyze.SpentOf(log)
	if spent == nil || log.Elapsed <= 0 {
		return nil
	}
	var finding []string
	for _, p := range spent.Parts()[:2] {
		finding = append(finding, fmt.Sprintf("%.0f %% %s", 100*float64(p.NS)/float64(log.Elapsed), p.What))
	}
	check := machine.Check{Name: "last run", State: machine.StateOK, Finding: strings.Join(finding, ", ")}
	if float64(spent.Slices) < fewOnClock*float64(log.Elapsed) {
		check.State, check.Advice = machine.StateWarn, "fewer cells, or a longer --budget"
	}
	return []machine.Check{check}
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
