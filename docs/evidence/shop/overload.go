//go:build linux

package main

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	loadClients = 4                // that are as much as the server can do
	peakTime    = 4 * time.Second  // for its capacity
	loadTime    = 20 * time.Second // of overload
	loadTimes   = 10               // the capacity
	senderTime  = time.Second      // for each number of senders that is tried
)

// senders are how many connections the overload may come from: those that bring the most
// to the server are taken, since a client with many has more to do for each request.
var senders = []int{8, 64, 512}

// loads are what is asked for: texts of 1 KB to 256 KiB at levels low and high.
var loads = []struct{ level, size int }{{3, 1_000}, {3, 100_000}, {3, 256 << 10}, {12, 16 << 10}, {12, 256 << 10}, {19, 24 << 10}, {19, 1_000}}

// tallied is what came of a load.
type tallied struct {
	good, refused, without atomic.Int64 // answers; refusals without Retry-After
	mu                     sync.Mutex
	times                  latencies // of the good ones, from when they were sent
	failed                 error
}

// overload measures what the server can do with each load, sends ten times as much, or
// the most that this process can, and prints what still gets done. What it can do is
// measured before and after, since the machine changes.
func overload(program, row string) error {
	fmt.Println("| level | bytes | peak before and after, 1/s | senders | sent, 1/s | done, 1/s | of peak | p99 of the admitted, ms | refused | without Retry-After | first answer afterwards, ms |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|---|")
	for _, l := range loads {
		if !strings.Contains(fmt.Sprintf("level %d, %d bytes", l.level, l.size), row) {
			continue
		}
		s, err := startOnFirstCPU(program)
		if err != nil {
			return err
		}
		defer s.cmd.Process.Kill()
		raw := request("POST", fmt.Sprintf("/v1/compress?level=%d", l.level), "application/octet-stream", []byte(words(l.size)))
		var peak, later, over tallied
		closed(s.addr, raw, &peak)
		capacity := float64(peak.good.Load()) / peakTime.Seconds()
		n := mostSending(s.addr, raw, loadTimes*capacity)
		sent := paced(s.addr, raw, loadTimes*capacity, n, loadTime, &over)
		begin := time.Now()
		after, err := one(s.addr, raw)
		recovery := time.Since(begin)
		closed(s.addr, raw, &later)
		if err = errors.Join(peak.failed, over.failed, later.failed, err); err != nil {
			return err
		}
		if after.status != 200 {
			return fmt.Errorf("level %d, %d bytes: afterwards answered %d", l.level, l.size, after.status)
		}
		done := float64(over.good.Load()) / loadTime.Seconds()
		again := float64(later.good.Load()) / peakTime.Seconds()
		fmt.Printf("| %d | %d | %.0f, %.0f | %d | %.0f | %.0f | %.0f %% | %.0f | %d | %d | %.0f |\n", l.level, l.size, capacity, again, n, sent/loadTime.Seconds(), done, 100*done/((capacity+again)/2),
			over.times.at(0.99).Seconds()*1000, over.refused.Load(), over.without.Load(), recovery.Seconds()*1000)
		if _, err := s.stop(); err != nil {
			return err
		}
	}
	return nil
}

// words is n bytes that compress as English does.
func words(n int) string {
	list := strings.Fields("the of and a to in is you that it he was for on are as with his they I at be this have from or one had by word but not what all were")
	var b strings.Builder
	for state := uint32(7); b.Len() < n; {
		state = state*1664525 + 1013904223
		b.WriteString(list[state>>16%uint32(len(list))] + " ")
	}
	return b.String()[:n]
}

func one(addr string, raw []byte) (answer, error) {
	c, err := dial(addr)
	if err != nil {
		return answer{}, err
	}
	defer c.Close()
	return c.do(raw)
}

// closed has a few clients send one request after the other.
func closed(addr string, raw []byte, t *tallied) {
	var all sync.WaitGroup
	end := time.Now().Add(peakTime)
	for range loadClients {
		all.Go(func() { t.client(addr, raw, func() bool { return time.Now().Before(end) }) })
	}
	all.Wait()
}

// mostSending is the number of senders that bring the most requests of a rate.
func mostSending(addr string, raw []byte, rate float64) (n int) {
	most := 0.0
	for _, try := range senders {
		if sent := paced(addr, raw, rate, try, senderTime, &tallied{}); sent > most {
			n, most = try, sent
		}
	}
	return n
}

// paced sends at a rate for some time, as far as n senders together can, and returns how
// many.
func paced(addr string, raw []byte, rate float64, n int, span time.Duration, t *tallied) float64 {
	var all sync.WaitGroup
	var sent atomic.Int64
	begin := time.Now()
	next := func() bool {
		due := begin.Add(time.Duration(float64(sent.Add(1)) / rate * 1e9))
		if due.After(begin.Add(span)) || time.Since(begin) > span {
			sent.Add(-1)
			return false
		}
		time.Sleep(time.Until(due))
		return true
	}
	for range n {
		all.Go(func() { t.client(addr, raw, next) })
	}
	all.Wait()
	return float64(sent.Load())
}

// client sends while more says so, on a connection for as long as the server keeps it.
func (t *tallied) client(addr string, raw []byte, more func() bool) {
	var c *client
	for more() {
		begin := time.Now()
		var err error
		if c == nil {
			c, err = dial(addr)
		}
		var got answer
		if err == nil {
			got, err = c.do(raw)
		}
		if err != nil {
			t.mu.Lock()
			t.failed = errors.Join(t.failed, err)
			t.mu.Unlock()
			return
		}
		switch got.status {
		case 200:
			t.good.Add(1)
			t.mu.Lock()
			t.times = append(t.times, time.Since(begin))
			t.mu.Unlock()
		case 503:
			t.refused.Add(1)
			if !got.retry {
				t.without.Add(1)
			}
		default:
			t.mu.Lock()
			t.failed = errors.Join(t.failed, fmt.Errorf("answered %d: %.200s", got.status, got.body))
			t.mu.Unlock()
		}
		if got.last {
			c.Close()
			c = nil
		}
	}
	if c != nil {
		c.Close()
	}
}
