package measure

import (
	"fmt"
	"strings"

	"zstdshop/harness"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// spawnOf is what must be in force in the cell's worker process.
// cpus is how many this run may use.
func spawnOf(c result.Cell, reg *harness.Registry, cpus int) (Spawn, error) {
	runner, err := reg.Runner(c.Runner)
	if err != nil {
		return Spawn{}, err
	}
	needs := runner.Info().Process
	s := Spawn{Cell: c, GOMAXPROCS: cpus, CPUs: c.CPUs}
	if needs.GOMAXPROCS > 0 {
		s.GOMAXPROCS = needs.GOMAXPROCS
	}
	if c.GOMAXPROCS > 0 {
		s.GOMAXPROCS = c.GOMAXPROCS
	}
	if c.Env != "" {
		s.Env = strings.Split(c.Env, ",")
	}
	if needs.CPUs > 0 && c.CPUs == "" {
		s.CPUs = firstCPUs(needs.CPUs)
	}
	if needs.ProcessPerWorker && c.Workers > 1 {
		s.Processes = c.Workers
	}
	return s, nil
}

// firstCPUs is the affinity list of the first n CPUs.
func firstCPUs(n int) string {
	if n == 1 {
		return "0"
	}
	return fmt.Sprintf("0-%d", n-1)
}

// Spawn is what must be in force in a worker process before it starts.
type Spawn struct {
	Cell       result.Cell
	Argv       []string // command line; empty: the launcher's own
	GOMAXPROCS int      // of the process; >= 1
	CPUs       string   // affinity list, "" all
	Env        []string
	Processes  int // that do the cell together, each with all of the above; 0 one
}

// modeOf is that of the cell's slices. Where the pace is planned their length says
// little and how long tasks take is what is asked for.
func modeOf(c result.Cell) string {
	if c.Rate > 0 {
		return worker.ModeLatency
	}
	return worker.ModeThroughput
}

// cellSpec is what the worker itself must know of a cell.
func cellSpec(c result.Cell) worker.CellSpec {
	spec := worker.CellSpec{Scenario: c.Scenario, Codec: c.Codec, Level: c.Level, Runner: c.Runner,
		Workers: c.Workers, Tasks: c.Tasks, Iters: c.Iters, Endpoint: c.Endpoint, Rate: c.Rate}
	if c.Stream > 0 {
		spec.Write = c.Block
	}
	return spec
}

// sampleIndex finds the sample of a cell; -1 where it has none.
func sampleIndex(samples []journal.Subset, c result.Cell) int {
	for i, s := range samples {
		if c.Corpus != "" && s.Corpus == c.Corpus && s.Block == c.ItemBytes() {
			return i
		}
	}
	return -1
}

// dataOf returns the data of a cell; nil where it has none.
func dataOf(l *journal.Schedule, c result.Cell) *worker.Data {
	if i := sampleIndex(l.Subsets, c); i >= 0 {
		return &l.Subsets[i].Data
	}
	return nil
}
