package fleet

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// deaf is a message of a server that does not answer the first so many tries to
// acknowledge it, and never closes the connection.
type deaf struct {
	jetstream.Msg
	tries, silent int
}

func (d *deaf) DoubleAck(ctx context.Context) error {
	if d.tries++; d.tries <= d.silent {
		<-ctx.Done()
		return ctx.Err()
	}
	return nil
}

// A server that hangs takes a try, not the agent.
func TestAcknowledgeOfAServerThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		msg, began := &deaf{silent: 3}, time.Now()
		if err := acknowledge(t.Context(), msg); err != nil {
			t.Fatal(err)
		}
		if want := 3 * (tryFor + retryEvery); msg.tries != 4 || time.Since(began) != want {
			t.Errorf("%d tries in %v, want 4 in %v", msg.tries, time.Since(began), want)
		}
	})
}

// What the run's end leaves to acknowledge is none of the agent's.
func TestAcknowledgeOfARunThatIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		open := newRuns()
		open.set("r1", &Run{ID: "r1"})
		unit, end := open.whileOpen(t.Context(), "r1")
		defer end()
		go func() {
			time.Sleep(time.Hour) // of the bubble's clock
			open.set("r1", nil)
		}()
		if err := acknowledge(unit, &deaf{silent: 1 << 30}); err != nil {
			t.Error(err)
		}
	})
}

// What a try made outlives it, and what fails for good is not tried again.
func TestPersist(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kept context.Context
		if err := persist(t.Context(), func(ctx context.Context) error { kept = ctx; return nil }); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * tryFor)
		if kept.Err() != nil {
			t.Errorf("the context of what succeeded has ended: %v", context.Cause(kept))
		}
		final, tries := errors.New("final"), 0
		fails := []error{nats.ErrNoResponders, jetstream.ErrNoStreamResponse, final}
		err := persist(t.Context(), func(context.Context) error { tries++; return fails[tries-1] })
		if !errors.Is(err, final) || tries != 3 {
			t.Errorf("%v after %d tries", err, tries)
		}
	})
}

// What ends from outside ends at once: between two tries, and within one.
func TestPersistEnds(t *testing.T) {
	const within = retryEvery + retryEvery/2
	why := errors.New("why")
	away := func(context.Context) error { return nats.ErrNoResponders }
	hangs := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	for name, test := range map[string]struct {
		do   func(ctx context.Context) error
		says error
	}{"between tries": {away, why}, "within one": {hangs, context.Canceled}} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			began := time.Now()
			time.AfterFunc(within, func() { cancel(why) })
			if err := persist(ctx, test.do); !errors.Is(err, test.says) || time.Since(began) != within {
				t.Errorf("%s: %v after %v, want %v after %v", name, err, time.Since(began), test.says, within)
			}
		})
	}
}
