package fleet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Hub is where controllers and agents meet: what is stored on a NATS server or a cluster
// of them. Safe for concurrent use.
type Hub struct {
	js              jetstream.JetStream
	units, outcomes jetstream.Stream
	runs, agents    jetstream.KeyValue
	data, figures   jetstream.ObjectStore
}

const (
	// keptFor is how long the server keeps what nobody has removed, of controllers that
	// never came back.
	keptFor = 7 * 24 * time.Hour
	// window is how long the server knows an outcome from one that it has.
	window = time.Hour
	// ackTime is how long the server may take to say that it has a unit; one whose leader died
	// may never say so, and is asked again.
	ackTime = 10 * time.Second
	// openTime is for a cluster that has no leader yet.
	openTime = 30 * time.Second
)

// errSilent is the cause of what ends because the server has not answered for openTime.
var errSilent = errors.New("the server does not answer: is JetStream on, and is this user allowed to use it (docs/fleet.md)?")

// Open finds what the hub stores on the server, and makes it where it is not there yet.
// On a cluster it is kept on three servers.
func Open(ctx context.Context, nc *nats.Conn) (*Hub, error) { return openWithin(ctx, nc, openTime) }

func openWithin(ctx context.Context, nc *nats.Conn, limit time.Duration) (*Hub, error) {
	js, err := jetstream.New(nc, jetstream.WithPublishAsyncTimeout(ackTime))
	if err != nil {
		return nil, fmt.Errorf("fleet: %w", err)
	}
	h := &Hub{js: js}
	// Not a deadline: of one, a single request that a cluster without a leader does not
	// answer would wait for all of it.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer time.AfterFunc(limit, func() { cancel(errSilent) }).Stop()
	replicas := 1
	if nc.ConnectedClusterName() != "" {
		replicas = 3
	}
	err = h.open(ctx, replicas)
	if replicas > 1 && tooFew(err) {
		err = h.open(ctx, 1)
	}
	if err != nil && errors.Is(context.Cause(ctx), errSilent) {
		err = errSilent // a try says that it was ended, as if somebody had wanted that
	}
	if err != nil {
		return nil, fmt.Errorf("fleet: set up the server's streams: %w", err)
	}
	return h, nil
}

func (h *Hub) open(ctx context.Context, replicas int) error {
	var err error
	if h.units, err = h.stream(ctx, jetstream.StreamConfig{Name: unitStream, Subjects: []string{unitSubjects}, Retention: jetstream.WorkQueuePolicy,
		// A unit that waits already is not put into the queue again.
		MaxMsgsPerSubject: 1, Discard: jetstream.DiscardNew, DiscardNewPerSubject: true,
		MaxMsgSize: maxMessage + 4096, MaxAge: keptFor, Replicas: replicas, Duplicates: window}); err != nil {
		return err
	}
	if h.outcomes, err = h.stream(ctx, jetstream.StreamConfig{Name: outcomeStream, Subjects: []string{outcomeSubjects},
		MaxMsgSize: maxMessage + 4096, MaxAge: keptFor, Replicas: replicas, Duplicates: window}); err != nil {
		return err
	}
	if h.runs, err = h.bucket(ctx, runBucket, jetstream.StreamConfig{MaxAge: keptFor, Replicas: replicas}); err != nil {
		return err
	}
	if h.agents, err = h.bucket(ctx, agentBucket, jetstream.StreamConfig{MaxAge: goneAfter, Replicas: replicas, Storage: jetstream.MemoryStorage}); err != nil {
		return err
	}
	if h.data, err = h.objects(ctx, dataBucket, replicas); err != nil {
		return err
	}
	h.figures, err = h.objects(ctx, figureBucket, replicas)
	return err
}

func (h *Hub) stream(ctx context.Context, cfg jetstream.StreamConfig) (jetstream.Stream, error) {
	return found(ctx, h, cfg.Name, h.js.Stream, func(ctx context.Context) (jetstream.Stream, error) { return h.js.CreateStream(ctx, cfg) })
}

// Buckets are streams as nats.go makes them, but for AllowDirect: with it the server would
// send a message as it is to whichever subject the asker names as that of the answer, with
// permission to publish there or without. So an agent could put units into the queue that
// it had written as something else.

func (h *Hub) bucket(ctx context.Context, name string, cfg jetstream.StreamConfig) (jetstream.KeyValue, error) {
	cfg.Name, cfg.Subjects, cfg.MaxMsgsPerSubject, cfg.MaxMsgSize = "KV_"+name, []string{"$KV." + name + ".>"}, 1, maxMessage
	cfg.Discard, cfg.AllowRollup, cfg.DenyDelete = jetstream.DiscardNew, true, true
	return found(ctx, h, name, h.js.KeyValue, func(ctx context.Context) (kv jetstream.KeyValue, err error) {
		if _, err = h.js.CreateStream(ctx, cfg); err == nil {
			kv, err = h.js.KeyValue(ctx, name)
		}
		return kv, err
	})
}

func (h *Hub) objects(ctx context.Context, name string, replicas int) (jetstream.ObjectStore, error) {
	cfg := jetstream.StreamConfig{Name: "OBJ_" + name, Subjects: []string{"$O." + name + ".C.>", "$O." + name + ".M.>"}, MaxAge: keptFor, Replicas: replicas,
		Discard: jetstream.DiscardNew, AllowRollup: true}
	return found(ctx, h, name, h.js.ObjectStore, func(ctx context.Context) (store jetstream.ObjectStore, err error) {
		if _, err = h.js.CreateStream(ctx, cfg); err == nil {
			store, err = h.js.ObjectStore(ctx, name)
		}
		return store, err
	})
}

// found returns what the server has by a name, which is made where it is not there yet.
// What is there is taken as it is: who may only use it need not be allowed to change it.
func found[T any](ctx context.Context, h *Hub, name string, find func(context.Context, string) (T, error), create func(context.Context) (T, error)) (what T, err error) {
	err = persist(ctx, func(ctx context.Context) error {
		what, err = find(ctx, name)
		if errors.Is(err, jetstream.ErrStreamNotFound) || errors.Is(err, jetstream.ErrBucketNotFound) {
			what, err = create(ctx)
		}
		return h.allowed(err)
	})
	return what, err
}

// allowed says of a request without an answer why there will be none, where that is known:
// a server that has no JetStream, or permissions, of which it speaks beside its answers.
func (h *Hub) allowed(err error) error {
	// In a cluster others may have it, and not be there yet.
	if alone := h.js.Conn().ConnectedClusterName() == ""; alone && noJetStream(err) {
		return errors.New("the server has no JetStream: switch it on there (nats-server -js)")
	}
	if last := h.js.Conn().LastError(); err != nil && passing(err) && errors.Is(last, nats.ErrPermissionViolation) {
		return fmt.Errorf("%w: use the credentials of a controller or an agent (docs/fleet.md); the streams are made by "+
			"`zstdshop fleet` with those of a controller", last)
	}
	return err
}
