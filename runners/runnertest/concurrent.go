package runnertest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"zstdshop/runners"
)

// concurrentRuns makes calls overlap: the first task of each waits a while for
// the others.
func concurrentRuns(r runners.Runner) error {
	const runs = 4
	workers := workerCounts(r)[min(1, len(workerCounts(r))-1)] // 2 where r can have two
	var begun atomic.Int64
	errs := make([]error, runs)
	var group sync.WaitGroup
	for run := range runs {
		group.Go(func() {
			calls, wrong := newCalls(many), newFault()
			var first sync.Once
			err := r.Run(context.Background(), many, workers, func(worker, item int) error {
				first.Do(func() {
					begun.Add(1)
					for range 10_000 {
						if begun.Load() == runs {
							break
						}
						runtime.Gosched()
					}
				})
				if worker < 0 || worker >= workers {
					wrong.set("item %d was called with worker number %d", item, worker)
				}
				calls.add(item)
				mingle(1)
				return nil
			})
			errs[run] = errors.Join(err, calls.check(1, 1), wrong.err())
		})
	}
	group.Wait()
	for run, err := range errs {
		if err != nil {
			return fmt.Errorf("call %d of %d at once, %d items, %d workers each: %w", run+1, runs, many, workers, err)
		}
	}
	return nil
}
