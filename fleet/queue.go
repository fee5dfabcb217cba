package fleet

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// publishAtOnce is how many units are on their way to the server at the same time.
const publishAtOnce = 100

// enqueue puts units into the queue. One that waits there already stays as it is.
func (h *Hub) enqueue(ctx context.Context, units []*Unit) error {
	for len(units) > 0 {
		some := units[:min(len(units), publishAtOnce)]
		units = units[len(some):]
		var acks []jetstream.PubAckFuture
		for _, u := range some {
			msg, err := u.message()
			if err != nil {
				return err
			}
			ack, err := h.js.PublishMsgAsync(msg)
			if err != nil {
				return fmt.Errorf("fleet: unit %s: %w", u.ID, err)
			}
			acks = append(acks, ack)
		}
		for i, ack := range acks {
			var err error
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-ack.Ok():
			case err = <-ack.Err():
			}
			if err != nil && passing(err) {
				err = h.enqueueOne(ctx, some[i])
			}
			if err != nil && !isQueued(err) {
				return fmt.Errorf("fleet: unit %s: %w", some[i].ID, err)
			}
		}
	}
	return nil
}

func (h *Hub) enqueueOne(ctx context.Context, u *Unit) error {
	msg, err := u.message()
	if err != nil {
		return err
	}
	return persist(ctx, func(ctx context.Context) error {
		_, err := h.js.PublishMsg(ctx, msg)
		return err
	})
}

// message is the unit as it waits in the queue. Its id makes the server take it once,
// however often it is sent.
func (u *Unit) message() (*nats.Msg, error) {
	data, err := encode("unit "+u.ID, u)
	if err != nil {
		return nil, err
	}
	msg := nats.NewMsg(unitSubject(u.Run, u.Queue, u.ID))
	msg.Data = data
	msg.Header.Set(jetstream.MsgIDHeader, fmt.Sprintf("%s.%s.%s.%d", u.Run, u.Queue, u.ID, u.Attempt))
	return msg, nil
}

// waiting returns the units of a run that are in the queue, as subjects, whether an agent
// has them or not.
func (h *Hub) waiting(ctx context.Context, run string) (map[string]uint64, error) {
	return subjectsOf(ctx, h.units, unitSubject(run, "*", "*"))
}

// stored returns how many outcomes of a run there are.
func (h *Hub) stored(ctx context.Context, run string) (n uint64, err error) {
	subjects, err := subjectsOf(ctx, h.outcomes, outcomeSubject("*", run, "*"))
	for _, messages := range subjects {
		n += messages
	}
	return n, err
}

// subjectsOf returns how many messages a stream has of each subject that fits.
func subjectsOf(ctx context.Context, s jetstream.Stream, fits string) (map[string]uint64, error) {
	var subjects map[string]uint64
	err := persist(ctx, func(ctx context.Context) error {
		info, err := s.Info(ctx, jetstream.WithSubjectFilter(fits))
		if err == nil {
			subjects = info.State.Subjects
		}
		return err
	})
	return subjects, err
}

// remove takes a run off the server, with all that is kept for it.
func (h *Hub) remove(ctx context.Context, r *Run, data, figures []string) error {
	// First of all agents must know.
	if err := persist(ctx, func(ctx context.Context) error { return h.runs.Delete(ctx, r.ID) }); err != nil {
		return fmt.Errorf("fleet: end run %s: %w", r.ID, err)
	}
	steps := []func(ctx context.Context) error{
		func(ctx context.Context) error {
			return h.units.Purge(ctx, jetstream.WithPurgeSubject(unitSubject(r.ID, "*", "*")))
		},
		func(ctx context.Context) error {
			return h.outcomes.Purge(ctx, jetstream.WithPurgeSubject(outcomeSubject("*", r.ID, "*")))
		},
	}
	for _, queue := range r.queues() {
		steps = append(steps, func(ctx context.Context) error { return gone(h.units.DeleteConsumer(ctx, consumerName(r.ID, queue))) })
	}
	for store, sums := range map[jetstream.ObjectStore][]string{h.data: append(data, r.Object), h.figures: figures} {
		for _, sum := range sums {
			steps = append(steps, func(ctx context.Context) error { return gone(store.Delete(ctx, objectName(r.ID, sum))) })
		}
	}
	for _, step := range steps {
		if err := persist(ctx, step); err != nil {
			return fmt.Errorf("fleet: remove run %s from the server: %w", r.ID, err)
		}
	}
	return nil
}
