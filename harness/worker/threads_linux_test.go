package worker

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"zstdshop/runners"
)

// affinityOf is the mask of a thread of this process; 0 is the calling one.
func affinityOf(t *testing.T, thread int) (set unix.CPUSet) {
	t.Helper()
	if err := unix.SchedGetaffinity(thread, &set); err != nil {
		t.Fatal(err)
	}
	return set
}

// currentCPU is the CPU under the calling thread.
func currentCPU(t *testing.T) int {
	t.Helper()
	stat, err := os.ReadFile("/proc/thread-self/stat")
	if err != nil {
		t.Fatal(err)
	}
	// The name in parentheses may hold anything; the CPU is the 39th field.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	cpu, err := strconv.Atoi(string(fields[39-3]))
	if err != nil {
		t.Fatal(err)
	}
	return cpu
}

// usable lists the CPUs of a mask.
func usable(set unix.CPUSet) (cpus []int) {
	for cpu := range 1024 {
		if set.IsSet(cpu) {
			cpus = append(cpus, cpu)
		}
	}
	return cpus
}

// A thread is moved, not bound: the next moment the kernel may take it anywhere
// again.
func TestMoveThread(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before := affinityOf(t, 0)
	cpus := usable(before)
	const tries = 100
	for n := range 2*len(cpus) + 1 {
		there := 0
		for range tries {
			moveThread(n)
			if currentCPU(t) == cpus[n%len(cpus)] {
				there++
			}
			if after := affinityOf(t, 0); after != before {
				t.Fatalf("place %d: the thread may run on %v, before on %v", n, usable(after), cpus)
			}
		}
		// The kernel may have taken it away again a few times.
		if there < tries/2 {
			t.Errorf("place %d: on CPU %d only %d times of %d", n, cpus[n%len(cpus)], there, tries)
		}
	}
}

// After turns of several workers every thread of the process may run where it
// might before.
func TestTurnLeavesThreadsFree(t *testing.T) {
	before := affinityOf(t, 0)
	cell := stepsCell(t, &steps{Runner: runners.Pool()}, 2)
	defer cell.close()
	for place := range 2 * before.Count() {
		if _, _, err := cell.turn(t.Context(), Slice{Count: 10, Warmup: 10, Place: place, Mode: ModeThroughput}); err != nil {
			t.Fatal(err)
		}
	}
	for thread := range threadsNow(t) {
		id, _ := strconv.Atoi(thread)
		var after unix.CPUSet
		if err := unix.SchedGetaffinity(id, &after); err == nil && after != before { // an error: it has just ended
			t.Errorf("thread %s may run on %v, before on %v", thread, usable(after), usable(before))
		}
	}
}

// A turn starts on the CPU that it is told.
func TestTurnStartsAtItsPlace(t *testing.T) {
	cpus := usable(affinityOf(t, 0))
	const tries = 40
	for place := range 2 * len(cpus) {
		there := 0
		s := &steps{Runner: runners.Single()}
		s.do = func(int) error {
			if currentCPU(t) == cpus[place%len(cpus)] {
				there++
			}
			return nil
		}
		cell := stepsCell(t, s, 1)
		for id := range tries {
			if _, _, err := cell.turn(t.Context(), Slice{ID: id, Count: 1, Place: place, Mode: ModeThroughput}); err != nil {
				t.Fatal(err)
			}
		}
		cell.close()
		if there < tries/2 {
			t.Errorf("place %d: %d of %d turns started on CPU %d", place, there, tries, cpus[place%len(cpus)])
		}
	}
}

// threadsNow is how long each thread of this process has waited for a CPU.
func threadsNow(t *testing.T) map[string]int64 {
	t.Helper()
	files, err := filepath.Glob("/proc/self/task/*/schedstat")
	if err != nil {
		t.Fatal(err)
	}
	waited := map[string]int64{}
	for _, name := range files {
		stat, err := os.ReadFile(name)
		if err != nil {
			continue // the thread has just ended
		}
		if fields := bytes.Fields(stat); len(fields) == 3 {
			ns, _ := strconv.ParseInt(string(fields[1]), 10, 64)
			waited[filepath.Base(filepath.Dir(name))] = ns
		}
	}
	return waited
}

// The total is that of all threads found, new ones after the next look.
func TestWaits(t *testing.T) {
	var w waits
	defer w.close()
	if got := w.total(); got != 0 {
		t.Errorf("%d ns before the first look, want 0", got)
	}
	w.find()
	known := len(w.files)
	if known == 0 {
		t.Skip("the kernel keeps no schedstat")
	}
	between := func() {
		t.Helper()
		sum := func() (ns int64) {
			for thread, waited := range threadsNow(t) {
				if w.files[thread] != nil {
					ns += waited
				}
			}
			return ns
		}
		least := sum()
		total := w.total()
		if most := sum(); total < least || total > most {
			t.Errorf("total %d ns, want %d..%d", total, least, most)
		}
	}
	between()

	// More threads than there are: each of these keeps one.
	var locked, done sync.WaitGroup
	release := make(chan struct{})
	for range known + 1 {
		locked.Add(1)
		done.Go(func() {
			runtime.LockOSThread()
			locked.Done()
			<-release // still locked at its end: the thread ends with it
		})
	}
	locked.Wait()
	w.find()
	if len(w.files) <= known {
		t.Errorf("%d threads known after as many more started, %d before", len(w.files), known)
	}
	between()
	now := len(w.files)
	if w.find(); len(w.files) < now {
		t.Errorf("another look knows %d threads of %d", len(w.files), now)
	}
	close(release)
	done.Wait()
	w.total() // threads that have ended are no error
}

// Waiting shows: two threads that want one CPU.
func TestWaitsGrow(t *testing.T) {
	free := affinityOf(t, 0)
	var one unix.CPUSet
	one.Set(usable(free)[0])
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	var stop atomic.Bool
	for range 2 {
		ready.Add(1)
		done.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			defer unix.SchedSetaffinity(0, &free)
			if err := unix.SchedSetaffinity(0, &one); err != nil {
				t.Error(err)
			}
			ready.Done()
			<-start
			for !stop.Load() {
			}
		})
	}
	ready.Wait()
	var w waits
	w.find()
	defer w.close()
	before := w.total()
	close(start)
	for began := time.Now(); len(w.files) > 0 && w.total() <= before && time.Since(began) < time.Minute; {
		runtime.Gosched()
	}
	after := w.total()
	stop.Store(true)
	done.Wait()
	switch {
	case len(w.files) == 0:
		t.Skip("the kernel keeps no schedstat")
	case after <= before:
		t.Errorf("two busy threads on one CPU: waited %d ns before and %d after", before, after)
	}
}
