package server

import (
	"context"
	"time"
)

// A server that was busy and is quiet gives its memory back. What is kept for the
// next request, contexts, buffers and the heap's free pages, is worth keeping for
// seconds, not for the rest of a night.

// quietTick is how often the server looks whether it is quiet.
const quietTick = 5 * time.Second

// quietTicks is how many ticks nothing must have happened; memory is given back at
// this one and the next, because C memory of contexts is freed by finalizers, which
// the first only wakes.
const quietTicks = 2

// whileQuiet calls giveBack when activity has not changed for so many ticks, once for
// each time that it had changed, until ctx ends.
func whileQuiet(ctx context.Context, ticks <-chan time.Time, activity func() uint64, giveBack func()) {
	seen, still := activity(), quietTicks+2 // nothing has happened yet
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
		}
		if now := activity(); now != seen {
			seen, still = now, 0
			continue
		}
		if still++; still == quietTicks || still == quietTicks+1 {
			giveBack()
		}
		still = min(still, quietTicks+2)
	}
}
