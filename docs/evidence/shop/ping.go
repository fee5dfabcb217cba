//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// pingCommand makes this program one that asks for /ping and does nothing else:
// in a process that also sends bombs its goroutines would wait for each other.
const pingCommand = "ping"

const (
	pingsEvery      = 5 * time.Millisecond
	pingConnections = 16
)

// pinging is such a process.
type pinging struct {
	cmd   *exec.Cmd
	stop  io.Closer
	times io.Reader
}

func startPinging(addr string) (*pinging, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(exe, pingCommand, addr)
	cmd.Stderr = os.Stderr
	stop, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	times, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &pinging{cmd, stop, times}, cmd.Start()
}

// end tells the process to end and returns what it has measured.
func (p *pinging) end() (latencies, error) {
	var times latencies
	if err := p.stop.Close(); err != nil {
		return nil, err
	}
	if err := json.NewDecoder(p.times).Decode(&times); err != nil {
		return nil, fmt.Errorf("/ping: %w", err)
	}
	return times, p.cmd.Wait()
}

// pingUntilTold asks at a steady rate until standard input ends, and writes how
// long each answer took from when the question was due.
func pingUntilTold(addr string) error {
	told := make(chan bool)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // the end is all there is to it
		close(told)
	}()
	times, err := ping(addr, told)
	if err != nil {
		return fmt.Errorf("/ping: %w", err)
	}
	return json.NewEncoder(os.Stdout).Encode(times)
}

// ping keeps several connections, so that a question need not wait for the answer
// to the one before.
func ping(addr string, told <-chan bool) (latencies, error) {
	due := make(chan time.Time, 1<<20)
	var mu sync.Mutex
	var times latencies
	var failed error
	var all sync.WaitGroup
	for range pingConnections {
		all.Go(func() {
			took, err := pingWhenDue(addr, due)
			mu.Lock()
			defer mu.Unlock()
			times = append(times, took...)
			failed = errors.Join(failed, err)
		})
	}
	for at := time.Now(); ; at = at.Add(pingsEvery) {
		select {
		case <-told:
			close(due)
			all.Wait()
			return times, failed
		case <-time.After(time.Until(at)):
			due <- at
		}
	}
}

func pingWhenDue(addr string, due <-chan time.Time) (latencies, error) {
	raw := request("GET", "/ping", "", nil)
	c, err := dial(addr)
	if err != nil {
		return nil, err
	}
	defer func() { c.Close() }()
	var times latencies
	for at := range due {
		got, err := c.do(raw)
		if err == nil && got.status != 200 {
			err = fmt.Errorf("status %d", got.status)
		}
		if err != nil {
			return nil, err
		}
		times = append(times, time.Since(at))
		if got.last {
			c.Close()
			if c, err = dial(addr); err != nil {
				return nil, err
			}
		}
	}
	return times, nil
}
