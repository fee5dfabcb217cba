package measure

import (
	"fmt"
	"os/exec"
	"runtime"

	"golang.org/x/sys/unix"

	"zstdshop/harness/machine"
)

// startWithCPUs starts cmd bound to cpus ("0-1,3"; "" all). The child inherits
// the mask of the thread that forks it, so the mask is set on a locked thread
// for as long as the start takes: in force before the worker's first
// instruction, in any language.
func startWithCPUs(cmd *exec.Cmd, cpus string) error {
	if cpus == "" {
		return cmd.Start()
	}
	list, err := machine.ParseCPUs(cpus)
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var old, want unix.CPUSet
	if err := unix.SchedGetaffinity(0, &old); err != nil {
		return fmt.Errorf("read affinity: %w", err)
	}
	for _, cpu := range list {
		if !old.IsSet(cpu) {
			return fmt.Errorf("cpus %q: CPU %d is not usable here (%d are)", cpus, cpu, old.Count())
		}
		want.Set(cpu)
	}
	if err := unix.SchedSetaffinity(0, &want); err != nil {
		return fmt.Errorf("set affinity to %q: %w", cpus, err)
	}
	defer unix.SchedSetaffinity(0, &old)
	return cmd.Start()
}
