package admission

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestOrder: who waits gets in in order of arrival, and not before it fits.
func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &Control{Capacity: 10, Most: time.Hour, Timeout: time.Hour}
		if _, err := a.Enter(8, 0); err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var order []int64
		for _, size := range []int64{5, 2, 7} {
			go func() {
				if _, err := a.Enter(size, time.Second); err != nil {
					t.Error(err)
				}
				mu.Lock()
				order = append(order, size)
				mu.Unlock()
			}()
			synctest.Wait() // each comes after the one before
		}
		if used, waiting := a.Load(); used != 8 || waiting != 3 || a.Wait() != 300*time.Millisecond {
			t.Errorf("used %d, %d waiting, for %v", used, waiting, a.Wait())
		}
		if a.Try(3, 2) || !a.Try(2, 2) {
			t.Error("Try is to take what fits, and only that")
		}
		for _, c := range []struct {
			leave, used int64
			in          int
		}{{2, 8, 0}, {8, 7, 2}, {5, 9, 3}, {2, 7, 3}, {7, 0, 3}} {
			a.Leave(c.leave)
			synctest.Wait()
			mu.Lock()
			if used, _ := a.Load(); used != c.used || len(order) != c.in {
				t.Errorf("after leaving with %d: used %d, in %v", c.leave, used, order)
			}
			mu.Unlock()
		}
		if len(order) != 3 || order[2] != 7 {
			t.Errorf("order %v", order)
		}
	})
}

// TestQueue: the queue is bounded by cost and by time.
func TestQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &Control{Capacity: 1, Most: 3 * time.Second, Timeout: 10 * time.Second}
		if _, err := a.Enter(1, 0); err != nil {
			t.Fatal(err)
		}
		results := make(chan error, 3)
		for range 2 {
			go func() { results <- second(a.Enter(1, 2*time.Second)) }()
		}
		synctest.Wait()
		if !a.Full() {
			t.Error("4 s are waiting where 3 s are the Most: not full")
		}
		if _, err := a.Enter(1, time.Millisecond); !errors.Is(err, ErrBusy) {
			t.Errorf("one more: %v", err)
		}
		began := time.Now()
		for range 2 { // nobody leaves
			if err := <-results; !errors.Is(err, ErrBusy) {
				t.Errorf("after a long wait: %v", err)
			}
		}
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("waited %v", took)
		}
		if used, waiting := a.Load(); used != 1 || waiting != 0 || a.Full() || a.Wait() != 0 {
			t.Errorf("used %d, %d waiting", used, waiting)
		}
	})
}

// TestLarge: what is larger than all there is gets in when nobody else is.
func TestLarge(t *testing.T) {
	a := &Control{Capacity: 10, Most: 1, Timeout: time.Hour}
	if _, err := a.Enter(11, 0); err != nil {
		t.Error(err)
	}
	if a.Try(1, 0) {
		t.Error("let in beside it")
	}
	if !a.Try(5, 11) {
		t.Error("more is refused to one that is alone")
	}
	a.Leave(16)
	if !a.Try(10, 0) {
		t.Error("not free again")
	}
}

// TestForgets: one that gives up lets those behind it in.
func TestForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &Control{Capacity: 10, Most: 1, Timeout: time.Second}
		if _, err := a.Enter(5, 0); err != nil {
			t.Fatal(err)
		}
		large, small := make(chan error, 1), make(chan error, 1)
		go func() { large <- second(a.Enter(6, 0)) }()
		synctest.Wait()
		time.Sleep(time.Millisecond) // of the bubble's clock
		go func() { small <- second(a.Enter(4, 0)) }()
		if err := <-large; !errors.Is(err, ErrBusy) {
			t.Error(err)
		}
		if err := <-small; err != nil {
			t.Error(err)
		}
	})
}

func second[A, B any](_ A, b B) B { return b }
