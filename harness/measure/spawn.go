package measure

import (
	"fmt"
	"strings"

	"zstdshop/harness"
	"zstdshop/harness/result"
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
