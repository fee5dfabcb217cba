//go:build unix && !linux

package worker

import "golang.org/x/sys/unix"

// processCPU is the CPU time of the whole process in nanoseconds; microsecond
// resolution.
func processCPU() int64 {
	var ru unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &ru) != nil {
		return 0
	}
	return ru.Utime.Nano() + ru.Stime.Nano()
}
