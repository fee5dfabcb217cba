package runnertest

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"zstdshop/runners"
)

// fake is a runner made of parts.
type fake struct {
	info runners.Info
	run  func(ctx context.Context, items, workers int, task runners.Task) error
}

func (f fake) Info() runners.Info { return f.info }

func (f fake) Run(ctx context.Context, items, workers int, task runners.Task) error {
	return f.run(ctx, items, workers, task)
}

var fine = runners.Info{Summary: "made for a test"}

// good is what most fakes spoil.
func good(ctx context.Context, items, workers int, task runners.Task) error {
	return runners.Pool().Run(ctx, items, workers, task)
}

// breaches lists the names of the rules that r breaks.
func breaches(t *testing.T, r runners.Runner, among func(rule) bool) []string {
	t.Helper()
	var names []string
	for _, rule := range rules() {
		if !among(rule) {
			continue
		}
		if err := rule.check(r); err != nil {
			t.Logf("%s: %v", rule.name, err)
			names = append(names, rule.name)
		}
	}
	return names
}

// TestFaultyRunners runs the suite on runners with one fault each. A fault
// breaks the rules it is listed with and, unless it races, no other.
func TestFaultyRunners(t *testing.T) {
	hold := make(chan struct{}) // what leaked goroutines wait for
	defer close(hold)

	for _, test := range []struct {
		fault  string
		breaks []string
		// races is set where the fault is a data race: then the rules that use
		// plain memory are left out, see TestWorkerMemoryRace.
		races bool
		info  runners.Info
		run   func(ctx context.Context, items, workers int, task runners.Task) error
	}{
		{
			fault: "has no summary", breaks: []string{"info"},
			info: runners.Info{Summary: " "}, run: good,
		},
		{
			fault: "has a summary of two lines", breaks: []string{"info"},
			info: runners.Info{Summary: "one\ntwo"}, run: good,
		},
		{
			fault: "can have a negative number of workers", breaks: []string{"info"},
			info: runners.Info{Summary: "made for a test", MaxWorkers: -1}, run: good,
		},
		{
			fault: "skips the last item", breaks: []string{"every item once", "worker memory", "concurrent runs"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				return good(ctx, max(items-1, 0), workers, task)
			},
		},
		{
			fault: "skips the last item of one worker in three", breaks: []string{"every item once", "worker memory"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				if workers == 3 {
					items = max(items-1, 0)
				}
				return good(ctx, items, workers, task)
			},
		},
		{
			fault:  "does the first item twice",
			breaks: []string{"every item once", "worker memory", "stops after error", "cancelled during", "concurrent runs"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				if ctx.Err() == nil && items > 0 {
					if err := task(0, 0); err != nil {
						return err
					}
				}
				return good(ctx, items, workers, task)
			},
		},
		{
			fault: "counts items from 1", breaks: []string{"every item once", "worker memory", "concurrent runs"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				return good(ctx, items, workers, func(worker, item int) error {
					return task(worker, item+1)
				})
			},
		},
		{
			fault: "counts workers from 1", breaks: []string{"worker numbers", "worker memory", "concurrent runs"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				return good(ctx, items, workers, func(worker, item int) error { return task(worker+1, item) })
			},
		},
		{
			fault: "gives every worker number 0", breaks: []string{"one task per worker"}, races: true,
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				return good(ctx, items, workers, func(_, item int) error { return task(0, item) })
			},
		},
		{
			fault: "has one worker more than asked for", races: true,
			breaks: []string{"one task per worker", "workers at once"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				return good(ctx, items, workers+1, func(worker, item int) error { return task(worker%workers, item) })
			},
		},
		{
			fault: "does not wait for its tasks", races: true,
			breaks: []string{"every item once", "waits for tasks"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				var begun atomic.Int64
				busy := make(chan struct{})
				go func() {
					_ = good(ctx, items, workers, func(worker, item int) error {
						if begun.Add(1) == failFrom {
							close(busy)
						}
						return task(worker, item)
					})
					if begun.Load() < failFrom {
						close(busy)
					}
				}()
				<-busy
				return nil
			},
		},
		{
			fault:  "ignores errors",
			breaks: []string{"first error", "stops after error"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				return good(ctx, items, workers, func(worker, item int) error {
					_ = task(worker, item)
					return nil
				})
			},
		},
		{
			fault:  "returns the error but goes on",
			breaks: []string{"stops after error"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				first := newFault()
				err := good(ctx, items, workers, func(worker, item int) error {
					if err := task(worker, item); err != nil {
						select {
						case first <- err:
						default:
						}
					}
					return nil
				})
				return cmp.Or(first.err(), err)
			},
		},
		{
			fault:  "does one more item after the error",
			breaks: []string{"stops after error"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				return good(ctx, items, workers, oneMore(task))
			},
		},
		{
			fault:  "stops only the worker that failed",
			breaks: []string{"stops after error"},
			run:    separately,
		},
		{
			fault: "wraps the error", breaks: []string{"first error"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				return good(ctx, items, workers, func(worker, item int) error {
					if err := task(worker, item); err != nil {
						return fmt.Errorf("item %d: %w", item, err)
					}
					return nil
				})
			},
		},
		{
			fault: "returns the last error", breaks: []string{"first error", "stops after error"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				var lock sync.Mutex
				var last error
				err := good(ctx, items, workers, func(worker, item int) error {
					if err := task(worker, item); err != nil {
						lock.Lock()
						defer lock.Unlock()
						last = err
					}
					return nil
				})
				return cmp.Or(last, err)
			},
		},
		{
			fault: "ignores ctx", breaks: []string{"cancelled before", "cancelled during"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				return good(context.WithoutCancel(ctx), items, workers, task)
			},
		},
		{
			fault: "looks at ctx only before it begins", breaks: []string{"cancelled during"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
				return good(context.WithoutCancel(ctx), items, workers, task)
			},
		},
		{
			fault: "looks at ctx every 64 items", breaks: []string{"cancelled during"},
			info: runners.Info{Summary: "made for a test", MaxWorkers: 1},
			run: func(ctx context.Context, items, _ int, task runners.Task) error {
				for item := range items {
					if item%64 == 0 && ctx.Err() != nil {
						return context.Cause(ctx)
					}
					if err := task(0, item); err != nil {
						return err
					}
				}
				return nil
			},
		},
		{
			fault: "returns ctx's error and not the cause", breaks: []string{"cancelled before", "cancelled during"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				if err := good(ctx, items, workers, task); err == nil || ctx.Err() == nil {
					return err
				}
				return ctx.Err()
			},
		},
		{
			fault: "leaves a goroutine behind", breaks: []string{"no goroutine left"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				go func() { <-hold }()
				return good(ctx, items, workers, task)
			},
		},
		{
			fault: "leaves a goroutine's goroutine behind, after an error", breaks: []string{"no goroutine left"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				err := good(ctx, items, workers, task)
				if err != nil {
					begun := make(chan struct{})
					go func() {
						go func() { close(begun); <-hold }()
					}()
					<-begun
				}
				return err
			},
		},
		{
			fault: "allocates for every item", breaks: []string{"no allocation per item"},
			run: func(ctx context.Context, items, workers int, task runners.Task) error {
				var keep atomic.Pointer[int]
				return good(ctx, items, workers, func(worker, item int) error {
					keep.Store(new(int))
					return task(worker, item)
				})
			},
		},
		{
			fault: "keeps state between calls", breaks: []string{"concurrent runs"},
			run: stateful(),
		},
	} {
		t.Run(test.fault, func(t *testing.T) {
			r := fake{info: test.info, run: test.run}
			if r.info == (runners.Info{}) {
				r.info = fine
			}
			got := breaches(t, r, func(rule rule) bool {
				return !test.races || slices.Contains(test.breaks, rule.name)
			})
			if !slices.Equal(got, test.breaks) {
				t.Errorf("breaks %q, want %q", got, test.breaks)
			}
		})
	}
}

// oneMore lets one failure of each worker pass, so that it does another item.
func oneMore(task runners.Task) runners.Task {
	var mu sync.Mutex
	failed := map[int]error{}
	return func(worker, item int) error {
		err := task(worker, item)
		mu.Lock()
		defer mu.Unlock()
		if first := failed[worker]; first != nil {
			return first
		}
		failed[worker] = err
		return nil
	}
}

// separately gives each worker a share of its own; the workers know nothing of
// each other.
func separately(ctx context.Context, items, workers int, task runners.Task) error {
	var group sync.WaitGroup
	errs := make(chan error, workers)
	for worker := range workers {
		group.Go(func() {
			for item := worker; item < items; item += workers {
				if ctx.Err() != nil {
					errs <- context.Cause(ctx)
					return
				}
				if err := task(worker, item); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	group.Wait()
	close(errs)
	return <-errs
}

// stateful returns a Run whose calls share the number of the next item.
func stateful() func(ctx context.Context, items, workers int, task runners.Task) error {
	var next atomic.Int64
	return func(ctx context.Context, items, workers int, task runners.Task) error {
		next.Store(0)
		return good(ctx, items, workers, func(worker, _ int) error {
			item := int(next.Add(1)) - 1
			if item >= items {
				return nil
			}
			return task(worker, item)
		})
	}
}

// TestSoundRunners runs the suite on unusual models that keep the contract.
func TestSoundRunners(t *testing.T) {
	for _, test := range []struct {
		name string
		r    runners.Runner
	}{
		{"one task at a time, many workers", fake{fine, func(ctx context.Context, items, workers int, task runners.Task) error {
			var lock sync.Mutex
			return good(ctx, items, workers, func(worker, item int) error {
				lock.Lock()
				defer lock.Unlock()
				return task(worker, item)
			})
		}}},
		{"one lock for all calls", fake{fine, func() func(ctx context.Context, items, workers int, task runners.Task) error {
			var lock sync.Mutex
			return func(ctx context.Context, items, workers int, task runners.Task) error {
				lock.Lock()
				defer lock.Unlock()
				return good(ctx, items, workers, task)
			}
		}()}},
		{"at most 5 workers", fake{runners.Info{Summary: "made for a test", MaxWorkers: 5}, func(ctx context.Context, items, workers int, task runners.Task) error {
			if workers > 5 {
				return fmt.Errorf("%d workers", workers)
			}
			return good(ctx, items, workers, task)
		}}},
		{"last item first", fake{fine, func(ctx context.Context, items, workers int, task runners.Task) error {
			return good(ctx, items, workers, func(worker, item int) error { return task(worker, items-1-item) })
		}}},
		{"only the last worker works", fake{fine, func(ctx context.Context, items, workers int, task runners.Task) error {
			return good(ctx, items, 1, func(_, item int) error { return task(workers-1, item) })
		}}},
	} {
		t.Run(test.name, func(t *testing.T) { Run(t, test.r) })
	}
}

func TestRunSetsGOMAXPROCS(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	want := before + 1
	info := runners.Info{Summary: "made for a test", Process: runners.ProcessNeeds{GOMAXPROCS: want}}
	Run(t, fake{info, func(ctx context.Context, items, workers int, task runners.Task) error {
		if n := runtime.GOMAXPROCS(0); n != want {
			return fmt.Errorf("GOMAXPROCS is %d, want %d", n, want)
		}
		return good(ctx, items, workers, task)
	}})
	if after := runtime.GOMAXPROCS(0); after != before {
		t.Errorf("GOMAXPROCS is %d after Run, was %d", after, before)
	}
}

func TestWorkerCounts(t *testing.T) {
	for _, test := range []struct {
		max  int
		want []int
	}{
		{0, []int{1, 2, 3, 8}},
		{1, []int{1}},
		{2, []int{1, 2}},
		{5, []int{1, 2, 3, 5}},
		{8, []int{1, 2, 3, 8}},
		{100, []int{1, 2, 3, 8, 100}},
	} {
		r := fake{info: runners.Info{MaxWorkers: test.max}}
		if got := workerCounts(r); !slices.Equal(got, test.want) {
			t.Errorf("MaxWorkers %d: %v, want %v", test.max, got, test.want)
		}
	}
}
