package fleet

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/nats-io/nats.go/jetstream"
)

// Agents returns the agents that are there, by name. What is none is told to log.
func (h *Hub) Agents(ctx context.Context, log func(format string, args ...any)) (all []*Presence, err error) {
	err = persist(ctx, func() error {
		all = nil
		watcher, err := h.agents.WatchAll(ctx, jetstream.IgnoreDeletes())
		if err != nil {
			return err
		}
		defer watcher.Stop()
		for {
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case entry := <-watcher.Updates():
				if entry == nil {
					return nil
				}
				p, err := readPresence(entry.Key(), entry.Value())
				if err != nil {
					log("agent %s: %v", clip(entry.Key()), err)
					continue
				}
				all = append(all, p)
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("fleet: ask for the agents: %w", err)
	}
	slices.SortFunc(all, func(a, b *Presence) int { return cmp.Compare(a.Agent, b.Agent) })
	return all, nil
}

// Runs returns the runs that are not over, the oldest first.
func (h *Hub) Runs(ctx context.Context, log func(format string, args ...any)) (all []*Run, err error) {
	err = persist(ctx, func() error {
		all = nil
		watcher, err := h.runs.WatchAll(ctx, jetstream.IgnoreDeletes())
		if err != nil {
			return err
		}
		defer watcher.Stop()
		for {
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case entry := <-watcher.Updates():
				if entry == nil {
					return nil
				}
				r, err := readRun(entry.Key(), entry.Value())
				if err != nil {
					log("run %s: %v", clip(entry.Key()), err)
					continue
				}
				all = append(all, r)
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("fleet: ask for the runs: %w", err)
	}
	slices.SortFunc(all, func(a, b *Run) int { return a.Began.Compare(b.Began) })
	return all, nil
}
