package machine

import "fmt"

const (
	// A context of a high zstd level holds hundreds of MiB, and every worker
	// process has its own.
	memoryScarce = 1 << 30
	memoryBad    = 256 << 20

	loadNoticed = 0.5 // per CPU
	loadFull    = 1.0
)

func checkVirtual(info Info) Check {
	const name = "virtual"
	switch {
	case info.Virtual != "":
		return warn(name, info.Virtual, "neighbours do not show: longer --budget")
	case info.OS != "linux" && info.Arch != "amd64": // there the CPU itself tells
		return untold(name, info)
	}
	return ok(name, "no hypervisor in sight")
}

func checkContainer(info Info) Check {
	const name = "container"
	switch {
	case info.Container && info.Usable == info.CPUs:
		return warn(name, "yes, on all CPUs of its host", "give it CPUs of its own: a cpuset")
	case info.Container:
		return ok(name, "yes, on some CPUs of its host")
	case info.OS != "linux":
		return untold(name, info)
	}
	return ok(name, "none in sight")
}

func checkMemory(info Info) Check {
	const name = "memory"
	have, of := info.MemAvailable, "available"
	if info.MemLimit > 0 && (have == 0 || info.MemLimit < have) {
		have, of = info.MemLimit, "is the limit"
	}
	finding := size(have) + " " + of
	switch {
	case have == 0:
		return untold(name, info)
	case have < memoryBad:
		return bad(name, finding, "workers may be killed: give it more")
	case have < memoryScarce:
		return warn(name, finding, "few workers, low levels, small corpora")
	}
	return ok(name, finding)
}

func checkLoad(info Info) Check {
	const name = "load"
	if info.OS != "linux" {
		return untold(name, info)
	}
	finding := fmt.Sprintf("%.2f on %d CPUs", info.LoadStart, info.CPUs)
	const advice = "stop other work, then look again"
	switch perCPU := ratio(info.LoadStart, float64(info.CPUs)); {
	case perCPU > loadFull:
		return bad(name, finding, advice)
	case perCPU > loadNoticed:
		return warn(name, finding, advice)
	}
	return ok(name, finding)
}

func checkGoEnv(info Info) Check {
	const name = "go env"
	if info.GoEnv != "" {
		return warn(name, info.GoEnv, "unset it, or say so: --env, --gomaxprocs")
	}
	return ok(name, "no settings of the Go runtime")
}
