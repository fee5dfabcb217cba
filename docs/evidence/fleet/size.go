//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"zstdshop/fleet"
	"zstdshop/harness/machine"
)

// size is what a fleet cost its controller.
type size struct {
	began               time.Time
	commit              string
	units, agents       int
	cells               int
	took                time.Duration
	collecting, all     cost   // until every result was there, and until the end
	stored              uint64 // most bytes on the server
	messages, bytesSent int64  // of the controller's connection, both ways
	outcome             string
}

// cost is what a process used.
type cost struct {
	cpu time.Duration
	rss int64 // most bytes
}

func (c cost) String() string {
	return fmt.Sprintf("%.2f\t%.1f", c.cpu.Seconds(), float64(c.rss)/(1<<20))
}

func (s size) String() string {
	return fmt.Sprintf("%s\t%s\t%s\t%d\t%d\t%d\t%.1f\t%v\t%v\t%d\t%d\t%d\t%s\n", s.began.UTC().Format(time.RFC3339), machine.Current().Fingerprint, s.commit,
		s.units, s.agents, s.cells, s.took.Seconds(), s.collecting, s.all, s.stored>>10, s.messages, s.bytesSent>>10, s.outcome)
}

// measureSize has zstdshop control a run of many units on many agents.
func measureSize(ctx context.Context, s settings) (err error) {
	ctx, cancel := within(ctx, longest)
	defer cancel()
	if s.commit, err = commit(ctx); err != nil {
		return err
	}
	if s.cost == 0 {
		s.cost = s.lasts * time.Duration(s.agents) / time.Duration(s.units)
	}
	dir, err := os.MkdirTemp("", "fleet-size-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	hub, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: filepath.Join(dir, "server"), NoLog: true, NoSigs: true})
	if err != nil {
		return err
	}
	hub.Start()
	defer hub.Shutdown()
	if !hub.ReadyForConnections(10 * time.Second) {
		return fmt.Errorf("the server does not start")
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	agents := exec.CommandContext(ctx, self, "-role", "agents", "-cost", s.cost.String(), "-cells", strconv.Itoa(s.cells), "0", strconv.Itoa(s.agents), hub.ClientURL())
	agents.Stderr = os.Stderr
	if err := agents.Start(); err != nil {
		return err
	}
	defer func() {
		agents.Process.Kill()
		agents.Wait()
	}()
	nc, err := connect(hub.ClientURL())
	if err != nil {
		return err
	}
	defer nc.Close()
	h, err := fleet.Open(ctx, nc)
	if err != nil {
		return err
	}
	if err := waitForAgents(ctx, h, s.agents); err != nil {
		return err
	}
	at := size{began: time.Now(), commit: s.commit, units: s.units, agents: s.agents, cells: s.cells, outcome: complete}
	cmd, err := bench(ctx, s.program, dir, hub.ClientURL(), matrix(s.units, max(s.cells, 1))...)
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	err = at.watch(hub, cmd.Process.Pid, filepath.Join(dir, "zstdshop", "fleet"), ended)
	at.took = time.Since(at.began)
	at.all = cost{cmd.ProcessState.SystemTime() + cmd.ProcessState.UserTime(), cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10}
	if err != nil {
		at.outcome = err.Error()
	} else if r, err := readResult(filepath.Join(dir, "fleet.json")); err != nil {
		at.outcome = err.Error()
	} else if want := s.units * max(s.cells, 1); len(r.Cells) != want {
		at.outcome = fmt.Sprintf("%d of %d cells", len(r.Cells), want)
	}
	return appendRow(s.rows, at)
}

// watch takes in what the server has stored at most, what the controller said to it, and
// what it has cost when every result is in its folder.
func (s *size) watch(hub *server.Server, pid int, folder string, ended <-chan error) error {
	for {
		select {
		case err := <-ended:
			all, connErr := hub.Connz(&server.ConnzOptions{State: server.ConnAll, Limit: 10000})
			if connErr != nil {
				return connErr
			}
			for _, c := range all.Conns {
				if c.Name == "zstdshop" {
					s.messages, s.bytesSent = c.InMsgs+c.OutMsgs, c.InBytes+c.OutBytes
				}
			}
			return err
		case <-time.After(50 * time.Millisecond):
		}
		if at, err := hub.Jsz(nil); err == nil {
			s.stored = max(s.stored, at.Store+at.Memory)
		}
		if s.collecting.rss > 0 {
			continue
		}
		if there, err := filepath.Glob(filepath.Join(folder, "*", "*.json")); err == nil && len(there) == s.units {
			s.collecting, _ = costOf(pid) // or it has just ended
		}
	}
}

// costOf is what a process has used so far.
func costOf(pid int) (c cost, err error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return c, err
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return c, err
	}
	_, after, _ := strings.Cut(string(stat), ") ") // behind the name
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	times, sizes := strings.Fields(after), strings.Fields(peak)
	if len(times) < 13 || len(sizes) == 0 {
		return c, errors.New("no times or no sizes in /proc")
	}
	for _, text := range times[11:13] {
		ticks, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return c, err
		}
		c.cpu += time.Duration(ticks) * 10 * time.Millisecond
	}
	kib, err := strconv.ParseInt(sizes[0], 10, 64)
	c.rss = kib << 10
	return c, err
}
