package reports

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"zstdshop/harness/result"
)

// factsOf is what a reader must know of machine, program and run before the
// first figure.
func factsOf(r *result.Result, wide bool) []fact {
	facts := []fact{{"machine", machineText(r)}}
	if r.Sides != nil {
		facts = append(facts, fact{result.SideOld, r.Sides.Old}, fact{result.SideNew, r.Sides.New})
	} else {
		facts = append(facts, fact{"program", programText(r)}, fact{"libraries", librariesText(r)})
		if text := workersText(r); text != "" {
			facts = append(facts, fact{"workers", text})
		}
	}
	facts = append(facts, fact{"run", runText(r)})
	if r.Plan.Spent != nil && wide {
		facts = append(facts, fact{"time", spentText(*r.Plan.Spent, r.Plan.Elapsed)})
	}
	return facts
}

func machineText(r *result.Result) string {
	m := r.Machine
	parts := list{cmp.Or(m.CPU, "unknown CPU"), plural(m.CPUs, "CPU")}
	parts.addIf(m.Usable > 0 && m.Usable != m.CPUs, "%d usable", m.Usable)
	parts.addIf(m.Quota > 0, "limited to %v cores", m.Quota)
	parts.addIf(m.MemBytes > 0, "%s GiB", result.Digits(float64(m.MemBytes)/(1<<30), 3))
	parts.addIf(m.OS+m.Arch != "", "%s", strings.TrimSpace(m.OS+"/"+m.Arch+" "+m.Kernel))
	parts.addIf(m.Virtual != "", "virtual (%s)", m.Virtual)
	parts.addIf(m.Container, "container")
	parts.addIf(m.GoEnv != "", "%s", m.GoEnv)
	return parts.String()
}

func programText(r *result.Result) string {
	b := r.Build
	parts := list{strings.TrimSpace("zstdshop " + b.Version)}
	parts.addIf(b.Commit != "", "commit %s", commitText(b))
	parts.addIf(true, "%s", b.Go)
	parts.addIf(true, "cgo %s", onOff(b.CGO))
	for _, name := range slices.Sorted(maps.Keys(b.Settings)) {
		// Whether cgo is on has been said.
		parts.addIf(b.Settings[name] != "" && name != "CGO_ENABLED", "%s=%s", name, b.Settings[name])
	}
	return parts.String()
}

// librariesText names a library once, with all codecs that are made of it.
func librariesText(r *result.Result) string {
	library := r.Build.Libraries
	same := result.GroupBy(slices.Sorted(maps.Keys(library)), func(codec string) string { return library[codec] })
	parts := mapped(same, func(codecs []string) string { return strings.Join(codecs, " and ") + ": " + library[codecs[0]] })
	return cmp.Or(strings.Join(parts, ", "), "none")
}

// workersText names the workers in other languages, and what each said of its
// interpreter's lock; "" where there are none.
func workersText(r *result.Result) string {
	var parts list
	for _, c := range cellsOf(r) {
		if c.Language == "" || c.Implementation == nil || c.GILEnabled == nil {
			continue
		}
		lock := "threads run at once"
		if *c.GILEnabled {
			lock = "one thread runs at a time (GIL)"
		}
		if text := fmt.Sprintf("%s: %s, %s", c.Language, *c.Implementation, lock); !slices.Contains(parts, text) {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "; ")
}

func runText(r *result.Result) string {
	p := r.Plan
	parts := list{p.Started.UTC().Format(time.RFC3339)}
	parts.addIf(len(p.Others) > 0 || p.Runs > 1, "the first of several")
	parts.addIf(p.Seed != 0, "seed %d", p.Seed)
	parts.addIf(p.Budget > 0, "budget %s", secondsText(p.Budget))
	parts.addIf(p.Budget > 0, "took %s", secondsText(p.Elapsed))
	if s := p.Spent; s != nil && p.Elapsed > 0 {
		parts.addIf(true, "%s on the clock", shareText(s.Slices, p.Elapsed))
	}
	share, known := disturbedShare(r)
	parts.addIf(known, "machine disturbed %.0f %% of the time", 100*share)
	parts.addIf(p.Precision > 0, "precision %s %%", percentText(p.Precision))
	parts.addIf(p.Reference != "", "reference %s", p.Reference)
	parts.addIf(p.Complete, "complete")
	parts.addIf(!p.Complete, "NOT COMPLETE (interrupted, or still going on): figures may be missing")
	return parts.String()
}

// spentText is where the time of a run went.
func spentText(s result.RunSpent, elapsed int64) string {
	var parts list
	for _, p := range s.Parts() {
		parts.addIf(true, "%s %s", shareText(p.NS, elapsed), p.What)
	}
	return parts.String()
}

func shareText(part, whole int64) string {
	return fmt.Sprintf("%.0f %%", 100*float64(part)/float64(max(whole, 1)))
}

// commitText is the commit as people quote it, with a + where the tree had
// changes.
func commitText(b result.Build) string {
	commit := b.Commit
	if len(commit) > 12 {
		commit = commit[:12]
	}
	if b.Dirty {
		commit += "+dirty"
	}
	return commit
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// disturbedShare is the share of slices that the machine did not leave alone,
// over all cells that know.
func disturbedShare(r *result.Result) (share float64, known bool) {
	disturbed, all := 0.0, 0
	for _, c := range r.Cells {
		if c.Disturbed == nil {
			continue
		}
		for _, f := range c.Samples {
			disturbed += *c.Disturbed * float64(len(f.WallNS))
			all += len(f.WallNS)
		}
	}
	if all == 0 {
		return 0, false
	}
	return disturbed / float64(all), true
}
