package fleet

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// retryEvery is the time between two tries: a cluster needs a second or so to choose
// another leader.
const retryEvery = 500 * time.Millisecond

// tryFor is how long one try may take. It is more than the 5 s in which nats.go gives up
// a request, which is for servers that are away; this is for what does not come back.
const tryFor = 15 * time.Second

// errSlow is the cause of a try that has taken too long.
var errSlow = errors.New("the server does not answer in time")

// errLags is wrapped where something may come yet, from a server that leads.
var errLags = errors.New("the server does not have it yet")

// persist does something until it succeeds, fails for good, or ctx ends. A try of more
// than tryFor is ended, and counts as one that a server did not answer.
func persist(ctx context.Context, do func(ctx context.Context) error) error {
	return persistFor(ctx, tryFor, do)
}

// persistFor is persist with tries of another length.
func persistFor(ctx context.Context, limit time.Duration, do func(ctx context.Context) error) error {
	for {
		err := try(ctx, limit, do)
		if err == nil || !passing(err) {
			return err
		}
		pause(ctx, retryEvery)
		if ctx.Err() != nil {
			return errors.Join(context.Cause(ctx), err)
		}
	}
}

// try does something once. What it made may go on with its context until the outer one
// ends: a watcher does. So there is no deadline, of which nats.go would also have a
// single request that a cluster without a leader does not answer wait for all of it.
func try(ctx context.Context, limit time.Duration, do func(ctx context.Context) error) error {
	one, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(limit, func() { cancel(errSlow) })
	err := do(one)
	if !timer.Stop() && err == nil {
		err = errSlow // what it made has ended with its context
	}
	if err == nil {
		return nil
	}
	if errors.Is(context.Cause(one), errSlow) && ctx.Err() == nil {
		err = errors.Join(errSlow, err)
	}
	cancel(err)
	return err
}

// pause waits, but not longer than ctx.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// passing reports whether an error is of a server that cannot be reached, or of a
// cluster that has no leader, for the time being.
func passing(err error) bool {
	if api, ok := errors.AsType[*jetstream.APIError](err); ok {
		return api.Code == 503 && !isQueued(err) && !tooFew(err)
	}
	// Objects come by the older half of nats.go, whose errors are of a type of their own.
	if api, ok := errors.AsType[*nats.APIError](err); ok {
		return api.Code == 503
	}
	for _, passes := range []error{nats.ErrTimeout, nats.ErrNoResponders, nats.ErrDisconnected, nats.ErrReconnectBufExceeded, nats.ErrNoServers,
		nats.ErrStaleConnection, nats.ErrConnectionReconnecting, jetstream.ErrNoStreamResponse, jetstream.ErrNoHeartbeat, jetstream.ErrAsyncPublishTimeout,
		context.DeadlineExceeded, os.ErrDeadlineExceeded, errSlow, errLags} { // the second of an object whose rest does not come
		if errors.Is(err, passes) {
			return true
		}
	}
	return false
}

// isQueued reports whether a unit was not taken because it waits already.
func isQueued(err error) bool {
	const storeFailed = 10077 // the stream's limit for each subject
	api, ok := errors.AsType[*jetstream.APIError](err)
	return ok && api.ErrorCode == storeFailed
}

// tooFew reports whether a cluster has not as many servers as copies are asked for.
func tooFew(err error) bool {
	const noServers, insufficientResources, replicasNotSupported = 10005, 10023, 10074
	api, ok := errors.AsType[*jetstream.APIError](err)
	return ok && (api.ErrorCode == noServers || api.ErrorCode == insufficientResources || api.ErrorCode == replicasNotSupported)
}

// noJetStream reports whether nobody hears requests to JetStream.
func noJetStream(err error) bool {
	return errors.Is(err, nats.ErrNoResponders) || errors.Is(err, jetstream.ErrNoStreamResponse) || errors.Is(err, jetstream.ErrJetStreamNotEnabled)
}

// gone takes it for success that what is to be removed is not there.
func gone(err error) error {
	if errors.Is(err, jetstream.ErrObjectNotFound) || errors.Is(err, jetstream.ErrConsumerNotFound) || errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil
	}
	return err
}
