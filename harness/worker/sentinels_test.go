package worker

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"zstdshop/runners"
)

// Every runner of this program brings all of its workers to a rendezvous, one task
// each: they wait for one another, so none takes a second.
func TestRendezvousCountsAllWorkers(t *testing.T) {
	for name, runner := range map[string]runners.Runner{"single": runners.Single(), "pool": runners.Pool(), "gomaxprocs1": runners.GOMAXPROCS1()} {
		for _, workers := range []int{1, 2, 3} {
			if most := runner.Info().MaxWorkers; most > 0 && workers > most {
				continue
			}
			for _, place := range []int{0, 1, -1} {
				// Long enough for any machine: they meet long before.
				m := rendezvous{lanes: workers, timeout: time.Hour, place: place}
				var mu sync.Mutex
				var came []int
				err := runner.Run(t.Context(), workers, workers, func(worker, item int) error {
					mu.Lock()
					came = append(came, worker)
					mu.Unlock()
					return m.task(worker, item)
				})
				slices.Sort(came)
				if want := []int{0, 1, 2}[:workers]; err != nil || !slices.Equal(came, want) || int(m.here.Load()) != workers || m.slowest.Load() <= 0 {
					t.Errorf("%s, place %d: workers %v came, %d counted, sentinel %d ns, %v; want %v", name, place, came, m.here.Load(), m.slowest.Load(), err, want)
				}
			}
		}
	}
}

// A runner may give all tasks to one worker, who then waits for nobody: the
// timeout ends it.
func TestRendezvousOfOneWorker(t *testing.T) {
	for _, m := range []*rendezvous{
		{lanes: 3, timeout: gatherTimeout, place: 0},
		{lanes: 3, timeout: stayTimeout, place: -1},
	} {
		ended := make(chan error, 1)
		go func() { ended <- runners.Single().Run(context.Background(), m.lanes, 1, m.task) }()
		select {
		case err := <-ended:
			if err != nil || m.here.Load() != 3 || m.slowest.Load() <= 0 {
				t.Errorf("place %d: %d came, sentinel %d ns, %v", m.place, m.here.Load(), m.slowest.Load(), err)
			}
		case <-time.After(time.Minute):
			t.Fatalf("place %d: it hangs", m.place)
		}
	}
}

// The slowest worker's sentinel speaks for all, whoever comes last.
func TestRendezvousSlowest(t *testing.T) {
	for _, c := range []struct {
		name   string
		before int64 // the slowest so far
		keeps  bool
	}{
		{"the first", 0, false},
		{"slower than the others", 1, false},
		{"faster than another", 1 << 60, true},
	} {
		m := rendezvous{lanes: 1, place: -1}
		m.slowest.Store(c.before)
		if err := m.task(0, 0); err != nil {
			t.Fatal(err)
		}
		if got := m.slowest.Load(); (got == c.before) != c.keeps || got < c.before {
			t.Errorf("%s: %d became %d", c.name, c.before, got)
		}
	}
}
