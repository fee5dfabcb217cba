package fleet

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/nats-io/nats.go/jetstream"
)

// runs are the runs that are going on, as an agent knows them.
type runs struct {
	mu      sync.Mutex
	byID    map[string]*Run
	changed chan struct{} // closed at the next change
}

func newRuns() *runs { return &runs{byID: map[string]*Run{}, changed: make(chan struct{})} }

// openRun is a run and its queue that an agent may take units from.
type openRun struct {
	run   *Run
	queue string
}

// fitting returns the runs that an agent fits, the oldest first, and what is closed when
// there may be others.
func (r *runs) fitting(p *Presence) ([]openRun, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var open []openRun
	for _, run := range r.byID {
		if queue, why := run.queue(p); why == "" {
			open = append(open, openRun{run, queue})
		}
	}
	slices.SortFunc(open, func(a, b openRun) int {
		return cmp.Or(a.run.Began.Compare(b.run.Began), cmp.Compare(a.run.ID, b.run.ID))
	})
	return open, r.changed
}

// errOver is the cause of what ends because its run is over.
var errOver = errors.New("the run is over")

// whileOpen returns a context that ends with the run, too. end is to be called.
func (r *runs) whileOpen(ctx context.Context, run string) (_ context.Context, end func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		for {
			r.mu.Lock()
			open, changed := r.byID[run] != nil, r.changed
			r.mu.Unlock()
			if !open {
				cancel(errOver)
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-changed:
			}
		}
	}()
	return ctx, func() { cancel(nil) }
}

// watch follows the hub's runs until ctx ends. ended is told of each that is over.
func (r *runs) watch(ctx context.Context, h *Hub, log func(string, ...any), ended func(run string)) error {
	var watcher jetstream.KeyWatcher
	err := persist(ctx, func(ctx context.Context) (err error) {
		watcher, err = h.runs.WatchAll(ctx)
		return err
	})
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	defer watcher.Stop()
	for {
		var entry jetstream.KeyValueEntry
		select {
		case <-ctx.Done():
			return nil
		case entry = <-watcher.Updates():
		}
		if entry == nil { // all that were there before have been told
			continue
		}
		if entry.Operation() != jetstream.KeyValuePut {
			r.set(entry.Key(), nil)
			ended(entry.Key())
			continue
		}
		run, err := readRun(entry.Key(), entry.Value())
		if err != nil {
			log("run %s: %v", clip(entry.Key()), err)
			continue
		}
		r.set(run.ID, run)
	}
}

// set takes in a run, or that it is over.
func (r *runs) set(id string, run *Run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if run == nil {
		delete(r.byID, id)
	} else {
		r.byID[id] = run
	}
	close(r.changed)
	r.changed = make(chan struct{})
}
