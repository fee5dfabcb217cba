package machine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxCPU bounds a CPU number in an affinity list: the size of the kernel's
// default mask.
const maxCPU = 1023

// ParseCPUs reads an affinity list such as "0-1,3" as taskset does and returns
// the CPU numbers in ascending order, each once.
func ParseCPUs(list string) ([]int, error) {
	var cpus []int
	for part := range strings.SplitSeq(list, ",") {
		from, to, isRange := strings.Cut(part, "-")
		if !isRange {
			to = from
		}
		a, errA := strconv.ParseUint(from, 10, 32)
		b, errB := strconv.ParseUint(to, 10, 32)
		if errA != nil || errB != nil || a > b || b > maxCPU {
			return nil, fmt.Errorf("cpus %q: want a list such as 0-1,3 of CPUs 0..%d", list, maxCPU)
		}
		for cpu := a; cpu <= b; cpu++ {
			cpus = append(cpus, int(cpu))
		}
	}
	slices.Sort(cpus)
	return slices.Compact(cpus), nil
}
