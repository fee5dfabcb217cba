package plan

import (
	"fmt"
	"slices"
	"time"

	"zstdshop/harness"
	"zstdshop/harness/result"
	"zstdshop/scenarios"
)

// Plan is what is asked for: the axes of a matrix and how to measure it. The
// cells are the product of the axes; a key that does not apply to a scenario,
// codec or runner drops out and what then repeats is measured once.
type Plan struct {
	Scenarios  []string
	Codecs     []CodecLevels
	Runners    []string
	Workers    []int
	Corpora    []string      // names of loaded corpora
	Blocks     []int64       // bytes; 0 whole
	Iters      []int         // 0: the scenario's default
	Endpoints  []string      // none: all the scenario has
	Rates      []int         // tasks a second; 0, or none: closed loop
	GOMAXPROCS []int         // 0: the runner's
	CPUs       []string      // "" all
	Env        []string      // "" none
	Languages  []string      // of workers beside this program's, each an Arm
	Extra      []result.Cell // cells beside the product (the memcpy ceiling)

	Reference string // part of a cell's name, "" none
	Budget    time.Duration
	Delta     float64 // of equivalence
	Precision float64
	Seed      uint64
}

// CodecLevels is one codec with the levels asked of it; none for a codec
// without levels.
type CodecLevels struct {
	Codec  string
	Levels []int
}

// Cells multiplies the axes in catalogue order. Errors name the axis and the
// remedy. Cells of codecs that this build lacks are among them.
func (p Plan) Cells(reg *harness.Registry) ([]result.Cell, error) {
	var cells []result.Cell
	for _, scenarioName := range p.Scenarios {
		scenario, err := reg.Scenario(scenarioName)
		if err != nil {
			return nil, err
		}
		endpoints, err := p.endpointAxis(scenarioName, scenario.Info())
		if err != nil {
			return nil, err
		}
		for _, endpoint := range endpoints {
			info, _ := scenario.Info().Of(endpoint)
			more, err := p.ofScenario(reg, result.Cell{Scenario: scenarioName, Endpoint: endpoint}, info)
			if err != nil {
				return nil, err
			}
			cells = append(cells, more...)
		}
	}
	cells = unique(append(cells, p.Extra...))
	if len(cells) == 0 {
		return nil, fmt.Errorf("%w: the matrix is empty: name at least one of each axis", result.ErrPlan)
	}
	return cells, nil
}

// endpointAxis is where the requests of a scenario go; one "" where it sends none.
func (p Plan) endpointAxis(name string, info scenarios.Info) ([]string, error) {
	if len(info.Endpoints) == 0 {
		return []string{""}, nil
	}
	known := make([]string, len(info.Endpoints))
	for i, e := range info.Endpoints {
		known[i] = e.Name
	}
	if len(p.Endpoints) == 0 {
		return known, nil
	}
	for _, asked := range p.Endpoints {
		if !slices.Contains(known, asked) {
			return nil, harness.UnknownName("endpoint of scenario "+name, asked, known)
		}
	}
	return p.Endpoints, nil
}

// ofScenario multiplies the axes that apply to the cells like base.
func (p Plan) ofScenario(reg *harness.Registry, base result.Cell, info scenarios.Info) (cells []result.Cell, err error) {
	corpora, blocks := []string{""}, []int64{0}
	if info.Corpus {
		corpora, blocks = p.Corpora, p.Blocks
		if len(corpora) == 0 || len(blocks) == 0 {
			return nil, fmt.Errorf("%w: scenario %s needs a corpus and a block size", result.ErrPlan, base.Scenario)
		}
	}
	codecAxis := []result.Cell{{}}
	if info.Codec {
		if codecAxis, err = p.codecAxis(reg); err != nil {
			return nil, err
		}
	}
	iters := []int{0}
	if info.Iters > 0 {
		iters = orDefault(p.Iters, info.Iters)
	}
	rates := []int{0}
	if !info.TimedSlice {
		rates = orDefault(p.Rates, info.Rate)
	}
	for _, corpus := range corpora {
		for _, block := range blocks {
			for _, n := range iters {
				for _, rate := range rates {
					c := base
					c.Corpus, c.Block, c.Iters, c.Rate = corpus, block, n, rate
					more, err := p.inner(reg, c, codecAxis, info.TaskPerWorker)
					if err != nil {
						return nil, err
					}
					cells = append(cells, more...)
				}
			}
		}
	}
	return cells, nil
}

func orDefault(asked []int, def int) []int {
	out := slices.Clone(asked)
	for i, n := range out {
		if n == 0 {
			out[i] = def
		}
	}
	if len(out) == 0 {
		out = []int{def}
	}
	return out
}

// codecAxis is the codec and level part of the cells.
func (p Plan) codecAxis(reg *harness.Registry) ([]result.Cell, error) {
	if len(p.Codecs) == 0 {
		return nil, fmt.Errorf("%w: no codec", result.ErrPlan)
	}
	var axis []result.Cell
	for _, cl := range p.Codecs {
		codec, err := reg.Codec(cl.Codec)
		if err != nil {
			return nil, err
		}
		if codec.Info().Levels == nil {
			axis = append(axis, result.Cell{Codec: cl.Codec})
			continue
		}
		if len(cl.Levels) == 0 {
			return nil, fmt.Errorf("%w: codec %s: no level", result.ErrPlan, cl.Codec)
		}
		for _, level := range cl.Levels {
			if _, err := codec.EffectiveLevel(level); err != nil {
				return nil, fmt.Errorf("codec %s@%d: %w", cl.Codec, level, err)
			}
			axis = append(axis, result.Cell{Codec: cl.Codec, Level: level})
		}
	}
	return axis, nil
}

// inner multiplies codecs, runners and what a process starts with.
func (p Plan) inner(reg *harness.Registry, base result.Cell, codecAxis []result.Cell, taskPerWorker bool) ([]result.Cell, error) {
	var cells []result.Cell
	for _, codec := range codecAxis {
		for _, runnerName := range p.Runners {
			runner, err := reg.Runner(runnerName)
			if err != nil {
				return nil, err
			}
			info := runner.Info()
			for _, workers := range p.Workers {
				if workers < 1 {
					return nil, fmt.Errorf("%w: workers %d: want 1 or more", result.ErrPlan, workers)
				}
				for _, procs := range orDefault(p.GOMAXPROCS, 0) {
					if procs != 0 && info.Process.GOMAXPROCS != 0 && procs != info.Process.GOMAXPROCS {
						return nil, fmt.Errorf("%w: runner %s runs with GOMAXPROCS=%d, --gomaxprocs asks for %d: drop one of them",
							result.ErrPlan, runnerName, info.Process.GOMAXPROCS, procs)
					}
					for _, cpus := range orEmpty(p.CPUs) {
						for _, env := range orEmpty(p.Env) {
							c := base
							c.Codec, c.Level, c.Runner, c.Workers = codec.Codec, codec.Level, runnerName, workers
							c.GOMAXPROCS, c.CPUs, c.Env = procs, cpus, env
							if taskPerWorker {
								c.Tasks = workers
							}
							if info.MaxWorkers > 0 {
								c.Workers = min(workers, info.MaxWorkers)
							}
							cells = append(cells, c)
							for _, language := range p.Languages {
								c.Language = language
								cells = append(cells, c)
							}
						}
					}
				}
			}
		}
	}
	return cells, nil
}

func orEmpty(axis []string) []string {
	if len(axis) == 0 {
		return []string{""}
	}
	return axis
}

func unique(cells []result.Cell) []result.Cell {
	seen := map[result.Cell]bool{}
	return slices.DeleteFunc(cells, func(c result.Cell) bool {
		repeated := seen[c]
		seen[c] = true
		return repeated
	})
}
