package server

import (
	"errors"
	"sync"
	"time"
)

// gate lets in as much as fits, in order of arrival, and keeps the queue before
// it short: who would have to wait too long is turned away at once.
//
// Two of them guard the server: one counts bytes of memory, one codings. Methods
// may be called by several goroutines.
type gate struct {
	mu       sync.Mutex
	capacity int64
	used     int64
	queue    []*waiter
	backlog  time.Duration // cost of all in the queue
	// most is the largest backlog at which one more may wait.
	most time.Duration
	// patience is how long one waits at most, whatever was estimated.
	patience time.Duration
}

type waiter struct {
	size    int64
	cost    time.Duration
	granted chan struct{} // closed with mu held
}

// errBusy says that the queue is full or that waiting took too long.
var errBusy = errors.New("too much to do")

// enter takes size of the capacity, waiting where it must; leave gives it back.
// cost is the time the holder will keep it, as far as one can tell. What is
// larger than the capacity gets in alone. The error is errBusy.
func (g *gate) enter(size int64, cost time.Duration) error {
	g.mu.Lock()
	if len(g.queue) == 0 && g.fits(size) {
		g.used += size
		g.mu.Unlock()
		return nil
	}
	if g.backlog >= g.most {
		g.mu.Unlock()
		return errBusy
	}
	w := &waiter{size: size, cost: cost, granted: make(chan struct{})}
	g.queue = append(g.queue, w)
	g.backlog += cost
	g.mu.Unlock()

	timer := time.NewTimer(g.patience)
	defer timer.Stop()
	select {
	case <-w.granted:
		return nil
	case <-timer.C:
	}
	if g.forget(w) {
		return errBusy
	}
	return nil // granted just now
}

// try takes size more for one that holds some already, ahead of the queue. It is
// granted if it fits now, and to one that is alone in any case: waiting would be
// for itself.
func (g *gate) try(size, held int64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if size > g.capacity-g.used && g.used != held {
		return false
	}
	g.used += size
	return true
}

// leave gives size back and lets in whom that makes room for.
func (g *gate) leave(size int64) {
	g.mu.Lock()
	g.used -= size
	g.admit()
	g.mu.Unlock()
}

// full tells whether one that comes now would be turned away.
func (g *gate) full() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.queue) > 0 && g.backlog >= g.most
}

// wait is how long the queue takes to empty, as far as one can tell.
func (g *gate) wait() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.backlog / time.Duration(max(g.capacity, 1))
}

// load is what is used and how many wait.
func (g *gate) load() (used int64, waiting int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.used, len(g.queue)
}

func (g *gate) fits(size int64) bool { return g.used == 0 || size <= g.capacity-g.used }

// admit is called with mu held.
func (g *gate) admit() {
	for len(g.queue) > 0 && g.fits(g.queue[0].size) {
		w := g.queue[0]
		g.queue = g.queue[1:]
		g.used += w.size
		g.backlog -= w.cost
		close(w.granted)
	}
}

// forget takes w out of the queue; false where it is not in it any more.
func (g *gate) forget(w *waiter) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := range g.queue {
		if g.queue[i] == w {
			g.queue = append(g.queue[:i], g.queue[i+1:]...)
			g.backlog -= w.cost
			g.admit() // it may have stood before one that fits
			return true
		}
	}
	return false
}
