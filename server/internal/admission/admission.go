// Package admission lets in as much as fits, in order of arrival, and keeps the queue
// before it short: who would have to wait too long is turned away at once.
//
// Three controls guard the server: one counts codings, two count bytes of memory. What is
// counted, and what is answered to who is turned away, are the caller's affair.
package admission

import (
	"errors"
	"sync"
	"time"
)

// Control is the admission to a capacity. Its methods may be called by several
// goroutines; its exported fields are set before the first call.
type Control struct {
	// Capacity is how much there is of what Enter takes.
	Capacity int64
	// Most is the largest cost of all in the queue at which one more may wait; with 0
	// nobody waits.
	Most time.Duration
	// Timeout is how long one waits at most, whatever was estimated.
	Timeout time.Duration

	mu      sync.Mutex
	used    int64
	queue   []*waiter
	backlog time.Duration // cost of all in the queue
}

type waiter struct {
	size    int64
	cost    time.Duration
	granted chan struct{} // closed with mu held
}

// ErrBusy says that the queue is full or that waiting took too long.
var ErrBusy = errors.New("too much to do")

// Enter takes size of the capacity, waiting where it must; Leave gives it back.
// cost is the time the holder will keep it, as far as one can tell. What is
// larger than the capacity gets in alone. waited reports whether it had to; the
// error is ErrBusy.
func (a *Control) Enter(size int64, cost time.Duration) (waited bool, err error) {
	a.mu.Lock()
	if len(a.queue) == 0 && a.fits(size) {
		a.used += size
		a.mu.Unlock()
		return false, nil
	}
	if a.backlog >= a.Most {
		a.mu.Unlock()
		return false, ErrBusy
	}
	w := &waiter{size: size, cost: cost, granted: make(chan struct{})}
	a.queue = append(a.queue, w)
	a.backlog += cost
	a.mu.Unlock()

	timer := time.NewTimer(a.Timeout)
	defer timer.Stop()
	select {
	case <-w.granted:
		return true, nil
	case <-timer.C:
	}
	if a.forget(w) {
		return true, ErrBusy
	}
	return true, nil // granted just now
}

// Try takes size more for one that holds some already, ahead of the queue. It is
// granted if it fits now, and to one that is alone in any case: waiting would be
// for itself.
func (a *Control) Try(size, held int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if size > a.Capacity-a.used && a.used != held {
		return false
	}
	a.used += size
	return true
}

// Leave gives size back and admits those waiting for whom there is room now.
func (a *Control) Leave(size int64) {
	a.mu.Lock()
	a.used -= size
	a.admit()
	a.mu.Unlock()
}

// Full reports whether one that comes now would be turned away.
func (a *Control) Full() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.queue) > 0 && a.backlog >= a.Most
}

// Wait is how long the queue takes to empty, as far as one can tell.
func (a *Control) Wait() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.backlog / time.Duration(max(a.Capacity, 1))
}

// Load is what is used and how many wait.
func (a *Control) Load() (used int64, waiting int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.used, len(a.queue)
}

func (a *Control) fits(size int64) bool { return a.used == 0 || size <= a.Capacity-a.used }

// admit is called with mu held.
func (a *Control) admit() {
	for len(a.queue) > 0 && a.fits(a.queue[0].size) {
		w := a.queue[0]
		a.queue = a.queue[1:]
		a.used += w.size
		a.backlog -= w.cost
		close(w.granted)
	}
}

// forget takes w out of the queue; false where it is not in it any more.
func (a *Control) forget(w *waiter) bool {
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
