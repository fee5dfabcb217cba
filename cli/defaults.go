package cli

import (
	"maps"
	"strings"
	"time"

	"zstdshop/harness/plan"
	"zstdshop/harness/result"
	"zstdshop/reports"
)

// The matrices of no flags. This file alone names entries of the catalogue; names
// that are not registered drop out.
var (
	benchMatrix = plan.Matrix{"scenario": {"compress", "decompress"}, "codec": {"klauspost", "datadog"}, "level": {"1", "3"},
		"runner": {"single", "pool", "gomaxprocs1"}, "workers": {"max"}, "corpus": {"logs"}, "block": {"64KiB"}}
	// compareMatrix and gateMatrix are decided within a minute or so.
	compareMatrix = with(benchMatrix, plan.Matrix{"level": {"3"}, "runner": {"single", "pool"}})
	gateMatrix    = with(benchMatrix, plan.Matrix{"level": {"3"}, "runner": {"single"}})
	// ceilingMatrix is that of the codecs that show what the machine can move at all.
	ceilingMatrix = plan.Matrix{"scenario": {"compress"}, "runner": {"single", "pool"}, "corpus": {"logs"}}
)

// with returns a matrix with other values of some axes.
func with(m, other plan.Matrix) plan.Matrix {
	m = maps.Clone(m)
	maps.Copy(m, other)
	return m
}

// A preset is a matrix with a name: a question that many have.
type preset struct {
	name, asks string
	budget     time.Duration
	matrix     plan.Matrix
	// live has the bars of all cores shown while it runs, in the place of how far
	// the run is.
	live bool
	// view is how the result is shown where no other view is asked for.
	view reports.View
}

var presets = []preset{
	{"gil", "who escapes a global lock, and why: pure Go and C under it, around it and without it", 150 * time.Second, plan.Matrix{
		"scenario": {"compress"}, "codec": {"klauspost@3", "datadog@3"}, "block": {"1KiB", "16KiB", "256KiB"}, "workers": {"max"},
		"runner": {"single", "pool", "gomaxprocs1", "gil", "gil-release", "pinned", "procs"}}, false, reports.View{}},
	{"switch", "what a lock, or one processor, costs one worker over a single goroutine", time.Minute, plan.Matrix{
		"scenario": {"compress", "cpuburn"}, "codec": {"klauspost@3", "datadog@3"}, "block": {"16KiB"}, "workers": {"1"},
		"runner": {"single", "pool", "gomaxprocs1", "pinned", "gil", "gil-release", "procs"}}, false,
		reports.View{Rows: []string{"language", "runner"}, Cols: []string{"scenario", "codec", "level", "corpus", "block", "iters"}, Columns: []string{"speed-up"}}},
	{"threads", "whether N endless threads keep N cores busy", 20 * time.Second, plan.Matrix{
		"scenario": {"randmul"}, "runner": {"osthread", "pool", "gomaxprocs1", "gil", "procs"}, "workers": {"max"}}, true, reports.View{}},
}

func presetNames() []string {
	var names []string
	for _, p := range presets {
		names = append(names, p.name)
	}
	return names
}

// presetHelp tells all of them.
func presetHelp() string {
	var parts []string
	for _, p := range presets {
		parts = append(parts, p.name+" ("+p.asks+")")
	}
	return strings.Join(parts, ", ")
}

// workload is one kind of work that calibration compares with itself.
type workload struct {
	name string
	cell result.Cell
}

// workloads are kinds that stress a measurement in different ways: pure Go,
// long C calls, several workers, garbage, arithmetic alone.
func workloads() []workload {
	coded := func(scenario, codec, runner string, workers int, block int64) result.Cell {
		return result.Cell{Scenario: scenario, Corpus: "logs", Codec: codec, Level: 3, Runner: runner, Workers: workers, Block: block}
	}
	return []workload{
		{"klauspost", coded("compress", "klauspost", "single", 1, 16<<10)},
		{"datadog", coded("compress", "datadog", "single", 1, 256<<10)},
		{"pool", coded("compress", "klauspost", "pool", 2, 16<<10)},
		{"garbage", coded("compressnew", "klauspost", "single", 1, 64<<10)},
		{"cpuburn", result.Cell{Scenario: "cpuburn", Runner: "single", Workers: 1, Tasks: 1, Iters: 100_000}},
	}
}

// comparing names the way in which this program compares a workload, "" of one that it
// does not have.
func comparing(name string) string {
	for _, w := range workloads() {
		if w.name == name {
			return result.Comparing(w.cell.Workers)
		}
	}
	return ""
}
