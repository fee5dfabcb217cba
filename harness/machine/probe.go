package machine

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// DefaultProbe is how long Probe watches unless told otherwise: interference on a
	// machine last hundreds of milliseconds, so several of them fit.
	DefaultProbe = 2 * time.Second
	longestProbe = 10 * time.Second // bounds the memory of the record

	// probeRounds is how often the parts of a probe take turns, so that interference
	// does not fall on one part alone.
	probeRounds = 4
)

// Probe keeps the machine busy for about d (0 or less: DefaultProbe; at most
// 10 s) and says how quiet it was. It times sentinels back to back, on each
// usable CPU alone and on all of them at once, and copies of memory. It uses no
// more CPUs than GOMAXPROCS. When ctx ends it stops within a few milliseconds
// and returns what it saw until then. Nothing else should run in the process. The
// record takes about half a megabyte per CPU and second.
func Probe(ctx context.Context, d time.Duration) Noise {
	if d <= 0 {
		d = DefaultProbe
	}
	return record(ctx, min(d, longestProbe)).noise()
}

// record does the watching. Of every round five eighths go to one CPU after
// the other, two to all of them at once and one to copies.
func record(ctx context.Context, d time.Duration) recording {
	cpus := allowedCPUs()
	cpus = cpus[:min(len(cpus), runtime.GOMAXPROCS(0))]
	round := d / probeRounds
	alonePart, crowdPart, copyPart := round*5/8/time.Duration(len(cpus)), round*2/8, round/8

	// All memory is taken now, and the collection it may have set off is done
	// with, so that the collector does not run while we watch.
	alone, crowd := newSeries(cpus, false, alonePart), newSeries(cpus, true, crowdPart)
	copies := newCopier(copyPart)
	runtime.GC()

	r := recording{bound: true, copyBytes: copyPiece}
	r.clockNS, r.stepNS = watchClock()
	for range probeRounds {
		for i, cpu := range cpus {
			ok := together([]int{cpu}, onCPU, func(int) { alone[i].watch(ctx, alonePart) })
			r.bound = r.bound && ok
		}
		together(cpus, onCPU, func(i int) { crowd[i].watch(ctx, crowdPart) })
		together(cpus[:1], onCPU, func(int) { copies.watch(ctx, copyPart) })
	}
	r.series = append(alone, crowd...)
	r.copies = copies.ns
	return r
}

// together runs f(i) where place puts it for cpus[i], for all i at once: none
// starts before every one is in its place. It says whether all were bound.
func together(cpus []int, place func(cpu int, f func()) bool, f func(i int)) (bound bool) {
	var placed, done sync.WaitGroup
	var refused atomic.Bool
	placed.Add(len(cpus))
	for i, cpu := range cpus {
		done.Go(func() {
			ok := place(cpu, func() {
				placed.Done()
				placed.Wait()
				f(i)
			})
			if !ok {
				refused.Store(true)
			}
		})
	}
	done.Wait()
	return !refused.Load()
}

// fastestSentinel is less than any machine takes for one.
const fastestSentinel = 2 * time.Microsecond

func newSeries(cpus []int, crowded bool, part time.Duration) []series {
	all := make([]series, len(cpus))
	for i, cpu := range cpus {
		all[i] = series{cpu: cpu, crowded: crowded, ns: room(part, fastestSentinel)}
	}
	return all
}

// watch times sentinels back to back for the given time, after a warm-up of an
// eighth of it in which the CPU may raise its clock.
func (s *series) watch(ctx context.Context, part time.Duration) {
	start := time.Now()
	for last := time.Duration(0); last < part && len(s.ns) < cap(s.ns) && ctx.Err() == nil; {
		_ = Sentinel()
		now := time.Since(start)
		if last >= part/8 {
			s.ns = append(s.ns, nanoseconds(now-last))
		}
		last = now
	}
}

const (
	// Both buffers together exceed the second-level cache of any CPU; a piece
	// is short enough for thousands of them in a round.
	copyBuffer  = 16 << 20
	copyPiece   = 128 << 10
	fastestCopy = time.Microsecond
)

// copier copies from one large buffer to another, piece by piece, and times it.
type copier struct {
	dst, src []byte
	at       int
	ns       []uint32
}

func newCopier(part time.Duration) *copier {
	c := &copier{dst: make([]byte, copyBuffer), src: make([]byte, copyBuffer), ns: room(part, fastestCopy)}
	for i := range c.src {
		c.src[i] = byte(i) // pages never written are all one page of zeros, and that fits any cache
	}
	copy(c.dst, c.src)
	return c
}

func (c *copier) watch(ctx context.Context, part time.Duration) {
	start := time.Now()
	for last := time.Duration(0); last < part && len(c.ns) < cap(c.ns) && ctx.Err() == nil; {
		copy(c.dst[c.at:c.at+copyPiece], c.src[c.at:])
		c.at = (c.at + copyPiece) % copyBuffer
		now := time.Since(start)
		c.ns = append(c.ns, nanoseconds(now-last))
		last = now
	}
}

// watchClock returns what one reading of the clock costs and the smallest step
// between two readings, in nanoseconds; 0 for a step that did not come.
func watchClock() (cost float64, step int64) {
	const reads = 256
	start := time.Now()
	for batch := range 16 {
		begin := time.Since(start)
		for range reads {
			time.Since(start)
		}
		each := float64(time.Since(start)-begin) / reads
		if batch == 0 || each < cost {
			cost = each
		}
	}
	last, steps := time.Since(start), 0
	for range 1 << 22 { // some 20 ms of a clock that stands still
		now := time.Since(start)
		if now == last {
			continue
		}
		if by := int64(now - last); steps == 0 || by < step {
			step = by
		}
		last = now
		if steps++; steps == 1000 {
			break
		}
	}
	return cost, step
}

// room is an empty record that holds all a probe can see in its rounds. It is
// written to once, so that watching does not wait for the system to find pages.
func room(part, fastest time.Duration) []uint32 {
	all := make([]uint32, probeRounds*int(part/fastest+1))
	for i := range all {
		all[i] = 1
	}
	return all[:0]
}

func nanoseconds(d time.Duration) uint32 { return uint32(min(d, 1<<32-1)) }
