// Package runners defines the contract of a concurrency model, Runner, and
// holds the built-in ones, one file each. The harness calls them in worker
// processes; package runnertest has the conformance suite.
//
// A Runner is handed a number of items and a function and decides which
// goroutine calls it when. It knows nothing of codecs, data or clocks. It is
// plain in-process code: where a model needs a process of its own kind (one
// with GOMAXPROCS=1, say) it says so in Info().Process and the harness starts
// the worker process like that.
package runners

import "context"

// Task does one item as one worker. worker is in [0, workers), item in [0,
// items). The harness keeps state per worker, so a runner never runs two tasks
// with the same worker number at the same time, and whatever one task wrote is
// visible to the next task with that number.
type Task func(worker, item int) error

// A Runner is one concurrency model. It keeps no state between calls of Run,
// and several goroutines may use one value.
type Runner interface {
	Info() Info

	// Run calls task exactly once for every item and returns when all calls
	// have returned and every goroutine it started has ended. workers is at
	// least 1 and at most Info().MaxWorkers where that is set; items may be 0.
	//
	// After the first error no new item is started, and that error is
	// returned as it is. When ctx ends no new item is started and ctx's cause
	// is returned, unless a task failed first. With an error the items not
	// started are never called. A panic in a task is the caller's: runners do
	// not recover.
	//
	// Run allocates per call, never per item, unless Info().PerItem says so.
	Run(ctx context.Context, items, workers int, task Task) error
}

// Info describes a runner.
type Info struct {
	// Summary is one line for lists: the model, without its name.
	Summary string
	// MaxWorkers is 0, or the most workers the model can have (1 for single).
	MaxWorkers int
	// Baseline is set for the model that others are measured against: speed-ups are
	// over it, and of models that are as good as each other it is the simplest.
	Baseline bool
	// Usual is set for the model that most programs have, the simplest after the
	// baseline.
	Usual bool
	// Contrived is set where the model is made to be slow, to show a limit; it is
	// never advised.
	Contrived bool
	// Phrase names the model in a sentence, with %d for the workers where it has any:
	// "a pool of %d". "" is the name with the number of workers.
	Phrase string
	// Threads is set where each worker is a thread of the system for good.
	Threads bool
	// Limit is how the model holds a process to one core; zero where it does not.
	Limit Limit
	// Serial is set where one task runs at a time, however many workers.
	Serial bool
	// PerItem is set where the model makes a goroutine, or something like it, for
	// every item, so that Run allocates for each.
	PerItem bool
	// Process is the kind of process the model needs around it.
	Process ProcessNeeds
}

// Limit is why a model holds a process to one core, and why what escapes it does. Both
// are the rest of a sentence.
type Limit struct{ Held, Escapes string }

// ProcessNeeds is what the harness gives the worker process before it starts.
// The zero value is a process with GOMAXPROCS = all CPUs and no affinity.
type ProcessNeeds struct {
	// GOMAXPROCS of the process; 0 is all CPUs.
	GOMAXPROCS int
	// CPUs the process may run on; 0 is all of them.
	CPUs int
	// ProcessPerWorker asks for one process per worker, released together.
	ProcessPerWorker bool
}
