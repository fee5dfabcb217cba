package cli

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zstdshop/harness"
	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
	"zstdshop/scenarios/corpus"
)

// matrix is the flags that say what to measure and how.
type matrix struct {
	scenarios, runners, corpora list[string]
	codecs                      list[codecSpec]
	levels, workers             list[int]
	blocks                      list[int64]
	endpoints                   list[string]
	iters, rates, gomaxprocs    list[int]
	env, cpus                   list[string]
	languages                   list[languageWorker]
	reference                   string
	budget, timeout             duration
	precision, delta            scalar[float64]
	seed                        scalar[uint64]
}

// axes are the flags of which the flagless matrix has none.
var axes = []string{"scenario", "codec", "level", "runner", "workers", "corpus", "block", "endpoint", "rate", "iters", "env", "cpus", "gomaxprocs", "worker"}

// newMatrix is the matrix of no flags.
func newMatrix(reg *harness.Registry) (*matrix, error) {
	m := &matrix{
		scenarios:  list[string]{kind: "names", parse: oneOf("scenario", reg.Scenarios()...)},
		codecs:     list[codecSpec]{kind: "names", parse: codecNamed(reg)},
		levels:     list[int]{kind: "levels", parse: level},
		runners:    list[string]{kind: "names", parse: oneOf("runner", reg.Runners()...)},
		workers:    list[int]{kind: "counts", parse: workerCount, expand: sweep},
		corpora:    list[string]{kind: "names", parse: func(s string) (string, error) { return s, nil }},
		blocks:     list[int64]{kind: "sizes", parse: corpus.ParseBlock},
		endpoints:  list[string]{kind: "names", parse: oneOf("endpoint", endpointNames(reg)...)},
		rates:      list[int]{kind: "counts", parse: atLeastOne(maxRate)},
		iters:      list[int]{kind: "counts", parse: atLeastOne(maxIters)},
		env:        list[string]{kind: "NAME=values", parse: setting, whole: true},
		cpus:       list[string]{kind: "CPUs", parse: cpuList, whole: true},
		languages:  list[languageWorker]{kind: "NAME=COMMAND", parse: languageNamed, whole: true},
		gomaxprocs: list[int]{kind: "counts", parse: atLeastOne(maxWorkers)},
		budget:     duration{50 * time.Second},
		precision:  scalar[float64]{0.02, "2%", "share", share},
		delta:      defaultDelta(),
		seed:       scalar[uint64]{kind: "number", parse: seed},
		timeout:    duration{30 * time.Second},
	}
	err := errors.Join(
		m.scenarios.defaults(present([]string{"compress", "decompress"}, reg.Scenarios())...),
		m.codecs.defaults(present([]string{"klauspost", "datadog"}, reg.Codecs())...),
		m.levels.defaults("1", "3"),
		m.runners.defaults(present([]string{"single", "pool", "gomaxprocs1"}, reg.Runners())...),
		m.workers.defaults("max"),
		m.corpora.defaults("logs"),
		m.blocks.defaults("64KiB"),
	)
	return m, err
}

// defaultDelta is the value of --delta where it is not given.
func defaultDelta() scalar[float64] {
	return scalar[float64]{analyze.DefaultDelta, "2%", "share", share}
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

func (m *matrix) flags(f *pflag.FlagSet) {
	f.Var(&m.scenarios, "scenario", "work to do")
	f.Var(&m.codecs, "codec", "backends, each with its own level as name@level or with all of --level")
	f.Var(&m.levels, "level", "zstd levels for codecs named without one")
	f.Var(&m.runners, "runner", "concurrency models")
	f.Var(&m.workers, "workers", "workers of a runner; max is the number of usable CPUs, 1..8 all of these")
	f.Var(&m.corpora, "corpus", "data: an embedded corpus, a file, a folder, a .zip, or - for standard input")
	f.Var(&m.blocks, "block", "most bytes of one task, 1KiB to 1GiB, or whole for whole files")
	f.Var(&m.endpoints, "endpoint", "where requests go, of a scenario that sends them (shop; default all it has)")
	f.Var(&m.rates, "rate", "tasks planned in a second, whatever they take (default each follows the one before)")
	f.Var(&m.iters, "iters", "iterations of one task where the scenario has them (cpuburn)")
	f.Var(&m.gomaxprocs, "gomaxprocs", "GOMAXPROCS of the workers (default all CPUs, or what the runner asks for)")
	f.Var(&m.env, "env", "environment of the workers, NAME=value[,value...]; each flag is an axis")
	f.Var(&m.cpus, "cpus", "CPUs the workers may run on, such as 0-1,3; each flag is one value")
	f.Var(&m.languages, "worker", "also measure each cell by a worker in another language, such as python=python3 or node=node; each flag is one")
	f.StringVar(&m.reference, "reference", "", "`cell` that the others are compared with: its name, or keys of it that no other has")
	f.Var(&m.budget, "budget", "wall time of the whole command")
	f.Var(&m.precision, "precision", "95 % half-width at which a cell is precise enough")
	f.Var(&m.delta, "delta", "how far apart cells may be and still count as equivalent")
	f.Var(&m.seed, "seed", "order of turns and choice of samples (default random, and shown)")
	f.Var(&m.timeout, "timeout", "silence after which a worker is taken for hung")
}

// asked is what the flags come to.
type asked struct {
	plan    plan.Plan
	cells   []result.Cell
	corpora []loaded
	// warnings are about the flags.
	warnings []result.Warning
	// arms are the workers in other languages.
	arms []journal.Arm
}

// resolve multiplies the flags into cells and loads the corpora they name.
func (m *matrix) resolve(cmd *cobra.Command, a *app) (*asked, error) {
	p := plan.Plan{
		Scenarios: m.scenarios.values, Codecs: codecLevels(m.codecs.values, m.levels.values), Runners: m.runners.values,
		Workers: m.workers.values, Blocks: m.blocks.values, Iters: m.iters.values,
		Endpoints: m.endpoints.values, Rates: m.rates.values, GOMAXPROCS: m.gomaxprocs.values,
		CPUs: m.cpus.values, Budget: m.budget.value, Precision: m.precision.value, Delta: m.delta.value, Seed: m.seed.value,
	}
	if !cmd.Flags().Changed("seed") {
		p.Seed = uint64(rand.Uint32())
	}
	var err error
	if p.Env, err = environments(m.env.values); err != nil {
		return nil, err
	}
	for _, l := range m.languages.values {
		p.Languages = append(p.Languages, l.name)
	}
	if !given(cmd.Flags(), axes...) {
		p.Extra = ceiling(a.reg, p)
	}
	// Before data is loaded: a level that does not exist should not cost the
	// reading of a large folder.
	p.Corpora = []string{"?"}
	cells, err := p.Cells(a.reg)
	if err != nil {
		return nil, err
	}
	if err := someAvailable(cells, a.reg); err != nil {
		return nil, err
	}
	out := &asked{warnings: unused(cmd.Flags(), p.Scenarios, a.reg), arms: []journal.Arm{}}
	for _, l := range m.languages.values {
		out.arms = append(out.arms, journal.Arm{Name: l.name, Argv: strings.Split(l.argv, "\x00")})
	}
	p.Corpora = nil
	if slices.ContainsFunc(cells, func(c result.Cell) bool { return c.Corpus != "" }) {
		if out.corpora, err = a.load(cmd.Context(), m.corpora.values); err != nil {
			return nil, fmt.Errorf("--corpus: %w", err)
		}
		for _, c := range out.corpora {
			p.Corpora = append(p.Corpora, c.name)
		}
	}
	if out.cells, err = p.Cells(a.reg); err != nil {
		return nil, err
	}
	if p.Reference, err = reference(m.reference, out.cells); err != nil {
		return nil, err
	}
	out.plan = p
	return out, nil
}

// ceiling is the memcpy cell beside the flagless matrix: what the machine can
// move at all.
func ceiling(reg *harness.Registry, p plan.Plan) []result.Cell {
	p.Codecs, p.Runners, p.Extra = []plan.CodecLevels{{Codec: "memcpy"}}, present([]string{"single", "pool"}, reg.Runners()), nil
	p.Scenarios, p.Corpora = []string{"compress"}, []string{"logs"}
	cells, err := p.Cells(reg)
	if err != nil {
		return nil // a registry without memcpy has no ceiling
	}
	return cells
}

// someAvailable refuses a matrix of which this build can run nothing.
func someAvailable(cells []result.Cell, reg *harness.Registry) error {
	why := errors.New("the matrix is empty")
	for _, c := range cells {
		if c.Codec == "" {
			return nil
		}
		codec, err := reg.Codec(c.Codec)
		if err != nil {
			return err
		}
		reason := codec.Info().Unavailable
		if reason == "" {
			return nil
		}
		why = fmt.Errorf("--codec: this build cannot run %s: %s", c.Codec, reason)
	}
	return why
}

// unused warns of flags that say something about none of the scenarios.
func unused(flags *pflag.FlagSet, names []string, reg *harness.Registry) []result.Warning {
	used := map[string]bool{}
	for _, name := range names {
		s, err := reg.Scenario(name)
		if err != nil {
			continue
		}
		info := s.Info()
		used["codec"] = used["codec"] || info.Codec
		used["level"] = used["codec"]
		used["corpus"] = used["corpus"] || info.Corpus
		used["block"] = used["corpus"]
		used["iters"] = used["iters"] || info.Iters > 0
		used["endpoint"] = used["endpoint"] || len(info.Endpoints) > 0
		used["rate"] = used["rate"] || !info.TimedSlice
	}
	out := []result.Warning{}
	for _, flag := range []string{"codec", "level", "corpus", "block", "endpoint", "rate", "iters"} {
		if flags.Changed(flag) && !used[flag] {
			out = append(out, result.Warning{Code: "unused_flag",
				Text: fmt.Sprintf("--%s says nothing about %s and was passed over: drop it", flag, strings.Join(names, ", "))})
		}
	}
	return out
}

// reference is the name of the one cell that text fits: its whole name, or some
// of its keys as key=value or value alone, joined by slashes.
func reference(text string, cells []result.Cell) (string, error) {
	if text == "" {
		return "", nil
	}
	var fits []string
	for _, c := range cells {
		if c.Name() == text {
			return text, nil
		}
		if hasKeys(c, strings.Split(text, "/")) {
			fits = append(fits, c.Name())
		}
	}
	switch len(fits) {
	case 0:
		return "", fmt.Errorf("--reference %q fits no cell: `zstdshop bench --dry-run` with the same flags lists their names", text)
	case 1:
		return fits[0], nil
	}
	return "", fmt.Errorf("--reference %q fits %d cells, such as %s and %s: add keys until only one is left", text, len(fits), fits[0], fits[1])
}

// hasKeys reports whether every part is a key of c, or the value of one.
func hasKeys(c result.Cell, parts []string) bool {
	return !slices.ContainsFunc(parts, func(part string) bool {
		return !slices.ContainsFunc(result.Keys(), func(k result.Key) bool {
			text := k.Text(c)
			return text != "" && (part == k.Name+"="+text || part == text)
		})
	})
}
