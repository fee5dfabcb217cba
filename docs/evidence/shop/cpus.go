//go:build linux

package main

import (
	"os"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// onFirstCPU calls begin, and what begin starts runs on the first CPU, where there are
// several.
func onFirstCPU(begin func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, first unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	first.Set(0)
	if err := unix.SchedSetaffinity(0, &first); err != nil {
		return err
	}
	err := begin()
	if restored := unix.SchedSetaffinity(0, &before); err == nil {
		err = restored
	}
	return err
}

// leaveFirstCPU takes this process, and what it starts, off the first CPU, where there
// are several.
func leaveFirstCPU() error {
	if runtime.NumCPU() < 2 {
		return nil
	}
	var others unix.CPUSet
	for cpu := 1; cpu < runtime.NumCPU(); cpu++ {
		others.Set(cpu)
	}
	return eachThread(func(id int) error { return unix.SchedSetaffinity(id, &others) })
}

// yieldCPU lets the other processes of a trial go first.
func yieldCPU() error {
	const later = 10
	priority, err := unix.Getpriority(unix.PRIO_PROCESS, 0) // 20 - nice
	if err != nil {
		return err
	}
	nice := min(20-priority+later, 19)
	return eachThread(func(id int) error { return unix.Setpriority(unix.PRIO_PROCESS, id, nice) })
}

// eachThread calls do for every thread of this process; those to come are like the one
// that begins them.
func eachThread(do func(id int) error) error {
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	for _, t := range threads {
		id, err := strconv.Atoi(t.Name())
		if err != nil {
			return err
		}
		if err := do(id); err != nil {
			return err
		}
	}
	return nil
}
