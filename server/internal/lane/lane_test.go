package lane

import (
	"testing"
	"testing/synctest"
)

// The places are taken, so a large body waits for one and a small one does not.
func TestWhile(t *testing.T) {
	for name, c := range map[string]struct {
		size  int
		waits bool
	}{
		"large": {SmallBody + 1, true},
		"small": {SmallBody, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := New()
				for range cap(l) {
					l.Enter()
				}
				worked, taken := false, 0
				go l.While(make([]byte, c.size), func() { worked, taken = true, len(l) })
				synctest.Wait()
				if worked == c.waits {
					t.Errorf("without a place: worked %t, waits %t", worked, c.waits)
				}
				l.Leave()
				synctest.Wait()
				if !worked || taken != cap(l) || len(l) != cap(l)-1 {
					t.Errorf("with a place: worked %t; of %d places %d taken meanwhile, %d afterwards", worked, cap(l), taken, len(l))
				}
			})
		})
	}
}

func TestWhileGivesItsPlaceBack(t *testing.T) {
	l := New()
	func() {
		defer func() { _ = recover() }()
		l.While(make([]byte, SmallBody+1), func() { panic("work") })
	}()
	if len(l) != 0 {
		t.Errorf("%d places are taken after work that panicked", len(l))
	}
}
