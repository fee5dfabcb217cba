package runners

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// GIL is a pool under one global lock: a worker does tasks only while it holds it.
// Between tasks it hands the lock on, once it has had it for 5 ms and another
// waits, which is the switch interval of CPython.
//
// It models an interpreter with a global lock that is never let go of by foreign
// code. It wins nothing but simplicity of what runs under it. It loses all
// parallelism, C calls included: a second worker adds hand-overs and no speed. A
// task longer than 5 ms keeps the others waiting until it ends.
func GIL() Runner { return gil{} }

// GILRelease is GIL, but a worker lets go of the lock around a task that is a
// foreign call (see WithForeign), and takes it again after it.
//
// It models C extensions of an interpreter that release its lock, as Python's
// zlib, hashlib and compression.zstd do. It wins where tasks are long foreign
// calls: those run in parallel as if there were no lock. It loses where they are
// short, because the lock is taken for each, and it is GIL for all that is not
// foreign.
func GILRelease() Runner { return gil{release: true} }

type gil struct{ release bool }

func (g gil) Info() Info {
	if g.release {
		return Info{Summary: "one global lock, let go of around foreign calls", Contrived: true, Limit: &Limit{
			Held:    "no task is a foreign call, so the lock is kept",
			Escapes: "the lock is let go of around foreign calls, and each task is one",
		}}
	}
	return Info{Summary: "one global lock for whole tasks, handed on after 5 ms", Serial: true, Contrived: true, Limit: &Limit{
		Held:    "the lock is kept for whole tasks, C calls included",
		Escapes: "its tasks run beside each other in spite of the lock",
	}}
}

// switchInterval is how long a worker keeps the lock that another waits for.
const switchInterval = 5 * time.Millisecond

// globalLock is handed from worker to worker in the order in which they came: a
// channel wakes who has waited longest.
type globalLock struct {
	free    chan struct{}
	waiting atomic.Int64
}

func newGlobalLock() *globalLock {
	l := &globalLock{free: make(chan struct{}, 1)}
	l.free <- struct{}{}
	return l
}

func (l *globalLock) acquire() {
	select {
	case <-l.free:
		return
	default:
	}
	l.waiting.Add(1)
	<-l.free
	l.waiting.Add(-1)
}

func (l *globalLock) release() { l.free <- struct{}{} }

func (g gil) Run(ctx context.Context, items, workers int, task Task) error {
	if workers < 1 {
		return fmt.Errorf("run %d items under a lock: workers must be at least 1, is %d", items, workers)
	}
	foreign := g.release && Foreign(ctx)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	lock := newGlobalLock()
	var next atomic.Int64
	var running sync.WaitGroup
	for worker := range min(items, workers) {
		running.Go(func() {
			lock.acquire()
			defer lock.release()
			since := time.Now()
			for ctx.Err() == nil {
				item := int(next.Add(1)) - 1
				if item >= items {
					return
				}
				if foreign {
					lock.release()
				}
				err := task(worker, item)
				if foreign {
					lock.acquire()
					since = time.Now()
				}
				if err != nil {
					stop(err)
				}
				if lock.waiting.Load() > 0 && time.Since(since) >= switchInterval {
					lock.release() // goes to who has waited longest
					lock.acquire()
					since = time.Now()
				}
			}
		})
	}
	running.Wait()
	return context.Cause(ctx)
}

type foreignKey struct{}

// WithForeign says of the tasks of a Run whether each of them is one call into
// foreign code, such as C, which needs nothing of the language's own runtime.
func WithForeign(ctx context.Context, foreign bool) context.Context {
	return context.WithValue(ctx, foreignKey{}, foreign)
}

// Foreign tells what WithForeign said; false where it said nothing.
func Foreign(ctx context.Context) bool {
	foreign, _ := ctx.Value(foreignKey{}).(bool)
	return foreign
}
