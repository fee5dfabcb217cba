package server

import (
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"zstdshop/server/internal/lane"
	"zstdshop/server/internal/memory"
)

// resources is what the parts of a server share.
type resources struct {
	limits  Limits
	now     func() time.Time
	started time.Time
	log     *slog.Logger

	metrics  tally
	memory   *memory.Memory
	lane     lane.Lane
	draining atomic.Bool

	complaints complaints
}

func newResources(opts *Options) *resources {
	l := opts.Limits
	l.Connections = connectionLimit(l.Connections, opts.Logger)
	r := &resources{limits: l, now: opts.Now, started: opts.Now(), log: opts.Logger, lane: lane.New()}
	r.memory = memory.New(l.Memory, l.Queue, r.lane)
	return r
}

// complaints keeps a flood of one kind of trouble out of the log.
type complaints struct {
	mu   sync.Mutex
	last map[string]time.Time
	left map[string]int
}

// complainEvery is how often one kind is logged.
const complainEvery = 5 * time.Second

// complain logs an error of a kind, unless that kind was logged just now.
func (r *resources) complain(kind string, err error, args ...any) {
	c := &r.complaints
	c.mu.Lock()
	now := r.now()
	if last, ok := c.last[kind]; ok && now.Sub(last) < complainEvery {
		c.left[kind]++
		c.mu.Unlock()
		return
	}
	if c.last == nil {
		c.last, c.left = map[string]time.Time{}, map[string]int{}
	}
	c.last[kind] = now
	left := c.left[kind]
	c.left[kind] = 0
	c.mu.Unlock()
	args = append(args, "error", err)
	if left > 0 {
		args = append(args, "not_logged", left)
	}
	r.log.Error(kind, args...)
}

// panicked logs a panic that was recovered. Its value may quote a request and is
// left out unless it is a runtime error; the stack names functions only.
func (r *resources) panicked(value any, stack []byte) {
	r.metrics.panics.Add(1)
	err := errors.New("panic")
	if failed, ok := value.(interface {
		error
		RuntimeError()
	}); ok {
		err = failed
	}
	r.complain("panic", err, "stack", string(stack))
}
