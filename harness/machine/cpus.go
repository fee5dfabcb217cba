package machine

import (
	"errors"
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
		first, last, err := cpuRange(part)
		if err != nil || first > last || last > maxCPU {
			return nil, fmt.Errorf("cpus %q: want a list such as 0-1,3 of CPUs 0..%d", list, maxCPU)
		}
		for cpu := first; cpu <= last; cpu++ {
			cpus = append(cpus, cpu)
		}
	}
	slices.Sort(cpus)
	return slices.Compact(cpus), nil
}

// cpuRange reads one part of a list: "3" or "0-1".
func cpuRange(part string) (first, last int, err error) {
	from, to, isRange := strings.Cut(part, "-")
	if !isRange {
		to = from
	}
	a, errA := strconv.ParseUint(from, 10, 32)
	b, errB := strconv.ParseUint(to, 10, 32)
	return int(a), int(b), errors.Join(errA, errB)
}

// anyCPUs are the first n CPUs, where it is not known which are allowed.
func anyCPUs(n int) []int {
	cpus := make([]int, n)
	for i := range cpus {
		cpus[i] = i
	}
	return cpus
}
