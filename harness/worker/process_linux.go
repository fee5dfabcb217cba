package worker

import (
	"bytes"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// processCPU is the CPU time of the whole process in nanoseconds.
func processCPU() int64 {
	var ts unix.Timespec
	if unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &ts) != nil {
		return 0
	}
	return ts.Nano()
}

// usableCPUs is how many CPUs the process may run on.
func usableCPUs() int {
	var set unix.CPUSet
	if unix.SchedGetaffinity(0, &set) != nil {
		return 0
	}
	return set.Count()
}

// peakRSS is VmHWM: of this address space only. ru_maxrss is not used, because
// exec inherits the parent's.
func peakRSS() int64       { return statusField("VmHWM:") * 1024 }
func residentBytes() int64 { return statusField("VmRSS:") * 1024 }
func threads() int         { return int(statusField("Threads:")) }

// statusField reads a number of /proc/self/status; 0 where it is missing.
func statusField(name string) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if rest, ok := bytes.CutPrefix(line, []byte(name)); ok {
			fields := bytes.Fields(rest)
			if len(fields) == 0 {
				return 0
			}
			n, _ := strconv.ParseInt(string(fields[0]), 10, 64)
			return n
		}
	}
	return 0
}

// waited is the time in nanoseconds that the threads of this process have spent
// ready to run without a CPU to run on: the second field of each thread's
// schedstat. A thread that ends takes its share with it, so differences are
// only good while threads do not end, as those of the Go runtime do not.
func waited() int64 {
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return 0
	}
	total := int64(0)
	for _, t := range tasks {
		stat, err := os.ReadFile("/proc/self/task/" + t.Name() + "/schedstat")
		if err != nil {
			continue
		}
		if fields := bytes.Fields(stat); len(fields) == 3 {
			n, _ := strconv.ParseInt(string(fields[1]), 10, 64)
			total += n
		}
	}
	return total
}

// sleepThread puts the calling thread to sleep.
func sleepThread(d time.Duration) {
	ts := unix.NsecToTimespec(d.Nanoseconds())
	// An early return by a signal makes a nap shorter, no more.
	_ = unix.Nanosleep(&ts, nil)
}
