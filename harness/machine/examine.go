package machine

import (
	"fmt"
	"slices"
	"strings"
)

// States of a check.
const (
	StateOK      = "ok"
	StateWarn    = "warn"    // figures will be wider, or mean less, than they could
	StateBad     = "bad"     // figures from here can mislead
	StateUnknown = "unknown" // this system does not tell, or nobody looked
)

// Check is one thing that decides how far figures can be trusted. The texts
// are one line each; WriteText cuts them where a value in them is very long.
type Check struct {
	Name    string `json:"name"` // short and stable, e.g. "governor"
	State   string `json:"state"`
	Finding string `json:"finding"`
	Advice  string `json:"advice"` // what to do about it here; "" unless warn or bad
}

// Bounds of the checks. The precision named with a class of noise is a rule of
// thumb: on a guest with 30 % disturbed loops, two equal sides that took turns
// for ten seconds agreed within 0.2 to 0.5 % (one standard deviation); 2 % leaves
// room for that. calibrate measures it on the machine at hand.
const (
	disturbedQuiet  = 0.05
	disturbedUsable = 0.50 // more, and the 10th percentile is no longer the usual speed

	gapsFew   = 10 // per second of a busy CPU
	gapsMany  = 200
	gapLongNS = 10_000_000 // as long as a short slice

	// Well above what one CPU of a kind differs by from itself between the rounds
	// of a probe.
	unevenFrom   = 1.10
	crowdingFrom = 1.15

	copySpreadWide = 1.5

	clockCoarseNS = 1_000 // a step, against the 6 us of a sentinel
	clockSlowNS   = 250   // a read; 20 to 80 is usual

	// A context of a high zstd level holds hundreds of MiB, and every worker
	// process has its own.
	memoryScarce = 1 << 30
	memoryBad    = 256 << 20

	loadNoticed = 0.5 // per CPU
	loadFull    = 1.0
)

// Examine checks a machine, always the same things in the same order. The zero
// Noise says that there was no probe; what needs one is unknown then.
func Examine(info Info, noise Noise) []Check {
	var all []Check
	for _, c := range []struct {
		name  string
		rules func(Info, Noise) []rule
	}{
		{"cores", coresRules}, {"affinity", affinityRules}, {"quota", quotaRules}, {"smt", smtRules}, {"governor", governorRules},
		{"turbo", turboRules}, {"virtual", virtualRules}, {"container", containerRules}, {"memory", memoryRules}, {"load", loadRules},
		{"noise", noiseRules}, {"gaps", gapsRules}, {"bandwidth", bandwidthRules}, {"clock", clockRules}, {"go env", goEnvRules},
	} {
		rules := append(c.rules(info, noise), untold(info))
		r := rules[slices.IndexFunc(rules, func(r rule) bool { return r.holds })]
		all = append(all, Check{c.name, r.state, r.finding, r.advice})
	}
	return all
}

// A rule is what a check says where it holds. The first that holds counts, and behind
// the last one stands untold.
type rule struct {
	holds                  bool
	state, finding, advice string
}

// untold says why a fact is missing.
func untold(info Info) rule {
	if info.OS != "linux" {
		return rule{true, StateUnknown, "only Linux tells", ""}
	}
	return rule{true, StateUnknown, "this system does not tell", ""}
}

func coresRules(info Info, noise Noise) []rule {
	uneven := fmt.Sprintf("%d CPUs, one %.2fx slower than another", info.Usable, noise.Uneven)
	return []rule{
		{info.Usable <= 1, StateWarn, "1 CPU to use", "concurrency models will all look alike"},
		{noise.Uneven > unevenFrom && info.Virtual != "", StateWarn, uneven, "a busy neighbour: compare in one run"},
		{noise.Uneven > unevenFrom, StateWarn, uneven, "cores of two kinds? choose with --cpus"},
		{true, StateOK, fmt.Sprintf("%d CPUs to use", info.Usable), ""},
	}
}

func affinityRules(info Info, _ Noise) []rule {
	some := fmt.Sprintf("%d of %d CPUs allowed", info.Usable, info.CPUs)
	return []rule{
		{info.OS == "linux" && info.Usable < info.CPUs, StateWarn, some, "keep taskset or cpuset alike in all runs"},
		{info.OS == "linux", StateOK, "all CPUs allowed", ""},
	}
}

func quotaRules(info Info, _ Noise) []rule {
	if info.OS != "linux" {
		return nil
	}
	cores := fmt.Sprintf("%.4g cores on %d CPUs", info.Quota, info.Usable)
	return []rule{
		{info.Quota == 0, StateOK, "none", ""},
		{info.Quota < 1, StateBad, fmt.Sprintf("%.2f of a core", info.Quota), "throttled when busy: give it a whole CPU"},
		{info.Quota < float64(info.Usable), StateWarn, cores, "throttled above that: limit by cpuset"},
		{true, StateOK, cores, ""},
	}
}

// smtRules trust the probe before the flag: a guest is often told that its
// hyperthreads are cores.
func smtRules(info Info, noise Noise) []rule {
	slower := fmt.Sprintf("all CPUs busy: each %.2fx slower", noise.Crowding)
	alike := fmt.Sprintf("all CPUs busy: each as fast as alone (%.2fx)", noise.Crowding)
	return []rule{
		{noise.Crowding > crowdingFrom, StateWarn, slower, "shared cores or clock: less speed-up"},
		{noise.Crowding > 0 && info.Usable > 1, StateOK, alike, ""},
		{info.SMT == "on", StateWarn, "on: two CPUs share a core", "less speed-up beyond half the CPUs"},
		{info.SMT == "off", StateOK, "off", ""},
	}
}

// hidden is what a guest is not told.
func hidden(info Info) rule {
	return rule{info.Virtual != "", StateUnknown, "the host's affair, hidden from a guest", ""}
}

func governorRules(info Info, _ Noise) []rule {
	finding := info.Governor
	if info.Driver != "" {
		finding += " (" + info.Driver + ")"
	}
	return []rule{
		{info.Governor == "performance", StateOK, finding, ""},
		{info.Governor != "", StateWarn, finding, "cpupower frequency-set -g performance"},
		hidden(info),
	}
}

func turboRules(info Info, _ Noise) []rule {
	const heat = "on: speed depends on heat"
	return []rule{
		{info.Turbo == "on" && info.Driver == "intel_pstate", StateWarn, heat, "in sysfs: cpu/intel_pstate/no_turbo = 1"},
		{info.Turbo == "on", StateWarn, heat, "in sysfs: cpu/cpufreq/boost = 0"},
		{info.Turbo == "off", StateOK, "off", ""},
		hidden(info),
	}
}

func virtualRules(info Info, _ Noise) []rule {
	return []rule{
		{info.Virtual != "", StateWarn, info.Virtual, "neighbours do not show: longer --budget"},
		{info.OS == "linux" || info.Arch == "amd64", StateOK, "no hypervisor in sight", ""}, // the latter's CPU tells itself
	}
}

func containerRules(info Info, _ Noise) []rule {
	return []rule{
		{info.Container && info.Usable == info.CPUs, StateWarn, "yes, on all CPUs of its host", "give it CPUs of its own: a cpuset"},
		{info.Container, StateOK, "yes, on some CPUs of its host", ""},
		{info.OS == "linux", StateOK, "none in sight", ""},
	}
}

func memoryRules(info Info, _ Noise) []rule {
	have, of := info.MemAvailable, " available"
	if info.MemLimit > 0 && (have == 0 || info.MemLimit < have) {
		have, of = info.MemLimit, " is the limit"
	}
	return []rule{
		{have > 0 && have < memoryBad, StateBad, size(have) + of, "workers may be killed: give it more"},
		{have > 0 && have < memoryScarce, StateWarn, size(have) + of, "few workers, low levels, small corpora"},
		{have > 0, StateOK, size(have) + of, ""},
	}
}

func loadRules(info Info, _ Noise) []rule {
	if info.OS != "linux" {
		return nil
	}
	perCPU := ratio(info.LoadStart, float64(info.CPUs))
	finding := fmt.Sprintf("%.2f on %d CPUs", info.LoadStart, info.CPUs)
	const advice = "stop other work, then look again"
	return []rule{
		{perCPU > loadFull, StateBad, finding, advice},
		{perCPU > loadNoticed, StateWarn, finding, advice},
		{true, StateOK, finding, ""},
	}
}

// unseen is why a probe has no figure; tooCoarse reports whether the clock is to blame.
func unseen(there, tooCoarse bool) []rule {
	return []rule{
		{!there, StateUnknown, "not probed", ""},
		{tooCoarse, StateUnknown, "the clock is too coarse to tell", ""},
	}
}

func noiseRules(info Info, noise Noise) []rule {
	percent := fmt.Sprintf("%.0f %% disturbed", 100*noise.Disturbed)
	return append(unseen(noise.Loops > 0, noise.ClockStepNS > clockCoarseNS || noise.SentinelNS == 0),
		rule{noise.Disturbed < disturbedQuiet, StateOK, percent + ": quiet, resolves 1 %", ""},
		rule{noise.Disturbed > disturbedUsable, StateBad, percent + ": precision unknown", "longer --budget, and calibrate first"},
		rule{info.Virtual != "", StateWarn, percent + ": usable, resolves 2 %", "compare side by side; longer --budget"},
		rule{true, StateWarn, percent + ": usable, resolves 2 %", "stop other work; compare side by side"},
	)
}

func gapsRules(info Info, noise Noise) []rule {
	finding := fmt.Sprintf("%.0f a second, longest %.1f ms", noise.GapsPerSecond, float64(noise.LongestGapNS)/1e6)
	advice := "stop other work; fewer workers than CPUs"
	if info.Quota > 0 && info.Quota < float64(info.Usable) {
		advice = "the quota throttles: raise it"
	}
	return append(unseen(noise.Loops > 0, noise.ClockStepNS > gapNS),
		rule{noise.GapsPerSecond > gapsMany, StateBad, finding, advice},
		rule{noise.GapsPerSecond > gapsFew || noise.LongestGapNS > gapLongNS, StateWarn, finding, advice},
		rule{true, StateOK, finding, ""},
	)
}

func bandwidthRules(_ Info, noise Noise) []rule {
	finding := fmt.Sprintf("copies %.1f GB/s, p95/p5 %.2f", noise.CopyMBPerS/1e3, noise.CopySpread)
	return append(unseen(noise.CopyMBPerS > 0, false),
		rule{noise.CopySpread > copySpreadWide, StateWarn, finding, "large blocks need a longer --budget"},
		rule{true, StateOK, finding, ""},
	)
}

func clockRules(info Info, noise Noise) []rule {
	reads := ""
	if noise.ClockNS > 0 {
		reads = fmt.Sprintf("%.0f ns a read, steps of %d ns", noise.ClockNS, noise.ClockStepNS)
	}
	finding := join(info.Clock, reads)
	// Of these each read is a call into the kernel, or no better than a tick.
	slow := slices.Contains([]string{"hpet", "acpi_pm", "jiffies", "pit"}, info.Clock)
	return []rule{
		{slow, StateWarn, finding, "boot with clocksource=tsc, if stable"},
		{finding != "" && noise.ClockStepNS > clockCoarseNS, StateBad, finding, "sentinels are blind: longer --budget"},
		{noise.ClockNS > clockSlowNS, StateWarn, finding, "latency of short tasks includes it"},
		{finding != "", StateOK, finding, ""},
	}
}

func goEnvRules(info Info, _ Noise) []rule {
	return []rule{
		{info.GoEnv != "", StateWarn, info.GoEnv, "unset it, or say so: --env, --gomaxprocs"},
		{true, StateOK, "no settings of the Go runtime", ""},
	}
}

// size prints bytes in the units memory is sold by, 10^9 and 10^6; "" for 0.
func size(n int64) string {
	switch {
	case n == 0:
		return ""
	case n < 1e9:
		return fmt.Sprintf("%d MB", n/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// join leaves out what is empty.
func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}
