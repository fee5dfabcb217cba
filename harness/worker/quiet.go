package worker

import (
	"runtime"
	"runtime/metrics"
	"time"
)

// A process is quiet when it slept for one nap and its CPU clock hardly moved:
// no collection is marking or sweeping and no worker thread is still spinning.
// The rule looks at the CPU clock, not at the runtime, so that it covers C
// threads too and can be kept by workers in any language.
const (
	nap      = 50 * time.Microsecond
	napCPU   = 35 * time.Microsecond // what going to sleep and waking up costs, and no more
	quietCap = 100 * time.Millisecond
)

// quiet waits until the process is quiet, or gives up after quietCap. It
// returns the CPU nanoseconds the process spent meanwhile beyond what the naps
// themselves cost.
func quiet() int64 {
	begin := time.Now()
	spent := int64(0)
	for time.Since(begin) < quietCap {
		cpu := processCPU()
		rest(nap)
		used := processCPU() - cpu
		if used <= napCPU.Nanoseconds() {
			return spent
		}
		spent += used
	}
	return spent
}

// rest sleeps for d. The runtime rounds its own sleeps up to a millisecond, so
// where it can the thread sleeps by itself; with one processor only, that would
// keep the processor from a collector that still has work to do.
func rest(d time.Duration) {
	if runtime.GOMAXPROCS(0) == 1 {
		time.Sleep(d)
		return
	}
	sleepThread(d)
}

// collected is the number of garbage collections that have ended.
func collected() int {
	sample := []metrics.Sample{{Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int(sample[0].Value.Uint64())
}
