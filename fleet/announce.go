package fleet

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// announcer says what an agent does.
type announcer struct {
	hub *Hub
	log func(format string, args ...any)

	mu       sync.Mutex
	presence Presence // but for its Work it does not change
	changed  chan struct{}
}

func newAnnouncer(h *Hub, log func(format string, args ...any), p Presence) *announcer {
	p.Instance = cmp.Or(p.Instance, rand.Text())
	p.Schema, p.Since = presenceSchema, time.Now().UTC().Truncate(time.Second)
	return &announcer{hub: h, log: log, changed: make(chan struct{}, 1), presence: p}
}

// set takes in what the agent does. It returns at once.
func (a *announcer) set(w Work) {
	a.mu.Lock()
	news := a.presence.Work.Unit != w.Unit
	a.presence.Work = w
	a.mu.Unlock()
	if !news {
		return // how far it is can wait
	}
	select {
	case a.changed <- struct{}{}:
	default:
	}
}

// begin says that the agent is there. It fails where that cannot be said at all, and where
// another agent of the name is: one that was there is waited for, until it says something
// again or is gone.
func (a *announcer) begin(ctx context.Context) error {
	heard := uint64(0) // the revision of what the other one said last
	for {
		var other jetstream.KeyValueEntry
		err := persist(ctx, func(ctx context.Context) (err error) {
			other, err = a.claim(ctx)
			return err
		})
		switch {
		case err != nil || other == nil:
			return err
		case heard == 0:
			heard = other.Revision()
			a.log("an agent named %s was there a moment ago: looking whether it still is, for %v at most", a.presence.Agent, goneAfter)
		case heard != other.Revision():
			return fmt.Errorf("another agent named %s%s is there: end it, or give this one another --name", a.presence.Agent, hostOf(other))
		}
		pause(ctx, retryEvery)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

// claim says that the agent is there, or returns what another one of its name has said.
func (a *announcer) claim(ctx context.Context) (other jetstream.KeyValueEntry, err error) {
	key, data, err := a.encoded()
	if err != nil {
		return nil, err
	}
	_, err = a.hub.agents.Create(ctx, key, data)
	if !errors.Is(err, jetstream.ErrKeyExists) {
		return nil, err
	}
	other, err = a.hub.agents.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	if p, err := readPresence(key, other.Value()); err == nil && p.Instance == a.presence.Instance {
		_, err := a.hub.agents.Update(ctx, key, data, other.Revision()) // the same agent, started again
		return nil, err
	}
	return other, nil
}

// hostOf says where the agent is that has said something.
func hostOf(said jetstream.KeyValueEntry) string {
	p, err := readPresence(said.Key(), said.Value())
	if err != nil || p.Machine.Host == "" {
		return ""
	}
	return ", on " + p.Machine.Host + ","
}

func (a *announcer) encoded() (key string, data []byte, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	data, err = encode("agent", &a.presence)
	return a.presence.Agent, data, err
}

func (a *announcer) say(ctx context.Context) error {
	key, data, err := a.encoded()
	if err == nil {
		_, err = a.hub.agents.Put(ctx, key, data)
	}
	return err
}

// keep says it again now and then until ctx ends, and then that the agent is gone.
func (a *announcer) keep(ctx context.Context) {
	every := time.NewTicker(presenceEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			_ = a.hub.agents.Delete(ctx, a.presence.Agent) // or it is found out by its silence
			return
		case <-every.C:
		case <-a.changed:
		}
		if err := a.say(ctx); err != nil && ctx.Err() == nil && !passing(err) {
			a.log("say what this agent does: %v", err)
		}
	}
}
