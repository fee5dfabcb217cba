package worker

import (
	"bytes"
	"os"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// waits reads how long the threads of this process have been ready to run
// without a CPU to run on: the second field of each thread's schedstat. The
// files stay open, because finding and opening them anew takes as long as a
// short slice.
type waits struct {
	files map[string]*os.File // by thread id
}

// find looks for threads that are new. A thread that ends takes its share with
// it, so differences are only good while threads do not end, as those of the Go
// runtime do not.
func (w *waits) find() {
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return
	}
	if w.files == nil {
		w.files = map[string]*os.File{}
	}
	for _, t := range threads {
		if w.files[t.Name()] != nil {
			continue
		}
		if f, err := os.Open("/proc/self/task/" + t.Name() + "/schedstat"); err == nil {
			w.files[t.Name()] = f
		}
	}
}

// total is the waiting time of all known threads in nanoseconds.
func (w *waits) total() int64 {
	total := int64(0)
	var buf [96]byte
	for _, f := range w.files {
		n, err := unix.Pread(int(f.Fd()), buf[:], 0)
		if err != nil {
			continue
		}
		if fields := bytes.Fields(buf[:n]); len(fields) == 3 {
			ns, _ := strconv.ParseInt(string(fields[1]), 10, 64)
			total += ns
		}
	}
	return total
}

func (w *waits) close() {
	for _, f := range w.files {
		f.Close()
	}
}

// allowed is the CPUs the process may run on.
var allowed = sync.OnceValue(func() (set unix.CPUSet) {
	_ = unix.SchedGetaffinity(0, &set)
	return set
})

// moveThread moves the calling thread to the nth allowed CPU, counted round,
// and leaves it free to be moved away again.
func moveThread(n int) {
	all := allowed()
	if all.Count() < 2 {
		return
	}
	cpu := -1
	for n %= all.Count(); n >= 0; n-- {
		for cpu++; !all.IsSet(cpu); cpu++ {
		}
	}
	var one unix.CPUSet
	one.Set(cpu)
	// Where it is forbidden the thread stays where it is.
	_ = unix.SchedSetaffinity(0, &one)
	_ = unix.SchedSetaffinity(0, &all)
}

// sleepThread puts the calling thread to sleep, for d and not for the 50 us
// more that Linux allows itself by default.
func sleepThread(d time.Duration) {
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0)
	ts := unix.NsecToTimespec(d.Nanoseconds())
	// An early return by a signal makes a nap shorter, no more.
	_ = unix.Nanosleep(&ts, nil)
}
