package fleet

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/nats-io/nats.go/jetstream"
)

// Agents returns the agents that are there, by name. What is none is told to log.
func (h *Hub) Agents(ctx context.Context, log func(format string, args ...any)) ([]*Presence, error) {
	all, err := listed(ctx, h.agents, "agent", readPresence, log)
	slices.SortFunc(all, func(a, b *Presence) int { return cmp.Compare(a.Agent, b.Agent) })
	return all, err
}

// Runs returns the runs that are not over, the oldest first.
func (h *Hub) Runs(ctx context.Context, log func(format string, args ...any)) ([]*Run, error) {
	all, err := listed(ctx, h.runs, "run", readRun, log)
	slices.SortFunc(all, func(a, b *Run) int { return a.Began.Compare(b.Began) })
	return all, err
}

// listed returns what a bucket has now. What read refuses is told to log, as what it should
// have been.
func listed[T any](ctx context.Context, bucket jetstream.KeyValue, what string, read func(key string, data []byte) (*T, error),
	log func(format string, args ...any)) (all []*T, err error) {
	err = persist(ctx, func(ctx context.Context) error {
		all = nil
		watcher, err := bucket.WatchAll(ctx, jetstream.IgnoreDeletes())
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
				one, err := read(entry.Key(), entry.Value())
				if err != nil {
					log("%s %s: %v", what, clip(entry.Key()), err)
					continue
				}
				all = append(all, one)
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("fleet: ask for each %s: %w", what, err)
	}
	return all, nil
}
