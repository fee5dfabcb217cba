//go:build linux

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"sync"
	"time"
)

const (
	bombers   = 64
	bombsEach = 20

	magic = "\x28\xb5\x2f\xfd"
)

// bomb is a frame of 3 MiB that claims 96 GiB: blocks of 4 bytes, each of which
// repeats one byte 128 KiB times.
func bomb() []byte {
	const blocks, size = 3 << 20 / 4, 128 << 10
	frame := bytes.NewBufferString(magic + "\x00\x58") // a window of 2 MiB, no size, no checksum
	for i := range blocks {
		header := uint32(size<<3 | 1<<1)
		if i == blocks-1 {
			header |= 1
		}
		frame.Write([]byte{byte(header), byte(header >> 8), byte(header >> 16), 'x'})
	}
	return frame.Bytes()
}

// bombs sends them from 64 connections at once, a number from each.
func bombs(program string) error {
	frame := bomb()
	for _, b := range []struct {
		path string
		raw  []byte
	}{
		{"/v1/decompress", request("POST", "/v1/decompress", "application/octet-stream", frame)},
		{"/decompress", request("POST", "/decompress", "application/json", []byte(`{"b64":"`+base64.StdEncoding.EncodeToString(frame)+`"}`))},
	} {
		s, err := start(program, nil)
		if err != nil {
			return err
		}
		statuses, pings, took, err := bombard(s.addr, b.raw)
		if err != nil {
			return err
		}
		peak, err := s.memory("VmHWM")
		if err != nil {
			return err
		}
		if _, err := s.stop(); err != nil {
			return err
		}
		fmt.Printf("bombs: %d connections, %d bombs of %d bytes each to %s in %v: answers %v, peak RSS %s; /ping meanwhile: %v\n",
			bombers, bombsEach, len(b.raw), b.path, took.Round(time.Millisecond), statuses, mib(peak), pings)
	}
	return nil
}

// bombard returns how often which status came, and how long /ping took.
func bombard(addr string, raw []byte) (statuses map[int]int, pings latencies, took time.Duration, err error) {
	statuses = map[int]int{}
	asks, err := startPinging(addr)
	if err != nil {
		return nil, nil, 0, err
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	begin := time.Now()
	for range bombers {
		all.Go(func() {
			for range bombsEach {
				got, failed := oneBomb(addr, raw)
				mu.Lock()
				statuses[got.status]++
				if failed != nil {
					err = failed
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	took = time.Since(begin)
	pings, pingErr := asks.end()
	if err == nil {
		err = pingErr
	}
	return statuses, pings, took, err
}

// oneBomb has a connection of its own, since a refused body may end it.
func oneBomb(addr string, raw []byte) (answer, error) {
	c, err := dial(addr)
	if err != nil {
		return answer{}, err
	}
	defer c.Close()
	got, err := c.do(raw)
	if err == nil && got.status != 413 && got.status != 503 {
		err = fmt.Errorf("a bomb is answered %d: %.200s", got.status, got.body)
	}
	return got, err
}

// frames sends the frames by which other servers take gigabytes.
func frames(program string) error {
	s, err := start(program, nil)
	if err != nil {
		return err
	}
	claims := binary.LittleEndian.AppendUint64([]byte(magic+"\xc0\x00"), 60<<30)
	for _, f := range []struct {
		name  string
		frame []byte
	}{
		{"9 bytes: a skippable frame of 4 GiB", []byte("\x50\x2a\x4d\x18\xff\xff\xff\xff\x01")},
		{"18 bytes: a frame that claims 60 GiB", append(claims, "\x0b\x00\x00x"...)},
	} {
		for _, raw := range [][]byte{
			request("POST", "/v1/decompress", "application/octet-stream", f.frame),
			request("POST", "/decompress", "application/json", []byte(`{"b64":"`+base64.StdEncoding.EncodeToString(f.frame)+`"}`)),
		} {
			path := string(bytes.Fields(raw)[1])
			times, grown, status, err := refusals(s, raw)
			if err != nil {
				return err
			}
			fmt.Printf("frames: %s to %s: answer %d; %v; RSS at most +%s\n", f.name, path, status, times, mib(grown))
		}
	}
	_, err = s.stop()
	return err
}

// refusals sends a request 1,000 times on one connection and returns how long
// each took and by how much the server's memory grew meanwhile.
func refusals(s *shop, raw []byte) (times latencies, grown int64, status int, err error) {
	c, err := dial(s.addr)
	if err != nil {
		return nil, 0, 0, err
	}
	defer func() { c.Close() }()
	var before int64
	for i := range 1_100 {
		if i == 100 { // the connection, its buffers and the route are warm
			if err := s.forget(); err != nil {
				return nil, 0, 0, err
			}
			if before, err = s.memory("VmRSS"); err != nil {
				return nil, 0, 0, err
			}
		}
		begin := time.Now()
		got, err := c.do(raw)
		took := time.Since(begin)
		if err != nil {
			return nil, 0, 0, err
		}
		if got.status != 413 && got.status != 422 {
			return nil, 0, 0, fmt.Errorf("answered %d: %.200s", got.status, got.body)
		}
		status = got.status
		if i >= 100 {
			times = append(times, took)
		}
		if got.last {
			c.Close()
			if c, err = dial(s.addr); err != nil {
				return nil, 0, 0, err
			}
		}
	}
	most, err := s.memory("VmHWM")
	return times, most - before, status, err
}
