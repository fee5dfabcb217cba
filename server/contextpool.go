package server

import (
	"fmt"
	"runtime"
	"sync"

	"zstdshop/codecs"
)

// contextPool keeps codec contexts between requests. A context costs milliseconds and
// megabytes to make; whoever codes takes one and puts it back.
//
// It holds few, the ones used last: a codec like libzstd has 131,094 levels and a
// context is for one and for one dictionary. What no longer fits is closed. Some codecs cannot free
// their C memory but by the garbage collector, which does not see that memory
// and has no hurry; so once enough of it is dropped the pool asks for a
// collection itself.
//
// Methods may be called by several goroutines.
type contextPool struct {
	mu   sync.Mutex
	idle []idleContext // least recently used first
	room int           // most to keep
	// dropped is a guess at the bytes closed since the last collection.
	dropped    int64
	collecting bool
}

type idleContext struct {
	backend *backend
	dict    *dictionary
	level   int // effective
	ctx     codecs.Context
}

// dropLimit is how much dropped memory is left to the collector's own pace.
const dropLimit = 128 << 20

// take returns a context of backend with d at an effective level, made from level, the
// one asked for.
func (s *contextPool) take(b *backend, d *dictionary, level, effective int) (codecs.Context, error) {
	s.mu.Lock()
	for i := len(s.idle) - 1; i >= 0; i-- {
		if e := s.idle[i]; e.backend == b && e.dict == d && e.level == effective {
			s.idle = append(s.idle[:i], s.idle[i+1:]...)
			s.mu.Unlock()
			return e.ctx, nil
		}
	}
	s.mu.Unlock()
	ctx, err := newContext(b, d, level)
	if err != nil {
		return nil, fmt.Errorf("codec %s level %d: %w", b.name, level, err)
	}
	return ctx, nil
}

// put takes a context back.
func (s *contextPool) put(b *backend, d *dictionary, effective int, ctx codecs.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = append(s.idle, idleContext{b, d, effective, ctx})
	// Of the slow levels, whose contexts are the large ones, one is kept.
	slow := 0
	for i := len(s.idle) - 1; i >= 0; i-- {
		if e := s.idle[i]; e.level > 12 {
			if slow++; slow > 1 {
				s.drop(i)
			}
		}
	}
	if len(s.idle) > s.room {
		s.drop(0)
	}
}

// drop closes idle[i]; mu is held.
func (s *contextPool) drop(i int) {
	e := s.idle[i]
	s.idle = append(s.idle[:i], s.idle[i+1:]...)
	// A context cannot fail to close in a way that matters to anyone now.
	_ = e.ctx.Close()
	if !e.backend.foreign {
		return
	}
	s.dropped += contextBytes(e.level) + int64(e.dict.size())
	if s.dropped < dropLimit || s.collecting {
		return
	}
	s.dropped, s.collecting = 0, true
	go func() {
		runtime.GC()
		s.mu.Lock()
		s.collecting = false
		s.mu.Unlock()
	}()
}

// close closes all that is idle.
func (s *contextPool) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.idle) > 0 {
		s.drop(len(s.idle) - 1)
	}
}
