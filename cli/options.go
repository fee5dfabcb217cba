package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness"
	"zstdshop/harness/analyze"
	"zstdshop/harness/plan"
)

// options is the flags that say what to measure and how.
type options struct {
	asked, defaults  plan.Matrix
	reference        string
	budget, timeout  time.Duration
	precision, delta float64
	seed             uint64
}

// newOptions are those of no flags.
func newOptions(defaults plan.Matrix) *options {
	return &options{
		asked: plan.Matrix{}, defaults: defaults,
		budget: 50 * time.Second, timeout: 30 * time.Second, precision: 0.02, delta: analyze.DefaultDelta,
	}
}

// flags adds the flags of a matrix and of measuring it.
func (o *options) flags(cmd *cobra.Command, reg *harness.Registry) {
	f := cmd.Flags()
	defaults := o.defaults.Wanted(reg)
	for _, axis := range plan.Axes() {
		add := func(text string) (string, error) { return text, o.asked.Add(reg, axis, text) }
		f.Var(&setting[string]{new(string), axis.Kind, strings.Join(defaults[axis.Name], ","), add}, axis.Name, axis.Help)
		completeAxis(cmd, axis, reg)
	}
	f.StringVar(&o.reference, "reference", "", "`cell` that the others are compared with: its name, or keys of it that no other has")
	f.Var(span(&o.budget), "budget", "wall time of the whole command")
	f.Var(share(&o.precision, "2%"), "precision", "95 % half-width at which a cell is precise enough")
	f.Var(share(&o.delta, fmt.Sprintf("%g%%", 100*o.delta)), "delta", "how far apart cells may be and still count as equivalent")
	o.runFlags(cmd)
	suggest(cmd, "budget", "10s", "50s", "2m", "10m")
	suggest(cmd, "precision", "1%", "2%", "5%")
	suggest(cmd, "reference")
}

// runFlags adds those that every command has that measures cells of the user's.
func (o *options) runFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Var(&setting[uint64]{&o.seed, "number", "", plan.Seed}, "seed", "order of turns and choice of samples (default random, and shown)")
	f.Var(span(&o.timeout), "timeout", "silence after which a worker is taken for hung")
	suggest(cmd, "seed")
	suggest(cmd, "timeout")
}

// plan returns what the flags ask for.
func (o *options) plan(cmd *cobra.Command, a *app) plan.Options {
	p := plan.Options{
		Asked: o.asked, Defaults: o.defaults, Reference: o.reference, BudgetAsked: cmd.Flags().Changed("budget"), Stdin: a.stdin,
		Terms: plan.Terms{Budget: o.budget, Timeout: o.timeout, Precision: o.precision, Delta: o.delta},
	}
	if cmd.Flags().Changed("seed") {
		p.Seed = &o.seed
	}
	if slices.Contains(o.asked["corpus"], "-") && isTerminal(a.stdin) {
		fmt.Fprintln(a.stderr, "zstdshop: reading the corpus from the terminal until its end (Ctrl-D); name a file to measure one")
	}
	return p
}
