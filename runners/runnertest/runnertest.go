// Package runnertest is the conformance suite of the runners.Runner contract.
// Every built-in runner passes it; a runner of your own should too:
//
//	func TestConformance(t *testing.T) {
//		runnertest.Run(t, myrunner.New())
//	}
//
// Run it with -race as well: then the race detector, too, checks what tasks of
// one worker see of each other. (A sync.Pool drops entries at random under
// -race; a runner that takes memory for every item from one fails the rule on
// allocations there, and should keep memory per worker.)
//
// The suite checks what the contract promises and no more. In particular it
// does not demand concurrency: a model that lets one task run at a time passes.
// Where a rule needs tasks to overlap, the tasks yield the processor often
// enough that they overlap if they may; nothing waits for another task without
// end, and nothing sleeps. Workers beyond Info().MaxWorkers are never asked
// for. With Info().Process.GOMAXPROCS set the suite runs under that value; it
// ignores the other needs of a process.
//
// The suite does not check what no caller should rely on: which error comes
// back where several tasks of several workers fail, where a task fails although
// ctx has ended, and where ctx ends once the last item has been started.
//
// Two promises can only be checked with a margin, because the suite cannot look
// inside a call of Run:
//
//   - "No new item is started" after an error or after ctx has ended: a worker
//     that was just about to call the task may still do so, once. So at most as
//     many tasks as there are workers may start late. For the end of ctx, late
//     is after the call of cancel has returned: a runner has to ask ctx itself
//     before each item; being told by another goroutine is too slow. For an
//     error, every task started after the first failure fails as well, and at
//     most one task per worker may fail: the worker whose own task has failed
//     knows, so it has no excuse for another.
//   - "Every goroutine has ended" when Run returns: a goroutine that has done
//     its last statement may still be on its way out, so it is given time. Only
//     goroutines started by the call are looked at, directly or through others,
//     so parallel tests do not disturb. A leak is named by its stack.
package runnertest

import (
	"runtime"
	"testing"

	"zstdshop/runners"
)

// Run checks r against every rule of the contract, one subtest each. It may
// change GOMAXPROCS for its duration, and counts allocations of the whole
// process: run it while nothing else runs, that is not after t.Parallel.
func Run(t *testing.T, r runners.Runner) {
	if n := r.Info().Process.GOMAXPROCS; n > 0 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
	}
	for _, rule := range rules() {
		t.Run(rule.name, func(t *testing.T) {
			if err := rule.check(r); err != nil {
				t.Errorf("%v\nthe rule: %s", err, rule.text)
			}
		})
	}
}

// rule is one promise of the contract. check returns the first breach it sees,
// so that a test can run it on faulty runners.
type rule struct {
	name  string
	text  string // the promise, for the message of a failure
	check func(r runners.Runner) error
}

func rules() []rule {
	return []rule{
		{"info", "Info returns the same every time, with a summary of one line and no negative number", info},
		{"every item once", "Run calls task exactly once for every item", everyItemOnce},
		{"worker numbers", "worker is in [0, workers)", workerNumbers},
		{"one task per worker", "no two tasks run at the same time with the same worker number", oneTaskPerWorker},
		{"workers at once", "no more tasks run at once than workers were asked for", workersAtOnce},
		{"worker memory", "what one task wrote is visible to the next with its worker number, and to the caller of Run", workerMemory},
		{"waits for tasks", "Run returns when all calls have returned, also with an error", waitsForTasks},
		{"first error", "the first error is returned as it is", firstError},
		{"stops after error", "after the first error no new item is started", stopsAfterError},
		{"cancelled before", "with a ctx that has ended no item is started and ctx's cause is returned", cancelledBefore},
		{"cancelled during", "when ctx ends no new item is started and ctx's cause is returned", cancelledDuring},
		{"no goroutine left", "every goroutine that Run started has ended when it returns", noGoroutineLeft},
		{"no allocation per item", "Run allocates per call, never per item", noAllocationPerItem},
		{"concurrent runs", "one value may be used from several goroutines at once", concurrentRuns},
	}
}
