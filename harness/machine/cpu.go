package machine

import (
	"cmp"
	"maps"
	"slices"
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
	name := map[string]string{
		"0x41 0xd03": "Cortex-A53", "0x41 0xd05": "Cortex-A55", "0x41 0xd08": "Cortex-A72", "0x41 0xd0b": "Cortex-A76",
		"0x41 0xd0c": "Neoverse-N1", "0x41 0xd40": "Neoverse-V1", "0x41 0xd49": "Neoverse-N2", "0x41 0xd4f": "Neoverse-V2",
		"0xc0 0xac3": "Ampere-1",
	}[implementer+" "+part]
	return cmp.Or(name, "arm implementer "+implementer+" part "+part)
}

// onlineCPUs counts the logical CPUs of the machine; 0 where it does not tell.
func onlineCPUs(f files) int {
	n := 0
	for part := range strings.SplitSeq(f.text("/sys/devices/system/cpu/online"), ",") {
		first, last, err := cpuRange(part)
		if err != nil {
			return 0
		}
		n += last - first + 1
	}
	return n
}

// turbo looks at the two places where drivers keep the switch; they are each
// other's opposite.
func turbo(f files) string {
	off := f.text("/sys/devices/system/cpu/intel_pstate/no_turbo")
	return cmp.Or(map[string]string{"0": "on", "1": "off"}[off], onOff(f.text("/sys/devices/system/cpu/cpufreq/boost")))
}

func onOff(value string) string { return map[string]string{"1": "on", "0": "off"}[value] }
