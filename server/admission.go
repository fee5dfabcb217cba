package server

import (
	"errors"
	"sync"
	"time"
)

// admission lets in as much as fits, in order of arrival, and keeps the queue before
// it short: who would have to wait too long is turned away at once.
//
// Three of them guard the server: one counts codings, two bytes of memory. Methods
// may be called by several goroutines.
type admission struct {
	mu       sync.Mutex
	capacity int64
	used     int64
	queue    []*waiter
	backlog  time.Duration // cost of all in the queue
	// most is the largest backlog at which one more may wait.
	most time.Duration
	// timeout is how long one waits at most, whatever was estimated.
	timeout time.Duration
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
// larger than the capacity gets in alone. waited reports whether it had to; the
// error is errBusy.
func (a *admission) enter(size int64, cost time.Duration) (waited bool, err error) {
	a.mu.Lock()
	if len(a.queue) == 0 && a.fits(size) {
		a.used += size
		a.mu.Unlock()
		return false, nil
	}
	if a.backlog >= a.most {
		a.mu.Unlock()
		return false, errBusy
	}
	w := &waiter{size: size, cost: cost, granted: make(chan struct{})}
	a.queue = append(a.queue, w)
	a.backlog += cost
	a.mu.Unlock()

	timer := time.NewTimer(a.timeout)
	defer timer.Stop()
	select {
	case <-w.granted:
		return true, nil
	case <-timer.C:
	}
	if a.forget(w) {
		return true, errBusy
	}
	return true, nil // granted just now
}

// try takes size more for one that holds some already, ahead of the queue. It is
// granted if it fits now, and to one that is alone in any case: waiting would be
// for itself.
func (a *admission) try(size, held int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if size > a.capacity-a.used && a.used != held {
		return false
	}
	a.used += size
	return true
}

// leave gives size back and admits those waiting for whom there is room now.
func (a *admission) leave(size int64) {
	a.mu.Lock()
	a.used -= size
	a.admit()
	a.mu.Unlock()
}

// full reports whether one that comes now would be turned away.
func (a *admission) full() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.queue) > 0 && a.backlog >= a.most
}

// wait is how long the queue takes to empty, as far as one can tell.
func (a *admission) wait() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.backlog / time.Duration(max(a.capacity, 1))
}

// load is what is used and how many wait.
func (a *admission) load() (used int64, waiting int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.used, len(a.queue)
}

func (a *admission) fits(size int64) bool { return a.used == 0 || size <= a.capacity-a.used }

// admit is called with mu held.
func (a *admission) admit() {
	for len(a.queue) > 0 && a.fits(a.queue[0].size) {
		w := a.queue[0]
		a.queue = a.queue[1:]
		a.used += w.size
		a.backlog -= w.cost
		close(w.granted)
	}
}

// forget takes w out of the queue; false where it is not in it any more.
func (a *admission) forget(w *waiter) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range a.queue {
		if a.queue[i] == w {
			a.queue = append(a.queue[:i], a.queue[i+1:]...)
			a.backlog -= w.cost
			a.admit() // it may have stood before one that fits
			return true
		}
	}
	return false
}
