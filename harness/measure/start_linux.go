package measure

import (
	"fmt"
	"os/exec"
	"runtime"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"zstdshop/harness/machine"
)

// starter is the thread on which every worker process is started. The kernel ends a
// worker with the thread that forked it, not with the process (prctl(2),
// PR_SET_PDEATHSIG), and Go ends threads and makes new ones as it likes; this one
// lives as long as the process.
var starter = sync.OnceValue(func() chan<- func() {
	calls := make(chan func())
	go func() {
		runtime.LockOSThread()
		for call := range calls {
			call()
		}
	}()
	return calls
})

// startChild starts cmd so that it is killed when this process ends, however that
// happens, and bound to cpus ("0-1,3"; "" all).
func startChild(cmd *exec.Cmd, cpus string) error {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	started := make(chan error)
	starter() <- func() { started <- startWithCPUs(cmd, cpus) }
	return <-started
}

// startWithCPUs starts cmd bound to cpus. The child inherits the mask of the thread
// that forks it, so the mask is set on this one, to which the caller is locked, for
// as long as the start takes: in force before the worker's first instruction, in any
// language.
func startWithCPUs(cmd *exec.Cmd, cpus string) error {
	if cpus == "" {
		return cmd.Start()
	}
	list, err := machine.ParseCPUs(cpus)
	if err != nil {
		return err
	}
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
