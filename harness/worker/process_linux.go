package worker

import (
	"bytes"
	"os"
	"strconv"

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
	set := allowed()
	return set.Count()
}

// peakRSS is VmHWM: of this address space only. ru_maxrss is not used, because
// exec inherits the parent's.
func peakRSS() int64       { return statusField("VmHWM:") * 1024 }
func residentBytes() int64 { return statusField("VmRSS:") * 1024 }
func threads() int         { return int(statusField("Threads:")) }

// ownPeak is the most memory that the process has had of its own, VmHWM less what
// files back: the pages of the program and its libraries say nothing of a cell.
func ownPeak() int64 {
	files := statusField("RssFile:")
	if files == 0 { // a kernel before 4.5
		return 0
	}
	files += statusField("RssShmem:") // of files in memory
	return max(peakRSS()-files*1024, 0)
}

// ownResident is the memory of its own that the process has now, which no file backs. It
// is counted page by page: the counters of /proc/self/status may be some hundred KiB off.
func ownResident() int64 { return field("/proc/self/smaps_rollup", "Anonymous:") * 1024 }

// statusField reads a number of /proc/self/status; 0 where it is missing.
func statusField(name string) int64 { return field("/proc/self/status", name) }

func field(path, name string) int64 {
	status, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if rest, ok := bytes.CutPrefix(line, []byte(name)); ok {
			number, _, _ := bytes.Cut(bytes.TrimSpace(rest), []byte(" ")) // a unit may follow
			n, _ := strconv.ParseInt(string(number), 10, 64)
			return n
		}
	}
	return 0
}
