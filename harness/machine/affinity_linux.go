package machine

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// allowedCPUs lists the CPUs this process may run on, ascending.
func allowedCPUs() []int {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return anyCPUs(runtime.NumCPU()) // more CPUs than the set has room for
	}
	var cpus []int
	for cpu := 0; len(cpus) < set.Count(); cpu++ {
		if set.IsSet(cpu) {
			cpus = append(cpus, cpu)
		}
	}
	return cpus
}

// onCPU runs f on a thread of its own that is bound to the given CPU, and says
// whether it was; where binding is refused f runs anywhere.
func onCPU(cpu int, f func()) (bound bool) {
	runtime.LockOSThread()
	var before, one unix.CPUSet
	one.Set(cpu)
	bound = unix.SchedGetaffinity(0, &before) == nil && unix.SchedSetaffinity(0, &one) == nil
	f()
	if bound && unix.SchedSetaffinity(0, &before) != nil {
		// Stay locked: a goroutine that ends locked takes its bound thread
		// with it, so no other goroutine inherits the binding.
		return bound
	}
	runtime.UnlockOSThread()
	return bound
}
