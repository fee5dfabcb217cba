package server

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"zstdshop/server/internal/lane"
)

// TestWhileQuiet: memory is given back twice after each time that something happened,
// and not before it has been quiet for some ticks.
func TestWhileQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ticks, given := make(chan time.Time), 0
		var activity uint64
		go whileQuiet(t.Context(), ticks, func() uint64 { return activity }, func() { given++ })
		for i, c := range []struct {
			activity uint64 // before this tick
			given    int    // after it
		}{
			{0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, // nothing has happened
			{1, 0}, {2, 0}, {2, 0}, {2, 1}, {2, 2}, {2, 2}, {2, 2},
			{3, 2}, {3, 2}, {4, 2}, {4, 2}, {4, 3}, {4, 4}, {4, 4},
		} {
			synctest.Wait()
			activity = c.activity
			ticks <- time.Time{}
			synctest.Wait()
			if given != c.given {
				t.Fatalf("tick %d: given back %d times, want %d", i, given, c.given)
			}
		}
	})
}

// TestGiveMemoryBack: nothing that is kept for requests to come is left, and the next
// one is served all the same.
func TestGiveMemoryBack(t *testing.T) {
	l := onLoopback(t, func(o *Options) { o.Limits.IdleTime = time.Hour })
	c := l.connect(t)
	large := postRequest("/v1/compress", strings.Repeat("x", 2*lane.SmallBody))
	if got := c.do(large); got.status != 200 {
		t.Fatal(got)
	}
	if len(l.shop.contexts.idle) == 0 || l.activity() == 0 {
		t.Fatalf("nothing is kept: %d contexts", len(l.shop.contexts.idle))
	}
	waitUntil(l, func(e *session) bool { return e.silent.Load() != 0 }, 1)
	l.giveMemoryBack()
	if len(l.shop.contexts.idle) != 0 {
		t.Errorf("%d contexts are kept", len(l.shop.contexts.idle))
	}
	if got := c.do(large); got.status != 200 {
		t.Errorf("afterwards: %v", got)
	}
}
