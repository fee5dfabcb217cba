package fleet

import (
	"context"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// beat tells the server, until the function that it returns is called, that a unit is
// still worked on; without, the server gives it to another agent.
func beat(ctx context.Context, msg jetstream.Msg, ackWait time.Duration) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		every := time.NewTicker(max(ackWait/3, time.Millisecond))
		defer every.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-every.C:
				_ = msg.InProgress() // a connection that is lost comes back, or another agent begins anew
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}
