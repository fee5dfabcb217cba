package worker

import (
	"runtime"
	"sync/atomic"
	"time"

	"zstdshop/harness/machine"
)

// A rendezvous is a round of the runner's own workers, before or after a slice, in
// which each of them times the sentinel loop on the thread it runs on.
//
// The one before also spreads them over the CPUs. Left to itself a kernel may
// wake the second worker on the CPU of the first and take several milliseconds
// to move it, in a guest above all, where an idle CPU looks taken. A program
// that runs for long does not feel that; slices of milliseconds would measure
// little else (docs/method.md). Threads are moved, not bound.
type rendezvous struct {
	lanes   int           // workers that run at once; all of them are waited for
	timeout time.Duration // how long
	// place is the CPU of the first worker, the others have the next ones; -1
	// leaves threads where they are and waits without sleeping.
	place   int
	here    atomic.Int64
	slowest atomic.Int64 // sentinel time of the slowest in nanoseconds
}

const (
	gatherTimeout = time.Millisecond
	gatherNap     = 20 * time.Microsecond // frees the CPU for a worker that was woken on it
	stayTimeout   = 30 * time.Microsecond
	findTurns     = 8 // turns between looks for new threads
)

// task is what each worker runs once.
func (m *rendezvous) task(_, _ int) error {
	n := int(m.here.Add(1)) - 1
	if m.place >= 0 {
		runtime.LockOSThread()
		moveThread(m.place + n)
		runtime.UnlockOSThread()
	}
	for start := time.Now(); m.here.Load() < int64(m.lanes) && time.Since(start) < m.timeout; {
		if m.place >= 0 {
			sleepThread(gatherNap)
		}
	}
	ns := timeSentinel()
	for {
		slowest := m.slowest.Load()
		if ns <= slowest || m.slowest.CompareAndSwap(slowest, ns) {
			return nil
		}
	}
}

func timeSentinel() int64 {
	start := time.Now()
	_ = machine.Sentinel()
	return time.Since(start).Nanoseconds()
}
