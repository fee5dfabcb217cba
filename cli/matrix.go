package cli

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zstdshop/harness"
	"zstdshop/harness/machine"
	"zstdshop/scenarios/corpus"
)

// matrix is the flags that say what to measure and how.
type matrix struct {
	scenarios, codecs, runners, corpora, blocks []string
	levels                                      []int
	workers                                     []string
	iters                                       []int
	env, cpus                                   []string
	gomaxprocs                                  []int
	reference                                   string
	budget                                      duration
	precision                                   string
	seed                                        uint64
	timeout                                     time.Duration

	args []string // as typed
}

// matrixFlagNames are the flags below, for --resume to refuse.
var matrixFlagNames = []string{"scenario", "codec", "level", "runner", "workers", "corpus", "block", "iters", "env", "cpus",
	"gomaxprocs", "reference", "budget", "precision", "seed", "timeout"}

func (m *matrix) flags(cmd *cobra.Command, a *app) {
	f := cmd.Flags()
	f.StringSliceVar(&m.scenarios, "scenario", present([]string{"compress", "decompress"}, a.reg.Scenarios()), "work to do")
	f.StringSliceVar(&m.codecs, "codec", present([]string{"klauspost", "datadog"}, a.reg.Codecs()), "backends, each with its own level as name@level or with all of --level")
	f.IntSliceVar(&m.levels, "level", []int{1, 3}, "zstd levels for codecs named without one")
	f.StringSliceVar(&m.runners, "runner", present([]string{"single", "pool", "gomaxprocs1"}, a.reg.Runners()), "concurrency models")
	f.StringSliceVar(&m.workers, "workers", []string{"max"}, "workers of a runner; max is the number of usable CPUs")
	f.StringSliceVar(&m.corpora, "corpus", []string{"logs"}, "data: an embedded corpus, a file, a folder, a .zip, or - for stdin")
	f.StringSliceVar(&m.blocks, "block", []string{"64KiB"}, "most bytes of one task, 1KiB..1GiB, or whole for whole files")
	f.IntSliceVar(&m.iters, "iters", nil, "iterations of one task where the scenario has them (cpuburn)")
	f.StringArrayVar(&m.env, "env", nil, "environment of the workers, NAME=value[,value...]; each flag is an axis")
	f.StringArrayVar(&m.cpus, "cpus", nil, "CPUs the workers may run on, such as 0-1,3; each flag is a value of the axis")
	f.IntSliceVar(&m.gomaxprocs, "gomaxprocs", nil, "GOMAXPROCS of the workers (default all CPUs, or what the runner asks for)")
	f.StringVar(&m.reference, "reference", "", "cell that the others are compared with, by name or a part that only it has")
	m.budget.value = 50 * time.Second
	f.Var(&m.budget, "budget", "wall time of the whole command, such as 50s or 2m")
	f.StringVar(&m.precision, "precision", "2%", "95 % half-width at which a cell is precise enough")
	f.Uint64Var(&m.seed, "seed", 0, "order of turns and choice of samples (default random, printed)")
	f.DurationVar(&m.timeout, "timeout", 30*time.Second, "silence after which a worker is taken for hung")

	complete := func(flag string, names []string) {
		cmd.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			return names, cobra.ShellCompDirectiveNoFileComp
		})
	}
	complete("scenario", a.reg.Scenarios())
	complete("codec", a.reg.Codecs())
	complete("runner", a.reg.Runners())
	complete("workers", []string{"max", "1", "2", "4"})
	complete("block", []string{"1KiB", "16KiB", "64KiB", "256KiB", "1MiB", "whole"})
	cmd.RegisterFlagCompletionFunc("corpus", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return embeddedNames(), cobra.ShellCompDirectiveDefault
	})
}

// present keeps of the wanted names those that are registered, or takes all
// there are where none is: a plug-in may have a world of its own.
func present(wanted, registered []string) []string {
	kept := slices.DeleteFunc(slices.Clone(wanted), func(n string) bool { return !slices.Contains(registered, n) })
	if len(kept) == 0 {
		return registered
	}
	return kept
}

func embeddedNames() []string {
	var names []string
	for _, e := range corpus.List() {
		names = append(names, e.Name)
	}
	return names
}

// duration is a flag of a positive time with its unit.
type duration struct{ value time.Duration }

func (d *duration) String() string { return d.value.String() }
func (d *duration) Type() string   { return "duration" }
func (d *duration) Set(s string) error {
	v, err := time.ParseDuration(s)
	if err != nil || v <= 0 {
		return fmt.Errorf("%q is no time above zero with its unit: write 50s or 2m", s)
	}
	d.value = v
	return nil
}

// plan turns the flags into a plan and loads the corpora it names.
func (m *matrix) plan(cmd *cobra.Command, a *app) (harness.Plan, []loaded, error) {
	m.args = typed(cmd)
	p := harness.Plan{
		Scenarios: m.scenarios, Runners: m.runners, Iters: m.iters, GOMAXPROCS: m.gomaxprocs, CPUs: m.cpus,
		Reference: m.reference, Budget: m.budget.value, Seed: m.seed,
	}
	if !cmd.Flags().Changed("seed") {
		p.Seed = uint64(rand.Uint32())
	}
	fail := func(err error) (harness.Plan, []loaded, error) { return harness.Plan{}, nil, err }
	for flag, n := range map[string]int{"scenario": len(m.scenarios), "codec": len(m.codecs), "runner": len(m.runners),
		"workers": len(m.workers), "corpus": len(m.corpora), "block": len(m.blocks)} {
		if n == 0 {
			return fail(fmt.Errorf("--%s is empty: name at least one", flag))
		}
	}
	var err error
	if p.Codecs, err = codecLevels(m.codecs, m.levels); err != nil {
		return fail(err)
	}
	if p.Workers, err = workerCounts(m.workers); err != nil {
		return fail(err)
	}
	if p.Precision, err = percentage(m.precision); err != nil {
		return fail(fmt.Errorf("--precision: %w", err))
	}
	for _, n := range m.iters {
		if n < 1 {
			return fail(fmt.Errorf("--iters %d: want 1 or more", n))
		}
	}
	for _, n := range m.gomaxprocs {
		if n < 1 || n > 4096 {
			return fail(fmt.Errorf("--gomaxprocs %d: want 1..4096", n))
		}
	}
	for _, list := range m.cpus {
		if _, err := harness.ParseCPUs(list); err != nil {
			return fail(fmt.Errorf("--cpus: %w", err))
		}
	}
	if p.Env, err = environments(m.env); err != nil {
		return fail(err)
	}
	for _, b := range m.blocks {
		n, err := corpus.ParseBlock(b)
		if err != nil {
			return fail(fmt.Errorf("--block: %w", err))
		}
		p.Blocks = append(p.Blocks, n)
	}
	if m.timeout <= 0 {
		return fail(fmt.Errorf("--timeout %v: want a time above zero", m.timeout))
	}
	if !changedAny(cmd) {
		p.Extra = ceiling(a.reg, p)
	}
	// Names are looked up before data is loaded: a typing error should not
	// cost reading a large folder.
	p.Corpora = []string{"?"}
	if _, err := p.Cells(a.reg); err != nil {
		return fail(err)
	}
	p.Corpora = nil
	var corpora []loaded
	if slices.ContainsFunc(p.Scenarios, func(s string) bool { sc, err := a.reg.Scenario(s); return err == nil && sc.Info().Corpus }) {
		if corpora, err = load(cmd.Context(), m.corpora, a.stdin); err != nil {
			return fail(fmt.Errorf("--corpus: %w", err))
		}
		for _, c := range corpora {
			p.Corpora = append(p.Corpora, c.name)
		}
	}
	if err := checkReference(p, a.reg); err != nil {
		return fail(err)
	}
	return p, corpora, nil
}

func changedAny(cmd *cobra.Command) bool {
	return slices.ContainsFunc([]string{"scenario", "codec", "level", "runner", "workers", "corpus", "block", "env", "cpus", "gomaxprocs"}, cmd.Flags().Changed)
}

// ceiling is the memcpy cell beside the flagless matrix: what the machine can
// move at all.
func ceiling(reg *harness.Registry, p harness.Plan) []harness.Cell {
	p.Codecs, p.Runners, p.Extra = []harness.CodecLevels{{Codec: "memcpy"}}, present([]string{"single", "pool"}, reg.Runners()), nil
	p.Scenarios, p.Corpora = []string{"compress"}, []string{"logs"}
	cells, err := p.Cells(reg)
	if err != nil {
		return nil // a registry without memcpy has no ceiling
	}
	return cells
}

// checkReference makes sure that --reference names exactly one cell.
func checkReference(p harness.Plan, reg *harness.Registry) error {
	if p.Reference == "" {
		return nil
	}
	cells, err := p.Cells(reg)
	if err != nil {
		return err
	}
	n := 0
	for _, c := range cells {
		if strings.Contains(c.Name(), p.Reference) {
			n++
		}
	}
	if n != 1 {
		return fmt.Errorf("--reference %q fits %d cells: it must fit one; `zstdshop bench --dry-run` lists their names", p.Reference, n)
	}
	return nil
}

// codecLevels reads "klauspost@3,datadog": a codec with its own level, or with
// all of levels. Repeats of a codec add levels to it.
func codecLevels(specs []string, levels []int) ([]harness.CodecLevels, error) {
	var out []harness.CodecLevels
	add := func(name string, levels ...int) {
		at := slices.IndexFunc(out, func(c harness.CodecLevels) bool { return c.Codec == name })
		if at < 0 {
			out = append(out, harness.CodecLevels{Codec: name})
			at = len(out) - 1
		}
		for _, l := range levels {
			if !slices.Contains(out[at].Levels, l) {
				out[at].Levels = append(out[at].Levels, l)
			}
		}
	}
	for _, spec := range specs {
		name, level, own := strings.Cut(spec, "@")
		if !own {
			add(name, levels...)
			continue
		}
		n, err := strconv.Atoi(level)
		if err != nil {
			return nil, fmt.Errorf("--codec %q: the level after @ is no number: write %s@3", spec, name)
		}
		add(name, n)
	}
	return out, nil
}

// maxWorkers bounds --workers: beyond it a typing error is likelier than a plan.
const maxWorkers = 4096

func workerCounts(specs []string) ([]int, error) {
	var out []int
	for _, s := range specs {
		n := machine.Usable(machine.Current())
		if s != "max" {
			var err error
			if n, err = strconv.Atoi(s); err != nil || n < 1 || n > maxWorkers {
				return nil, fmt.Errorf("--workers %q: want max or 1..%d", s, maxWorkers)
			}
		}
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out, nil
}

// percentage reads "2%" or "0.02".
func percentage(s string) (float64, error) {
	digits, percent := strings.CutSuffix(strings.TrimSpace(s), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if percent {
		v /= 100
	}
	if err != nil || !(v > 0 && v < 1) {
		return 0, fmt.Errorf("%q: want a share above 0 and below 100 %%, such as 2%% or 0.02", s)
	}
	return v, nil
}

// environments multiplies "GOGC=100,400" flags into settings joined by ",".
func environments(flags []string) ([]string, error) {
	out := []string{}
	for _, f := range flags {
		name, list, ok := strings.Cut(f, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--env %q: want NAME=value[,value...]", f)
		}
		if name == "GOMAXPROCS" {
			return nil, errors.New("--env GOMAXPROCS: use --gomaxprocs, which is checked against what the runner needs")
		}
		var next []string
		for v := range strings.SplitSeq(list, ",") {
			if len(out) == 0 {
				next = append(next, name+"="+v)
			}
			for _, have := range out {
				next = append(next, have+","+name+"="+v)
			}
		}
		out = next
	}
	return out, nil
}

// typed rebuilds the command line from the flags that were set, for the record.
func typed(cmd *cobra.Command) []string {
	args := []string{cmd.Name()}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		value := strings.Trim(f.Value.String(), "[]")
		if f.Value.Type() == "bool" {
			args = append(args, "--"+f.Name)
			return
		}
		args = append(args, "--"+f.Name, value)
	})
	return args
}
