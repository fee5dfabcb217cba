package machine

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

const cpuDirs = "/sys/devices/system/cpu/cpu[0-9]*"

// cpuModel is the model name, or on arm64, where the kernel gives none, the
// name of the core's part number; several joined by " + " where cores differ.
func cpuModel(f files) string {
	parts := map[string]bool{}
	implementer := ""
	for line := range f.lines("/proc/cpuinfo") {
		name, value, _ := strings.Cut(line, ":")
		value = strings.Join(strings.Fields(value), " ")
		switch strings.TrimSpace(name) {
		case "model name", "cpu model": // x86 and most others; MIPS
			return value
		case "CPU implementer":
			implementer = value
		case "CPU part": // follows the implementer of the same core
			parts[armCore(implementer, value)] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(parts)), " + ")
}

// armCore names the cores that servers, CI and desk machines have; the numbers
// are those of the MIDR_EL1 register in the makers' manuals.
func armCore(implementer, part string) string {
	switch implementer + " " + part {
	case "0x41 0xd03":
		return "Cortex-A53"
	case "0x41 0xd05":
		return "Cortex-A55"
	case "0x41 0xd08":
		return "Cortex-A72"
	case "0x41 0xd0b":
		return "Cortex-A76"
	case "0x41 0xd0c":
		return "Neoverse-N1"
	case "0x41 0xd40":
		return "Neoverse-V1"
	case "0x41 0xd49":
		return "Neoverse-N2"
	case "0x41 0xd4f":
		return "Neoverse-V2"
	case "0xc0 0xac3":
		return "Ampere-1"
	}
	return "arm implementer " + implementer + " part " + part
}

// onlineCPUs counts the logical CPUs of the machine; 0 where it does not tell.
func onlineCPUs(f files) int {
	n := 0
	for part := range strings.SplitSeq(f.text("/sys/devices/system/cpu/online"), ",") {
		from, to, isRange := strings.Cut(part, "-")
		first, err := strconv.Atoi(from)
		if err != nil {
			return 0
		}
		last := first
		if isRange {
			if last, err = strconv.Atoi(to); err != nil {
				return 0
			}
		}
		n += last - first + 1
	}
	return n
}

// turbo looks at the two places where drivers keep the switch; they are each
// other's opposite.
func turbo(f files) string {
	switch f.text("/sys/devices/system/cpu/intel_pstate/no_turbo") {
	case "0":
		return "on"
	case "1":
		return "off"
	}
	return onOff(f.text("/sys/devices/system/cpu/cpufreq/boost"))
}

func smt(f files) string { return onOff(f.text("/sys/devices/system/cpu/smt/active")) }

func onOff(value string) string {
	switch value {
	case "1":
		return "on"
	case "0":
		return "off"
	}
	return ""
}
