//go:build linux

package main

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// memory sends large bodies until the server has grown, leaves the connections open,
// and looks at what is resident while nothing happens.
func memory(program string) error {
	for _, codec := range []string{"klauspost", "datadog"} {
		s, err := startOnFirstCPU(program, "--codec", codec, "--memory", "512MiB")
		if err != nil {
			return err
		}
		defer s.cmd.Process.Kill()
		idle, err := s.memory("VmRSS")
		if err != nil {
			return err
		}
		clients, err := largeBodies(s.addr)
		if err != nil {
			return err
		}
		peak, err := s.memory("VmHWM")
		if err != nil {
			return err
		}
		fmt.Printf("memory, %s: idle %s, under load %s", codec, mib(idle), mib(peak))
		for range 3 {
			time.Sleep(10 * time.Second)
			now, err := s.memory("VmRSS")
			if err != nil {
				return err
			}
			fmt.Printf(", %s", mib(now))
		}
		fmt.Println(" after 10, 20 and 30 s")
		for _, c := range clients {
			c.Close()
		}
		if _, err := s.stop(); err != nil {
			return err
		}
	}
	return nil
}

// largeBodies has clients send a dozen megabytes each at several levels, at once.
func largeBodies(addr string) ([]*client, error) {
	body := make([]byte, 12<<20)
	state := uint32(1)
	for i := range body {
		state = state*1664525 + 1013904223
		body[i] = "etaoin shrdlu\n"[state>>28%14]
	}
	var mu sync.Mutex
	var clients []*client
	var failed error
	var all sync.WaitGroup
	for i := range 24 {
		all.Go(func() {
			c, err := dial(addr)
			if err == nil {
				_, err = c.do(request("POST", fmt.Sprintf("/v1/compress?level=%d", 1+i%4), "application/octet-stream", body))
			}
			mu.Lock()
			defer mu.Unlock()
			if failed = errors.Join(failed, err); c != nil {
				clients = append(clients, c)
			}
		})
	}
	all.Wait()
	return clients, failed
}
