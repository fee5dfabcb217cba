//go:build linux

package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tick is the unit of the times in /proc.
const tick = 10 * time.Millisecond

// others measures how much of the machine somebody else has while a trial runs: other
// processes, and other machines on the same host.
type others struct{ all, busy, ours time.Duration }

func watchOthers() (others, error) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return others{}, err
	}
	first, _, _ := strings.Cut(string(stat), "\n")
	var o others
	for i, field := range strings.Fields(first)[1:] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return o, fmt.Errorf("/proc/stat: %w", err)
		}
		const idle, iowait, guest = 3, 4, 8 // guest and what follows are counted as user already
		if i >= guest {
			break
		}
		o.all += time.Duration(n) * tick
		if i != idle && i != iowait {
			o.busy += time.Duration(n) * tick
		}
	}
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var used syscall.Rusage
		if err := syscall.Getrusage(who, &used); err != nil {
			return o, err
		}
		o.ours += time.Duration(used.Utime.Nano() + used.Stime.Nano())
	}
	return o, nil
}

// share is what others have had of the machine's time since then, 0 to 1.
func (o others) share() (float64, error) {
	now, err := watchOthers()
	if err != nil || now.all == o.all {
		return 0, err
	}
	return max(0, float64((now.busy-o.busy)-(now.ours-o.ours))/float64(now.all-o.all)), nil
}
