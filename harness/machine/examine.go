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
	why := "this system does not tell"
	if info.OS != "linux" {
		why = "only Linux tells"
	}
	var all []Check
	for _, c := range checks(info, noise) {
		rules := append(c.rules, rule{true, StateUnknown, why, ""})
		first := rules[slices.IndexFunc(rules, func(r rule) bool { return r.holds })]
		all = append(all, Check{c.name, first.state, first.finding, first.advice})
	}
	return all
}

// A check is its rules in order: the first that holds counts. Where none does, the
// system does not tell.
type check struct {
	name  string
	rules []rule
}

// A rule is what a check says where it holds.
type rule struct {
	holds                  bool
	state, finding, advice string
}

func checks(info Info, noise Noise) []check {
	linux, guest := info.OS == "linux", info.Virtual != ""
	limited := info.Quota < float64(info.Usable)
	uneven := fmt.Sprintf("%d CPUs, one %.2fx slower than another", info.Usable, noise.Uneven)
	some := fmt.Sprintf("%d of %d CPUs allowed", info.Usable, info.CPUs)
	crowded := fmt.Sprintf("all CPUs busy: each %.2fx slower", noise.Crowding)
	quota := fmt.Sprintf("%.4g cores on %d CPUs", info.Quota, info.Usable)
	governor := info.Governor
	if info.Driver != "" {
		governor += " (" + info.Driver + ")"
	}
	const heat = "on: speed depends on heat"
	hidden := rule{guest, StateUnknown, "the host's affair, hidden from a guest", ""}
	memory, free := info.MemAvailable, " available"
	if info.MemLimit > 0 && (memory == 0 || info.MemLimit < memory) {
		memory, free = info.MemLimit, " is the limit"
	}
	free = size(memory) + free
	perCPU := ratio(info.LoadStart, float64(info.CPUs))
	load := fmt.Sprintf("%.2f on %d CPUs", info.LoadStart, info.CPUs)
	notProbed := rule{noise.Loops == 0, StateUnknown, "not probed", ""}
	blind := noise.ClockStepNS > clockCoarseNS
	percent := fmt.Sprintf("%.0f %% disturbed", 100*noise.Disturbed)
	gaps := fmt.Sprintf("%.0f a second, longest %.1f ms", noise.GapsPerSecond, float64(noise.LongestGapNS)/1e6)
	gapAdvice := "stop other work; fewer workers than CPUs"
	if info.Quota > 0 && limited {
		gapAdvice = "the quota throttles: raise it"
	}
	copies := fmt.Sprintf("copies %.1f GB/s, p95/p5 %.2f", noise.CopyMBPerS/1e3, noise.CopySpread)
	clock := info.Clock
	if noise.ClockNS > 0 {
		clock = join(clock, fmt.Sprintf("%.0f ns a read, steps of %d ns", noise.ClockNS, noise.ClockStepNS))
	}
	// Of these clocks each read is a call into the kernel, or no better than a tick.
	slowClock := slices.Contains([]string{"hpet", "acpi_pm", "jiffies", "pit"}, info.Clock)

	return []check{
		{"cores", []rule{
			{info.Usable <= 1, StateWarn, "1 CPU to use", "concurrency models will all look alike"},
			{noise.Uneven > unevenFrom && guest, StateWarn, uneven, "a busy neighbour: compare in one run"},
			{noise.Uneven > unevenFrom, StateWarn, uneven, "cores of two kinds? choose with --cpus"},
			{true, StateOK, fmt.Sprintf("%d CPUs to use", info.Usable), ""},
		}},
		{"affinity", []rule{
			{linux && info.Usable < info.CPUs, StateWarn, some, "keep taskset or cpuset alike in all runs"},
			{linux, StateOK, "all CPUs allowed", ""},
		}},
		{"quota", []rule{
			{linux && info.Quota == 0, StateOK, "none", ""},
			{linux && info.Quota < 1, StateBad, fmt.Sprintf("%.2f of a core", info.Quota), "throttled when busy: give it a whole CPU"},
			{linux && limited, StateWarn, quota, "throttled above that: limit by cpuset"},
			{linux, StateOK, quota, ""},
		}},
		{"smt", []rule{ // the probe before the flag: a guest is often told that its hyperthreads are cores
			{noise.Crowding > crowdingFrom, StateWarn, crowded, "shared cores or clock: less speed-up"},
			{noise.Crowding > 0 && info.Usable > 1, StateOK, fmt.Sprintf("all CPUs busy: each as fast as alone (%.2fx)", noise.Crowding), ""},
			{info.SMT == "on", StateWarn, "on: two CPUs share a core", "less speed-up beyond half the CPUs"},
			{info.SMT == "off", StateOK, "off", ""},
		}},
		{"governor", []rule{
			{info.Governor == "performance", StateOK, governor, ""},
			{info.Governor != "", StateWarn, governor, "cpupower frequency-set -g performance"},
			hidden,
		}},
		{"turbo", []rule{
			{info.Turbo == "on" && info.Driver == "intel_pstate", StateWarn, heat, "in sysfs: cpu/intel_pstate/no_turbo = 1"},
			{info.Turbo == "on", StateWarn, heat, "in sysfs: cpu/cpufreq/boost = 0"},
			{info.Turbo == "off", StateOK, "off", ""},
			hidden,
		}},
		{"virtual", []rule{
			{guest, StateWarn, info.Virtual, "neighbours do not show: longer --budget"},
			{linux || info.Arch == "amd64", StateOK, "no hypervisor in sight", ""}, // the CPU of the latter tells itself
		}},
		{"container", []rule{
			{info.Container && info.Usable == info.CPUs, StateWarn, "yes, on all CPUs of its host", "give it CPUs of its own: a cpuset"},
			{info.Container, StateOK, "yes, on some CPUs of its host", ""},
			{linux, StateOK, "none in sight", ""},
		}},
		{"memory", []rule{
			{memory > 0 && memory < memoryBad, StateBad, free, "workers may be killed: give it more"},
			{memory > 0 && memory < memoryScarce, StateWarn, free, "few workers, low levels, small corpora"},
			{memory > 0, StateOK, free, ""},
		}},
		{"load", []rule{
			{linux && perCPU > loadFull, StateBad, load, "stop other work, then look again"},
			{linux && perCPU > loadNoticed, StateWarn, load, "stop other work, then look again"},
			{linux, StateOK, load, ""},
		}},
		{"noise", []rule{
			notProbed,
			{blind || noise.SentinelNS == 0, StateUnknown, "the clock is too coarse to tell", ""},
			{noise.Disturbed < disturbedQuiet, StateOK, percent + ": quiet, resolves 1 %", ""},
			{noise.Disturbed > disturbedUsable, StateBad, percent + ": precision unknown", "longer --budget, and calibrate first"},
			{guest, StateWarn, percent + ": usable, resolves 2 %", "compare side by side; longer --budget"},
			{true, StateWarn, percent + ": usable, resolves 2 %", "stop other work; compare side by side"},
		}},
		{"gaps", []rule{
			notProbed,
			{noise.ClockStepNS > gapNS, StateUnknown, "the clock is too coarse to tell", ""},
			{noise.GapsPerSecond > gapsMany, StateBad, gaps, gapAdvice},
			{noise.GapsPerSecond > gapsFew || noise.LongestGapNS > gapLongNS, StateWarn, gaps, gapAdvice},
			{true, StateOK, gaps, ""},
		}},
		{"bandwidth", []rule{
			{noise.CopyMBPerS == 0, StateUnknown, notProbed.finding, ""},
			{noise.CopySpread > copySpreadWide, StateWarn, copies, "large blocks need a longer --budget"},
			{true, StateOK, copies, ""},
		}},
		{"clock", []rule{
			{slowClock, StateWarn, clock, "boot with clocksource=tsc, if stable"},
			{clock != "" && blind, StateBad, clock, "sentinels are blind: longer --budget"},
			{noise.ClockNS > clockSlowNS, StateWarn, clock, "latency of short tasks includes it"},
			{clock != "", StateOK, clock, ""},
		}},
		{"go env", []rule{
			{info.GoEnv != "", StateWarn, info.GoEnv, "unset it, or say so: --env, --gomaxprocs"},
			{true, StateOK, "no settings of the Go runtime", ""},
		}},
	}
}

// size prints memory in binary units, as reports have it; "" for 0.
func size(n int64) string {
	switch {
	case n == 0:
		return ""
	case n < 1<<30:
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}

// join leaves out what is empty.
func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}
