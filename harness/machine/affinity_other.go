//go:build !linux

package machine

import "runtime"

func allowedCPUs() []int { return anyCPUs(runtime.NumCPU()) }

// onCPU runs f on a thread of its own; binding it to a CPU is Linux's.
func onCPU(_ int, f func()) (bound bool) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	f()
	return false
}
