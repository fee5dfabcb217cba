package machine

import (
	"strings"
	"testing"
)

// quiet is a machine and a probe without a fault.
func quiet() (Info, Noise) {
	return Info{Host: "bench", OS: "linux", Kernel: "6.8.0", Arch: "amd64", CPU: "AMD Ryzen 9 5950X 16-Core Processor",
			CPUs: 8, Usable: 8, MemBytes: 32e9, MemAvailable: 16e9, Driver: "acpi-cpufreq", Governor: "performance",
			Turbo: "off", SMT: "off", Clock: "tsc", LoadStart: 0.1, Fingerprint: "0123456789ab"},
		Noise{Loops: 200_000, BusyNS: 1e9, CPUs: 8, Bound: true, SentinelNS: 5200, Disturbed: 0.01, Spread: 1.02,
			Crowding: 1.01, Uneven: 1.01, GapsPerSecond: 2, LongestGapNS: 300_000, ClockNS: 21, ClockStepNS: 20,
			CopyMBPerS: 12_000, CopySpread: 1.2}
}

type change = func(*Info, *Noise)

// guest, foreign and unprobed are the three ways to know less.
var (
	guest    change = func(i *Info, _ *Noise) { i.Virtual, i.Governor, i.Driver, i.Turbo = "KVM", "", "", "" }
	foreign  change = func(i *Info, _ *Noise) { *i = Info{OS: "darwin", Arch: "arm64", CPU: "Apple M2", CPUs: 8, Usable: 8} }
	unprobed change = func(_ *Info, n *Noise) { *n = Noise{} }
)

func both(changes ...change) change {
	return func(i *Info, n *Noise) {
		for _, c := range changes {
			c(i, n)
		}
	}
}

func TestExamine(t *testing.T) {
	for _, test := range []struct {
		check   string
		change  change
		state   string
		finding string // part of it
		advice  string // part of it
	}{
		{"cores", nil, StateOK, "8 CPUs", ""},
		{"cores", func(i *Info, _ *Noise) { i.Usable = 1 }, StateWarn, "1 CPU", "look alike"},
		{"cores", func(_ *Info, n *Noise) { n.Uneven = 1.1 }, StateOK, "8 CPUs", ""},
		{"cores", func(_ *Info, n *Noise) { n.Uneven = 1.4 }, StateWarn, "one 1.40x slower", "--cpus"},
		{"cores", both(guest, func(_ *Info, n *Noise) { n.Uneven = 1.4 }), StateWarn, "one 1.40x slower", "neighbour"},

		{"affinity", nil, StateOK, "all", ""},
		{"affinity", func(i *Info, _ *Noise) { i.Usable = 2 }, StateWarn, "2 of 8", "cpuset"},
		{"affinity", foreign, StateUnknown, "only Linux tells", ""},

		{"quota", nil, StateOK, "none", ""},
		{"quota", func(i *Info, _ *Noise) { i.Quota = 0.5 }, StateBad, "0.50 of a core", "whole CPU"},
		{"quota", func(i *Info, _ *Noise) { i.Quota = 1 }, StateWarn, "1 cores on 8", "throttled"},
		{"quota", func(i *Info, _ *Noise) { i.Quota = 7.5 }, StateWarn, "7.5 cores on 8", "throttled"},
		{"quota", func(i *Info, _ *Noise) { i.Quota = 8 }, StateOK, "8 cores", ""},
		{"quota", foreign, StateUnknown, "only Linux tells", ""},

		{"smt", nil, StateOK, "as fast as alone (1.01x)", ""},
		{"smt", func(_ *Info, n *Noise) { n.Crowding = 1.15 }, StateOK, "1.15x", ""},
		{"smt", func(_ *Info, n *Noise) { n.Crowding = 1.7 }, StateWarn, "each 1.70x slower", "less speed-up"},
		{"smt", func(i *Info, _ *Noise) { i.SMT = "on" }, StateOK, "as fast as alone", ""},
		{"smt", both(unprobed, func(i *Info, _ *Noise) { i.SMT = "on" }), StateWarn, "share a core", "speed-up"},
		{"smt", unprobed, StateOK, "off", ""},
		{"smt", both(unprobed, func(i *Info, _ *Noise) { i.SMT = "" }), StateUnknown, "does not tell", ""},
		{"smt", both(unprobed, foreign), StateUnknown, "only Linux tells", ""},
		{"smt", foreign, StateOK, "as fast as alone", ""},

		{"governor", nil, StateOK, "performance (acpi-cpufreq)", ""},
		{"governor", func(i *Info, _ *Noise) { i.Governor, i.Driver = "powersave", "intel_pstate" }, StateWarn, "powersave (intel_pstate)", "cpupower"},
		{"governor", func(i *Info, _ *Noise) { i.Governor = "performance,schedutil" }, StateWarn, "performance,schedutil", "cpupower"},
		{"governor", guest, StateUnknown, "hidden from a guest", ""},
		{"governor", foreign, StateUnknown, "only Linux tells", ""},

		{"turbo", nil, StateOK, "off", ""},
		{"turbo", func(i *Info, _ *Noise) { i.Turbo = "on" }, StateWarn, "heat", "boost = 0"},
		{"turbo", func(i *Info, _ *Noise) { i.Turbo, i.Driver = "on", "intel_pstate" }, StateWarn, "heat", "no_turbo = 1"},
		{"turbo", guest, StateUnknown, "hidden from a guest", ""},
		{"turbo", foreign, StateUnknown, "only Linux tells", ""},

		{"virtual", nil, StateOK, "no hypervisor", ""},
		{"virtual", guest, StateWarn, "KVM", "longer --budget"},
		{"virtual", foreign, StateUnknown, "only Linux tells", ""},
		{"virtual", func(i *Info, _ *Noise) { i.OS = "windows" }, StateOK, "no hypervisor", ""},

		{"container", nil, StateOK, "none", ""},
		{"container", func(i *Info, _ *Noise) { i.Container = true }, StateWarn, "all CPUs of its host", "cpuset"},
		{"container", func(i *Info, _ *Noise) { i.Container, i.Usable = true, 4 }, StateOK, "some CPUs", ""},
		{"container", foreign, StateUnknown, "only Linux tells", ""},

		{"memory", nil, StateOK, "14.9 GiB available", ""},
		{"memory", func(i *Info, _ *Noise) { i.MemAvailable = 800e6 }, StateWarn, "762 MiB available", "few workers"},
		{"memory", func(i *Info, _ *Noise) { i.MemLimit = 512 << 20 }, StateWarn, "512 MiB is the limit", "few workers"},
		{"memory", func(i *Info, _ *Noise) { i.MemLimit = 128 << 20 }, StateBad, "128 MiB is the limit", "killed"},
		{"memory", func(i *Info, _ *Noise) { i.MemLimit = 20e9 }, StateOK, "14.9 GiB available", ""},
		{"memory", foreign, StateUnknown, "only Linux tells", ""},

		{"load", nil, StateOK, "0.10 on 8 CPUs", ""},
		{"load", func(i *Info, _ *Noise) { i.LoadStart = 4 }, StateOK, "4.00", ""},
		{"load", func(i *Info, _ *Noise) { i.LoadStart = 4.1 }, StateWarn, "4.10 on 8 CPUs", "stop other work"},
		{"load", func(i *Info, _ *Noise) { i.LoadStart = 9 }, StateBad, "9.00 on 8 CPUs", "stop other work"},
		{"load", foreign, StateUnknown, "only Linux tells", ""},

		{"noise", nil, StateOK, "1 % disturbed: quiet, resolves 1 %", ""},
		{"noise", func(_ *Info, n *Noise) { n.Disturbed = 0.30 }, StateWarn, "30 % disturbed: usable, resolves 2 %", "stop other work"},
		{"noise", both(guest, func(_ *Info, n *Noise) { n.Disturbed = 0.05 }), StateWarn, "usable, resolves 2 %", "longer --budget"},
		{"noise", func(_ *Info, n *Noise) { n.Disturbed = 0.51 }, StateBad, "51 % disturbed: precision unknown", "calibrate"},
		{"noise", func(_ *Info, n *Noise) { n.ClockStepNS = 500_000 }, StateUnknown, "too coarse", ""},
		{"noise", func(_ *Info, n *Noise) { n.SentinelNS = 0 }, StateUnknown, "too coarse", ""},
		{"noise", unprobed, StateUnknown, "not probed", ""},

		{"gaps", nil, StateOK, "2 a second, longest 0.3 ms", ""},
		{"gaps", func(_ *Info, n *Noise) { n.GapsPerSecond = 11 }, StateWarn, "11 a second", "stop other work"},
		{"gaps", func(_ *Info, n *Noise) { n.LongestGapNS = 60e6 }, StateWarn, "longest 60.0 ms", "stop other work"},
		{"gaps", func(i *Info, n *Noise) { i.Quota, n.LongestGapNS = 2, 60e6 }, StateWarn, "longest 60.0 ms", "the quota throttles"},
		{"gaps", func(_ *Info, n *Noise) { n.GapsPerSecond = 201 }, StateBad, "201 a second", "stop other work"},
		{"gaps", func(_ *Info, n *Noise) { n.ClockStepNS = 500_000 }, StateUnknown, "too coarse", ""},
		{"gaps", unprobed, StateUnknown, "not probed", ""},

		{"bandwidth", nil, StateOK, "12.0 GB/s, p95/p5 1.20", ""},
		{"bandwidth", func(_ *Info, n *Noise) { n.CopySpread = 2.4 }, StateWarn, "p95/p5 2.40", "longer --budget"},
		{"bandwidth", unprobed, StateUnknown, "not probed", ""},

		{"clock", nil, StateOK, "tsc, 21 ns a read, steps of 20 ns", ""},
		{"clock", unprobed, StateOK, "tsc", ""},
		{"clock", func(i *Info, _ *Noise) { i.Clock = "hpet" }, StateWarn, "hpet", "clocksource=tsc"},
		{"clock", both(unprobed, func(i *Info, _ *Noise) { i.Clock = "acpi_pm" }), StateWarn, "acpi_pm", "clocksource=tsc"},
		{"clock", func(i *Info, n *Noise) { i.Clock, n.ClockNS = "xen", 700 }, StateWarn, "700 ns a read", "latency"},
		{"clock", func(_ *Info, n *Noise) { n.ClockStepNS = 500_000 }, StateBad, "steps of 500000 ns", "blind"},
		{"clock", foreign, StateOK, "21 ns a read", ""},
		{"clock", both(foreign, unprobed), StateUnknown, "only Linux tells", ""},

		{"go env", nil, StateOK, "no settings", ""},
		{"go env", func(i *Info, _ *Noise) { i.GoEnv = "GOGC=50 GODEBUG=gctrace=1" }, StateWarn, "GOGC=50 GODEBUG=gctrace=1", "--env"},
	} {
		info, noise := quiet()
		if test.change != nil {
			test.change(&info, &noise)
		}
		for _, c := range Examine(info, noise) {
			if c.Name != test.check {
				continue
			}
			if c.State != test.state || !strings.Contains(c.Finding, test.finding) || !strings.Contains(c.Advice, test.advice) ||
				(test.advice == "") != (c.Advice == "") {
				t.Errorf("%s: %q %q %q\nwant %q ...%q... ...%q...", c.Name, c.State, c.Finding, c.Advice, test.state, test.finding, test.advice)
			}
			if len(c.Advice) > adviceWidth {
				t.Errorf("%s: advice %q is over %d characters", c.Name, c.Advice, adviceWidth)
			}
			// Names that people or makers gave may be cut; ours may not.
			if c.Advice != "" && len(c.Finding) > findingWidth && c.Name != "virtual" && c.Name != "go env" && c.Name != "clock" {
				t.Errorf("%s: finding %q is over %d characters", c.Name, c.Finding, findingWidth)
			}
		}
	}
}

func TestEveryFaultHasAdvice(t *testing.T) {
	info, noise := quiet()
	names := map[string]bool{}
	for _, c := range Examine(info, noise) {
		if c.State != StateOK {
			t.Errorf("a machine without a fault: %+v", c)
		}
		if names[c.Name] {
			t.Errorf("two checks are called %s", c.Name)
		}
		names[c.Name] = true
	}
	if got := Examine(Info{}, Noise{}); len(got) != len(names) {
		t.Errorf("%d checks of a machine that tells nothing, %d of one that does", len(got), len(names))
	}
	for _, c := range Examine(worst()) {
		if c.Name == "container" { // faulty only with all CPUs, and then affinity is not
			continue
		}
		if c.State != StateWarn && c.State != StateBad || c.Advice == "" {
			t.Errorf("everything is wrong here, yet: %+v", c)
		}
	}
}

// worst is a machine on which no check passes.
func worst() (Info, Noise) {
	return Info{Host: "a-rather-long-host-name.ci.example.com", OS: "linux", Kernel: "6.8.0-1021-azure", Arch: "amd64",
			CPU: "Intel(R) Xeon(R) Platinum 8370C CPU @ 2.80GHz", CPUs: 128, Usable: 64, Quota: 63.25, MemBytes: 512e9,
			MemAvailable: 400e9, MemLimit: 100 << 20, Driver: "intel_pstate", Governor: "performance,powersave", Turbo: "on",
			SMT: "on", Clock: "hpet", Virtual: "Microsoft Corporation Virtual Machine of a Very Long Name", LoadStart: 300.25,
			GoEnv: "GOMAXPROCS=2 GOGC=50 GOMEMLIMIT=2GiB GODEBUG=gctrace=1,madvdontneed=1", Fingerprint: "0123456789ab"},
		Noise{Loops: 12_345_678, BusyNS: 1e11, CPUs: 64, SentinelNS: 12_345, Disturbed: 0.99, Spread: 12.5, Crowding: 1.95,
			Uneven: 2.75, GapsPerSecond: 1234, LongestGapNS: 1_234_500_000, ClockNS: 1234, ClockStepNS: 840,
			CopyMBPerS: 1234, CopySpread: 12.5}
}
