package fleet

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// A server that never answers is named as the reason: that the waiting was ended is not
// taken for somebody's wish to end.
func TestOpenOfASilentServer(t *testing.T) {
	w := newWorld(t, func(o *server.Options) { o.JetStream = false })
	nc := w.connect()
	if _, err := nc.Subscribe("$JS.API.>", func(*nats.Msg) {}); err != nil {
		t.Fatal(err)
	}
	if _, err := openWithin(t.Context(), nc, time.Millisecond); !errors.Is(err, errSilent) || errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, errSilent)
	}
}
