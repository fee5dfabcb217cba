package cli

import (
	"errors"
	"slices"
	"strings"
	"time"

	"zstdshop/harness"
)

// A preset is a matrix with a name: a question that many have.
type preset struct {
	name, asks string
	budget     time.Duration
	set        map[string][]string // flags of axes and their values
	// live has the bars of all cores shown while it runs, in the place of how far
	// the run is.
	live bool
}

func presets() []preset {
	return []preset{
		{"gil", "who escapes a global lock, and why: pure Go and C under it, around it and without it", 150 * time.Second, map[string][]string{
			"scenario": {"compress"}, "codec": {"klauspost@3", "datadog@3"}, "block": {"1KiB", "16KiB", "256KiB"}, "workers": {"max"},
			"runner": {"single", "pool", "gomaxprocs1", "gil", "gil-release", "pinned", "procs"}}, false},
		{"threads", "whether N endless threads keep N cores busy", 20 * time.Second, map[string][]string{
			"scenario": {"randmul"}, "runner": {"osthread", "pool", "gomaxprocs1", "gil", "procs"}, "workers": {"max"}}, true},
	}
}

func presetNames() []string {
	var names []string
	for _, p := range presets() {
		names = append(names, p.name)
	}
	return names
}

// isLive reports whether the preset of that name shows all cores.
func isLive(name string) bool {
	return slices.ContainsFunc(presets(), func(p preset) bool { return p.name == name && p.live })
}

// presetHelp tells all of them.
func presetHelp() string {
	var parts []string
	for _, p := range presets() {
		parts = append(parts, p.name+" ("+p.asks+")")
	}
	return strings.Join(parts, ", ")
}

// applyPreset makes the named matrix the one of no flags: axes that are given
// still count.
func (m *matrix) applyPreset(name string, reg *harness.Registry, budgetGiven bool) error {
	if name == "" {
		return nil
	}
	for _, p := range presets() {
		if p.name != name {
			continue
		}
		if !budgetGiven {
			m.budget.value = p.budget
		}
		return errors.Join(
			m.scenarios.defaults(present(p.set["scenario"], reg.Scenarios())...),
			m.codecs.defaults(p.set["codec"]...),
			m.runners.defaults(present(p.set["runner"], reg.Runners())...),
			m.workers.defaults(p.set["workers"]...),
			m.blocks.defaults(p.set["block"]...),
		)
	}
	return harness.UnknownName("preset", name, presetNames())
}
