package runners

// GOMAXPROCS1 returns Pool in a process with GOMAXPROCS=1: many goroutines, one
// of which runs at a time. It is the GIL-like mode. The limit is in force from
// the start of the process, as PYTHON_GIL=1 is.
//
// It models a global interpreter lock that foreign calls release. The limit is
// on goroutines. A call into C stops counting once the scheduler's monitor,
// which looks every 20 us to 10 ms, has seen it twice and hands the processor
// on. Measured with 2 workers on 2 CPUs, pure Go keeps 1.01 cores busy at every
// block size, cgo 1.06 at 1 KiB, 1.6 at 16 KiB and 1.97 at 256 KiB. So read its
// speed together with the column cores.
//
// It wins where the other CPUs are needed for something else: the process, its
// garbage collector included, does not use them, and items too short to share
// lose nothing (no-op tasks, 2 workers: 51 ns each in both, on 1.00 cores here
// and 1.15 with two CPUs). It loses on all longer work that stays in Go: more
// workers add hand-overs and no speed.
func GOMAXPROCS1() Runner { return gomaxprocs1{} }

type gomaxprocs1 struct{ pool }

func (gomaxprocs1) Info() Info {
	return Info{
		Summary: "the pool with GOMAXPROCS=1: one goroutine at a time, long C calls escape",
		Process: ProcessNeeds{GOMAXPROCS: 1},
		Limit: Limit{
			Held:    "one goroutine runs at a time, and its calls into C, if any, have ended before the scheduler, which looks at intervals of 20 µs to 10 ms, sees them twice",
			Escapes: "a call into C that the scheduler sees twice, at intervals of 20 µs to 10 ms, hands the Go processor to the next goroutine",
		},
	}
}
