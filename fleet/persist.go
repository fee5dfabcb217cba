package fleet

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// retryEvery is the time between two tries: a cluster needs a second or so to choose
// another leader.
const retryEvery = 500 * time.Millisecond

// persist does something until it succeeds, fails for good, or ctx ends.
func persist(ctx context.Context, do func() error) error {
	for {
		err := do()
		if err == nil || !passing(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		case <-time.After(retryEvery):
		}
		if ctx.Err() != nil {
			return errors.Join(context.Cause(ctx), err)
		}
	}
}

// passing reports whether an error is of a server that cannot be reached, or of a
// cluster that has no leader, for the time being.
func passing(err error) bool {
	if api, ok := errors.AsType[*jetstream.APIError](err); ok {
		return api.Code == 503 && !isQueued(err) && !tooFew(err)
	}
	for _, passes := range []error{nats.ErrTimeout, nats.ErrNoResponders, nats.ErrDisconnected, nats.ErrReconnectBufExceeded, nats.ErrNoServers,
		nats.ErrStaleConnection, nats.ErrConnectionReconnecting, jetstream.ErrNoStreamResponse, jetstream.ErrNoHeartbeat, jetstream.ErrAsyncPublishTimeout,
		context.DeadlineExceeded} {
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

// gone takes it for success that what is to be removed is not there.
func gone(err error) error {
	if errors.Is(err, jetstream.ErrObjectNotFound) || errors.Is(err, jetstream.ErrConsumerNotFound) || errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil
	}
	return err
}
