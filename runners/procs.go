package runners

// Procs returns a process for each worker, with GOMAXPROCS=1. The processes are
// released together, each takes the next item from a counter in shared memory,
// and the call ends with the last of them.
//
// It models Python's multiprocessing and prefork servers. It wins where a lock
// inside a process would hold threads back: nothing is shared except that
// counter. It loses on memory, since each process has its own runtime, heap and
// contexts.
//
// The harness starts the processes; inside one of them Procs is Single.
func Procs() Runner { return procs{} }

type procs struct{ single }

func (procs) Info() Info {
	return Info{
		Summary: "a process for each worker, each with GOMAXPROCS=1",
		Process: ProcessNeeds{GOMAXPROCS: 1, ProcessPerWorker: true},
		Limit: Limit{
			Held:    "the processes got one CPU between them",
			Escapes: "processes share no lock",
		},
	}
}
