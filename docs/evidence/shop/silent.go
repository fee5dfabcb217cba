//go:build linux

package main

import (
	"fmt"
	"time"
)

const (
	silentConnections = 1024
	freshPings        = 200
)

// silent opens as many connections as the server has, sends nothing on them, and asks
// for /ping on new ones.
func silent(program string) error {
	s, err := startOnFirstCPU(program)
	if err != nil {
		return err
	}
	defer s.cmd.Process.Kill()
	var open []*client
	defer func() {
		for _, c := range open {
			c.Close()
		}
	}()
	for range silentConnections {
		c, err := dial(s.addr)
		if err != nil {
			return err
		}
		open = append(open, c)
	}
	var times latencies
	raw := request("GET", "/ping", "", nil)
	for range freshPings {
		begin := time.Now()
		c, err := dial(s.addr)
		if err != nil {
			return err
		}
		got, err := c.do(raw)
		times = append(times, time.Since(begin))
		open = append(open, c)
		if err != nil {
			return err
		}
		if got.status != 200 {
			return fmt.Errorf("a new connection is answered %d", got.status)
		}
	}
	fmt.Printf("silent: %d connections that send nothing; %d of %d new ones answered: %v\n", silentConnections, len(times), freshPings, times)
	return nil
}

func startOnFirstCPU(program string, args ...string) (s *shop, err error) {
	err = onFirstCPU(func() (err error) { s, err = start(program, nil, args...); return err })
	return s, err
}
