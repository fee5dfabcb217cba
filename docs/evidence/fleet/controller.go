//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"zstdshop/harness/result"
)

// resumed is a run whose controller is zstdshop, which is killed, and that is gone on with
// where nothing is known of it.
func (t *running) resumed(ctx context.Context) ([]*result.Result, error) {
	first, err := t.controller(ctx, "one", matrix(t.units, 1)...)
	if err != nil {
		return nil, err
	}
	if err := first.Start(); err != nil {
		return nil, err
	}
	waiting, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		cancel(errors.Join(errors.New("the first controller ended by itself"), first.Wait()))
	}()
	err = t.waitForResults(waiting, filepath.Join(t.dir, "one", "zstdshop", "fleet", "*"))
	if err := errors.Join(err, first.Process.Kill()); err != nil {
		return nil, err
	}
	<-ended
	second, err := t.controller(ctx, "two", "--resume")
	if err != nil {
		return nil, err
	}
	if err := second.Run(); err != nil {
		return nil, fmt.Errorf("the second controller: %w", err)
	}
	r, err := readResult(filepath.Join(t.dir, "two", "fleet.json"))
	if err != nil {
		return nil, err
	}
	return []*result.Result{r}, nil
}

// controller is bench --fleet, in a folder of its own that is its state folder, too.
func (t *running) controller(ctx context.Context, folder string, args ...string) (*exec.Cmd, error) {
	return bench(ctx, t.program, filepath.Join(t.dir, folder), t.urls, args...)
}

func bench(ctx context.Context, program, dir, urls string, args ...string) (*exec.Cmd, error) {
	if program == "" {
		return nil, errors.New("-program: name zstdshop, built from these sources")
	}
	path, err := filepath.Abs(program)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, path, slices.Concat([]string{"bench", "--fleet", urls, "--export", "fleet.json"}, args)...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+dir)
	return cmd, nil
}

// matrix are the flags of bench for units of some cells.
func matrix(units, cells int) []string {
	var iters, workers []string
	for i := range units {
		iters = append(iters, strconv.Itoa(1+i))
	}
	for i := range cells {
		workers = append(workers, strconv.Itoa(1+i))
	}
	runner := "single"
	if cells > 1 {
		runner = "pool"
	}
	return []string{"--scenario", "cpuburn", "--runner", runner, "--workers", strings.Join(workers, ","), "--iters", strings.Join(iters, ","), "--budget", "1s"}
}
