//go:build linux

package main

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
)

const (
	restartTimes   = 100
	restartRate    = 1_000 // requests a second
	restartEvery   = 700 * time.Millisecond
	restartClients = 32
)

// restarts has clients send at a fixed rate while one server after the other
// takes over the socket. Every request has a text of its own; its answer must
// hold that text, and the servers together must have had as many requests as
// were sent.
func restarts(program string) error {
	socket, addr, err := listen()
	if err != nil {
		return err
	}
	defer socket.Close()
	running, err := start(program, socket)
	if err != nil {
		return err
	}
	load := newLoad(addr)
	load.begin()
	served := 0
	for range restartTimes {
		time.Sleep(restartEvery)
		next, err := start(program, socket)
		if err != nil {
			return err
		}
		n, err := running.stop()
		if err != nil {
			return err
		}
		served += n
		running = next
	}
	sent, times, failed := load.end()
	n, err := running.stop()
	if err != nil {
		return err
	}
	served += n
	fmt.Printf("restarts: %d at %d requests a second over %d connections: %d sent, %d failed or short, %d counted by the servers; %v\n",
		restartTimes, restartRate, restartClients, sent, len(failed), served, times)
	if served != sent {
		failed = append(failed, fmt.Errorf("%d requests sent, %d served", sent, served))
	}
	return errors.Join(failed...)
}

// load is clients that send at a rate, whatever the answers take.
type load struct {
	addr    string
	due     chan ticket
	stop    chan bool
	clients sync.WaitGroup

	mu     sync.Mutex
	sent   int
	times  latencies
	failed []error
}

// ticket is a request to send.
type ticket struct {
	number int
	at     time.Time
}

func newLoad(addr string) *load {
	return &load{addr: addr, due: make(chan ticket, restartRate*60), stop: make(chan bool)}
}

func (l *load) begin() {
	go func() {
		defer close(l.due)
		begin := time.Now()
		for n := 0; ; n++ {
			at := begin.Add(time.Duration(n) * time.Second / restartRate)
			select {
			case <-l.stop:
				return
			case <-time.After(time.Until(at)):
				l.due <- ticket{n, at}
			}
		}
	}()
	for range restartClients {
		l.clients.Go(l.client)
	}
}

func (l *load) end() (sent int, times latencies, failed []error) {
	close(l.stop)
	l.clients.Wait()
	return l.sent, l.times, l.failed
}

func (l *load) client() {
	unpacker, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		l.note(ticket{}, err)
		return
	}
	defer unpacker.Close()
	var c *client
	for t := range l.due {
		if c == nil {
			if c, err = dial(l.addr); err != nil {
				l.note(t, err)
				continue
			}
		}
		text := fmt.Sprintf("request %d of many, each with a text of its own; %s", t.number, strings.Repeat("and more of it, ", t.number%50))
		got, err := c.do(request("POST", "/v1/compress", "application/octet-stream", []byte(text)))
		if err == nil && got.status != 200 {
			err = fmt.Errorf("status %d: %.200s", got.status, got.body)
		}
		if err == nil {
			var back []byte
			if back, err = unpacker.DecodeAll(got.body, nil); err == nil && string(back) != text {
				err = fmt.Errorf("the answer holds %.40q", back)
			}
		}
		l.note(t, err)
		if err != nil || got.last {
			c.Close()
			c = nil
		}
	}
	if c != nil {
		c.Close()
	}
}

// note counts a request.
func (l *load) note(t ticket, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent++
	if err != nil {
		l.failed = append(l.failed, fmt.Errorf("request %d: %w", t.number, err))
		return
	}
	l.times = append(l.times, time.Since(t.at))
}
