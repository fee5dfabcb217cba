package worker

import "golang.org/x/sys/windows"

// processCPU is the CPU time of the whole process in nanoseconds; the system
// counts it in ticks of about 15 ms, so parallelism needs long slices there.
func processCPU() int64 {
	var created, exited, kernel, user windows.Filetime
	if windows.GetProcessTimes(windows.CurrentProcess(), &created, &exited, &kernel, &user) != nil {
		return 0
	}
	return 100 * (int64(kernel.HighDateTime)<<32 | int64(kernel.LowDateTime) + int64(user.HighDateTime)<<32 | int64(user.LowDateTime))
}
