package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
)

// A controlGroup is a version of control groups: where a new one is made, and the files that
// limit it to 1.5 CPUs.
type controlGroup struct {
	root  string
	files [][2]string // name and contents
}

var controlGroups = []controlGroup{
	{"/sys/fs/cgroup", [][2]string{{"cpu.max", "150000 100000"}}},
	{"/sys/fs/cgroup/cpu", [][2]string{{"cpu.cfs_period_us", "100000"}, {"cpu.cfs_quota_us", "150000"}}},
}

// quota moves this process into a control group of 1.5 CPUs, which the command then
// starts in, and back to the root's.
func quota(context.Context, *sync.WaitGroup) (undo func() error, err error) {
	pid := strconv.Itoa(os.Getpid())
	var errs []error
	for _, g := range controlGroups {
		dir := filepath.Join(g.root, "weather-"+pid)
		if err := os.Mkdir(dir, 0o755); err != nil {
			errs = append(errs, err)
			continue
		}
		files := append(g.files, [2]string{"cgroup.procs", pid})
		err := write(dir, files)
		undo := func() error {
			return errors.Join(write(g.root, [][2]string{{"cgroup.procs", pid}}), os.Remove(dir))
		}
		if err == nil {
			return undo, nil
		}
		errs = append(errs, err, os.Remove(dir))
	}
	return nil, fmt.Errorf("no control group can be made here: run as root on a system that lets you: %w", errors.Join(errs...))
}

// write writes files that exist: where no control groups are mounted, a folder of that
// name is an ordinary one.
func write(dir string, files [][2]string) error {
	for _, file := range files {
		f, err := os.OpenFile(filepath.Join(dir, file[0]), os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = f.WriteString(file[1])
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}
