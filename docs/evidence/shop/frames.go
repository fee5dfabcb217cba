//go:build linux

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"
)

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
