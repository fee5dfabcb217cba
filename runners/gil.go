package runners

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// GIL returns a pool under one global lock: a worker does tasks only while it
// holds the lock. Between tasks it hands the lock on if another worker waits
// and it has held the lock for 5 ms, which is the switch interval of CPython.
//
// It models an interpreter with a global lock that foreign code never releases.
// It wins only simplicity of the code that runs under it. It loses all
// parallelism, C calls included: a second worker adds hand-overs and no speed.
// A task longer than 5 ms keeps the others waiting until it ends.
func GIL() Runner { return gil{} }

// GILRelease returns GIL with one difference: a worker releases the lock around
// a task that is a foreign call (see WithForeign), and takes it again after
// that.
//
// It models C extensions of an interpreter that release its lock, as Python's
// zlib, hashlib and compression.zstd do. It wins where tasks are long foreign
// calls: those run in parallel as if there were no lock. It loses where they
// are short, because the lock is taken for each. For all other tasks it is GIL.
func GILRelease() Runner { return gil{release: true} }

type gil struct{ release bool }

func (g gil) Info() Info {
	if g.release {
		return Info{Summary: "one global lock, released around foreign calls", Contrived: true, Limit: Limit{
			Held:    "no task is a foreign call, so the lock is kept",
			Escapes: "the lock is let go of around foreign calls, and each task is one",
		}}
	}
	return Info{Summary: "one global lock for whole tasks, handed on after 5 ms", Serial: true, Contrived: true, Limit: Limit{
		Held:    "the lock is kept for whole tasks, C calls included",
		Escapes: "its tasks run beside each other in spite of the lock",
	}}
}

// switchInterval is how long a worker keeps the lock while another waits for
// it.
const switchInterval = 5 * time.Millisecond

// globalLock is handed from worker to worker in the order in which they came: a
// channel wakes the one that has waited longest.
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
					lock.release() // goes to the one that has waited longest
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

// WithForeign returns a context that says whether each task of a Run is one
// foreign call: a call into code, such as C, that needs nothing of the
// language's own runtime.
func WithForeign(ctx context.Context, foreign bool) context.Context {
	return context.WithValue(ctx, foreignKey{}, foreign)
}

// Foreign reports whether WithForeign declared the tasks of ctx to be foreign
// calls.
func Foreign(ctx context.Context) bool {
	foreign, _ := ctx.Value(foreignKey{}).(bool)
	return foreign
}
