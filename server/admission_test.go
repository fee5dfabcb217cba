package server

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestAdmissionOrder: who waits gets in in order of arrival, and not before it fits.
func TestAdmissionOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &admission{capacity: 10, most: time.Hour, timeout: time.Hour}
		if _, err := a.enter(8, 0); err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var order []int64
		for _, size := range []int64{5, 2, 7} {
			go func() {
				if _, err := a.enter(size, time.Second); err != nil {
					t.Error(err)
				}
				mu.Lock()
				order = append(order, size)
				mu.Unlock()
			}()
			synctest.Wait() // each comes after the one before
		}
		if used, waiting := a.load(); used != 8 || waiting != 3 || a.wait() != 300*time.Millisecond {
			t.Errorf("used %d, %d waiting, for %v", used, waiting, a.wait())
		}
		if a.try(3, 2) || !a.try(2, 2) {
			t.Error("try is to take what fits, and only that")
		}
		for _, c := range []struct {
			leave, used int64
			in          int
		}{{2, 8, 0}, {8, 7, 2}, {5, 9, 3}, {2, 7, 3}, {7, 0, 3}} {
			a.leave(c.leave)
			synctest.Wait()
			mu.Lock()
			if used, _ := a.load(); used != c.used || len(order) != c.in {
				t.Errorf("after leaving with %d: used %d, in %v", c.leave, used, order)
			}
			mu.Unlock()
		}
		if len(order) != 3 || order[2] != 7 {
			t.Errorf("order %v", order)
		}
	})
}

// TestAdmissionQueue: the queue is bounded by cost and by time.
func TestAdmissionQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &admission{capacity: 1, most: 3 * time.Second, timeout: 10 * time.Second}
		if _, err := a.enter(1, 0); err != nil {
			t.Fatal(err)
		}
		results := make(chan error, 3)
		for range 2 {
			go func() { results <- second(a.enter(1, 2*time.Second)) }()
		}
		synctest.Wait()
		if !a.full() {
			t.Error("4 s are waiting where 3 s are the most: not full")
		}
		if _, err := a.enter(1, time.Millisecond); !errors.Is(err, errBusy) {
			t.Errorf("one more: %v", err)
		}
		began := time.Now()
		for range 2 { // nobody leaves
			if err := <-results; !errors.Is(err, errBusy) {
				t.Errorf("after a long wait: %v", err)
			}
		}
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("waited %v", took)
		}
		if used, waiting := a.load(); used != 1 || waiting != 0 || a.full() || a.wait() != 0 {
			t.Errorf("used %d, %d waiting", used, waiting)
		}
	})
}

// TestAdmissionLarge: what is larger than all there is gets in when nobody else is.
func TestAdmissionLarge(t *testing.T) {
	a := &admission{capacity: 10, most: 1, timeout: time.Hour}
	if _, err := a.enter(11, 0); err != nil {
		t.Error(err)
	}
	if a.try(1, 0) {
		t.Error("let in beside it")
	}
	if !a.try(5, 11) {
		t.Error("more is refused to one that is alone")
	}
	a.leave(16)
	if !a.try(10, 0) {
		t.Error("not free again")
	}
}

// TestAdmissionForgets: one that gives up lets those behind it in.
func TestAdmissionForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &admission{capacity: 10, most: 1, timeout: time.Second}
		if _, err := a.enter(5, 0); err != nil {
			t.Fatal(err)
		}
		large, small := make(chan error, 1), make(chan error, 1)
		go func() { large <- second(a.enter(6, 0)) }()
		synctest.Wait()
		time.Sleep(time.Millisecond) // of the bubble's clock
		go func() { small <- second(a.enter(4, 0)) }()
		if err := <-large; !errors.Is(err, errBusy) {
			t.Error(err)
		}
		if err := <-small; err != nil {
			t.Error(err)
		}
	})
}

func second[A, B any](_ A, b B) B { return b }
