package worker

import (
	"runtime"
	"time"

	"zstdshop/harness/machine"
)

// sentinels times the sentinel loop on as many threads as the slice will use.
// The first runs on the caller's goroutine, so that a single-threaded slice is
// watched on its own thread; the others wait on threads of their own.
type sentinels struct {
	ask    chan struct{}
	answer chan int64
	others int
}

func newSentinels(threads int) *sentinels {
	s := &sentinels{ask: make(chan struct{}), answer: make(chan int64), others: threads - 1}
	for range s.others {
		go func() {
			runtime.LockOSThread()
			for range s.ask {
				s.answer <- timeSentinel()
			}
		}()
	}
	return s
}

// time answers the slowest thread's time in nanoseconds.
func (s *sentinels) time() int64 {
	for range s.others {
		s.ask <- struct{}{}
	}
	slowest := timeSentinel()
	for range s.others {
		slowest = max(slowest, <-s.answer)
	}
	return slowest
}

func (s *sentinels) stop() { close(s.ask) }

func timeSentinel() int64 {
	start := time.Now()
	_ = machine.Sentinel()
	return time.Since(start).Nanoseconds()
}
