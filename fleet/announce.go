package fleet

import (
	"context"
	"sync"
	"time"
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

// begin says that the agent is there; it fails where that cannot be said at all.
func (a *announcer) begin(ctx context.Context) error {
	return persist(ctx, func(ctx context.Context) error { return a.say(ctx) })
}

func (a *announcer) say(ctx context.Context) error {
	a.mu.Lock()
	data, err := encode("agent", &a.presence)
	key := a.presence.Agent
	a.mu.Unlock()
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
