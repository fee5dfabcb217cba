package machine

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestProbeSees(t *testing.T) {
	n := Probe(context.Background(), 40*time.Millisecond)
	if n.Loops == 0 || n.BusyNS == 0 || n.CopyMBPerS == 0 || n.ClockNS <= 0 {
		t.Errorf("figures are missing: %+v", n)
	}
	// On a busy machine a CPU may not get its turn within so short a probe.
	if most := min(len(allowedCPUs()), runtime.GOMAXPROCS(0)); n.CPUs < 1 || n.CPUs > most {
		t.Errorf("%d CPUs watched of %d", n.CPUs, most)
	}
	if n.Disturbed < 0 || n.Disturbed > 1 {
		t.Errorf("a share of %v disturbed", n.Disturbed)
	}
}

func TestProbeStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if n := Probe(ctx, time.Second); n.Loops != 0 {
		t.Errorf("%d loops after the context ended", n.Loops)
	}
}

// None may start before all are in place, else "all at once" is not.
func TestTogetherWaitsForTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var started atomic.Int32
		bound := together([]int{0, 1, 2}, func(cpu int, f func()) bool {
			if cpu == 2 {
				synctest.Wait() // until the others can go no further
				if n := started.Load(); n > 0 {
					t.Errorf("%d started before the last was in its place", n)
				}
			}
			f()
			return cpu != 1
		}, func(int) { started.Add(1) })
		if started.Load() != 3 || bound {
			t.Errorf("%d of 3 ran, bound %v; one was not", started.Load(), bound)
		}
	})
}

func TestRecordIsNotReallocated(t *testing.T) {
	s := newSeries([]int{0}, false, time.Millisecond)[0]
	if len(s.ns) != 0 || cap(s.ns) < probeRounds*500 {
		t.Errorf("room for %d sentinels of 2 us in %d rounds of 1 ms", cap(s.ns), probeRounds)
	}
	full := s
	full.ns = full.ns[:cap(full.ns)]
	full.watch(context.Background(), time.Second) // would take a second if it did not stop
	if len(full.ns) != cap(s.ns) {
		t.Errorf("a full record grew from %d to %d", cap(s.ns), len(full.ns))
	}
}
