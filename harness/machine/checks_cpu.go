package machine

import "fmt"

// unevenFrom and crowdingFrom are well above what one CPU of a kind differs by
// from itself between the rounds of a probe.
const (
	unevenFrom   = 1.10
	crowdingFrom = 1.15
)

func checkCores(info Info, noise Noise) Check {
	const name = "cores"
	switch {
	case info.Usable <= 1:
		return warn(name, "1 CPU to use", "concurrency models will all look alike")
	case noise.Uneven > unevenFrom && info.Virtual != "":
		return warn(name, fmt.Sprintf("%d CPUs, one %.2fx slower than another", info.Usable, noise.Uneven),
			"a busy neighbour: compare in one run")
	case noise.Uneven > unevenFrom:
		return warn(name, fmt.Sprintf("%d CPUs, one %.2fx slower than another", info.Usable, noise.Uneven),
			"cores of two kinds? choose with --cpus")
	}
	return ok(name, fmt.Sprintf("%d CPUs to use", info.Usable))
}

func checkAffinity(info Info) Check {
	const name = "affinity"
	switch {
	case info.OS != "linux":
		return untold(name, info)
	case info.Usable < info.CPUs:
		return warn(name, fmt.Sprintf("%d of %d CPUs allowed", info.Usable, info.CPUs),
			"keep taskset or cpuset alike in all runs")
	}
	return ok(name, "all CPUs allowed")
}

func checkQuota(info Info) Check {
	const name = "quota"
	switch {
	case info.OS != "linux":
		return untold(name, info)
	case info.Quota == 0:
		return ok(name, "none")
	case info.Quota < 1:
		return bad(name, fmt.Sprintf("%.2f of a core", info.Quota), "throttled when busy: give it a whole CPU")
	case info.Quota < float64(info.Usable):
		return warn(name, fmt.Sprintf("%.4g cores on %d CPUs", info.Quota, info.Usable),
			"throttled above that: limit by cpuset")
	}
	return ok(name, fmt.Sprintf("%.4g cores on %d CPUs", info.Quota, info.Usable))
}

// checkSMT trusts the probe before the flag: a guest is often told that its
// hyperthreads are cores.
func checkSMT(info Info, noise Noise) Check {
	const name = "smt"
	switch {
	case noise.Crowding > crowdingFrom:
		return warn(name, fmt.Sprintf("all CPUs busy: each %.2fx slower", noise.Crowding),
			"shared cores or clock: less speed-up")
	case noise.Crowding > 0 && info.Usable > 1:
		return ok(name, fmt.Sprintf("all CPUs busy: each as fast as alone (%.2fx)", noise.Crowding))
	case info.SMT == "on":
		return warn(name, "on: two CPUs share a core", "less speed-up beyond half the CPUs")
	case info.SMT == "off":
		return ok(name, "off")
	}
	return untold(name, info)
}

func checkGovernor(info Info) Check {
	const name = "governor"
	finding := info.Governor
	if info.Driver != "" {
		finding += " (" + info.Driver + ")"
	}
	switch {
	case info.Governor == "performance":
		return ok(name, finding)
	case info.Governor != "":
		return warn(name, finding, "cpupower frequency-set -g performance")
	case info.Virtual != "":
		return unknown(name, "the host's affair, hidden from a guest")
	}
	return untold(name, info)
}

func checkTurbo(info Info) Check {
	const name = "turbo"
	switch {
	case info.Turbo == "on" && info.Driver == "intel_pstate":
		return warn(name, "on: speed depends on heat", "in sysfs: cpu/intel_pstate/no_turbo = 1")
	case info.Turbo == "on":
		return warn(name, "on: speed depends on heat", "in sysfs: cpu/cpufreq/boost = 0")
	case info.Turbo == "off":
		return ok(name, "off")
	case info.Virtual != "":
		return unknown(name, "the host's affair, hidden from a guest")
	}
	return untold(name, info)
}
