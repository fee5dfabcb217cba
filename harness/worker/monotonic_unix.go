//go:build unix

package worker

import "golang.org/x/sys/unix"

// MonotonicNS is the system's monotonic clock in nanoseconds, which all processes
// of the machine share; 0 where there is none.
func MonotonicNS() int64 {
	var now unix.Timespec
	if unix.ClockGettime(unix.CLOCK_MONOTONIC, &now) != nil {
		return 0
	}
	return now.Nano()
}
