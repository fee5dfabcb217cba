package measure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"zstdshop/harness/worker"
)

// multiProcess is one process for each worker of a cell, seen as one worker: the runner
// procs. Each process prepares the whole cell. In a slice they meet after their
// warm-ups in memory that all of them share, each takes tasks from there until none
// is left, and the slice ends with the last.
//
// Parts cut beforehand, which begin at a time agreed upon, kept 1.6 to 1.8 of two
// CPUs busy: the slice waited for the process that had the slower CPU.
type multiProcess struct {
	members []WorkerConn
	counter string // the file of that memory; "" once it is of no more use
}

// startMultiProcess starts n processes; on an error there is none left.
func startMultiProcess(ctx context.Context, l Launcher, spec Spawn, n int) (WorkerConn, error) {
	counter, err := newSharedCounter()
	if err != nil {
		return nil, err
	}
	g := &multiProcess{counter: counter}
	for range n {
		p, err := l.Start(ctx, spec)
		if err != nil {
			g.Kill()
			return nil, err
		}
		g.members = append(g.members, p)
	}
	return g, nil
}

// newSharedCounter is a file of zeros for the members to share.
func newSharedCounter() (string, error) {
	f, err := os.CreateTemp("", "zstdshop-counter-")
	if err != nil {
		return "", fmt.Errorf("make a counter for processes to share: %w", err)
	}
	if err := errors.Join(f.Truncate(worker.SharedCounterBytes), f.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("make a counter for processes to share: %w", err), os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// forget removes the shared counter's file: what has been mapped stays. Systems that keep
// files in use let it go when the members have ended.
func (g *multiProcess) forget() {
	if g.counter != "" && os.Remove(g.counter) == nil {
		g.counter = ""
	}
}

// each calls f for all members at once and returns the first error.
func (g *multiProcess) each(f func(i int, p WorkerConn) error) error {
	errs := make([]error, len(g.members))
	var group sync.WaitGroup
	for i, p := range g.members {
		group.Go(func() { errs[i] = f(i, p) })
	}
	group.Wait()
	return cmp.Or(errs...)
}

// Prepare returns what the first member says, with the memory of all.
func (g *multiProcess) Prepare(ctx context.Context, m worker.Prepare) (worker.Ready, error) {
	answers := make([]worker.Ready, len(g.members))
	m.Cell.Workers, m.SharedCounter = 1, g.counter
	err := g.each(func(i int, p WorkerConn) (err error) {
		own := m
		own.Verify = m.Verify && i == 0
		answers[i], err = p.Prepare(ctx, own)
		return err
	})
	if err != nil {
		return worker.Ready{}, err
	}
	g.forget()
	r := answers[0]
	if !r.Shares {
		return worker.Ready{}, fmt.Errorf("%w: the worker does not share its slices with others (\"shares\" is not in its ready): it cannot be used with runner procs", worker.ErrNonsense)
	}
	for _, other := range answers[1:] {
		if err := sameWork(r, other); err != nil {
			return worker.Ready{}, err
		}
		r.RSSBytes += other.RSSBytes
	}
	r.Lanes = len(g.members)
	return r, nil
}

// Hello is what the first member said.
func (g *multiProcess) Hello() worker.Hello { return g.members[0].Hello() }

// Greeted is when the last member said hello.
func (g *multiProcess) Greeted() time.Time {
	return slices.MaxFunc(g.members, func(a, b WorkerConn) int { return a.Greeted().Compare(b.Greeted()) }).Greeted()
}

// Slice has all members do it together.
func (g *multiProcess) Slice(ctx context.Context, s worker.Slice) (worker.Sample, worker.Idle, error) {
	n := len(g.members)
	samples, idles := make([]worker.Sample, n), make([]worker.Idle, n)
	err := g.each(func(i int, p WorkerConn) (err error) {
		own := s
		own.Members, own.Warmup, own.Place = n, (s.Warmup+n-1)/n, s.Place+i
		samples[i], idles[i], err = p.Slice(ctx, own)
		return err
	})
	if err != nil {
		return worker.Sample{}, worker.Idle{}, err
	}
	out, idle := worker.Sample{SliceID: s.ID}, worker.Idle{}
	for i, one := range samples {
		out.Tasks += one.Tasks
		out.WallNS = max(out.WallNS, one.WallNS)
		out.CPUNS += one.CPUNS
		out.WaitNS += one.WaitNS
		out.WarmNS = max(out.WarmNS, one.WarmNS)
		out.Collected += one.Collected
		out.CollectedBefore += one.CollectedBefore
		if out.Checksum == 0 { // of a pass, which each member did before it was ready
			out.Checksum = one.Checksum
		}
		out.Mallocs += one.Mallocs
		out.AllocBytes += one.AllocBytes
		out.TaskNS, out.FlushNS = append(out.TaskNS, one.TaskNS...), append(out.FlushNS, one.FlushNS...)
		idle.IdleCPUNS += idles[i].IdleCPUNS
		if len(one.SentinelNS) == 2 {
			if out.SentinelNS == nil {
				out.SentinelNS = []int64{0, 0}
			}
			out.SentinelNS[0] = max(out.SentinelNS[0], one.SentinelNS[0])
			out.SentinelNS[1] = max(out.SentinelNS[1], one.SentinelNS[1])
		}
	}
	return out, idle, checkSample(s, out)
}

// Close returns the memory and threads of all.
func (g *multiProcess) Close(ctx context.Context) (worker.Bye, error) {
	byes := make([]worker.Bye, len(g.members))
	err := g.each(func(i int, p WorkerConn) (err error) {
		byes[i], err = p.Close(ctx)
		return err
	})
	var sum worker.Bye
	unknown := false // to one of them
	for _, b := range byes {
		sum.PeakRSSBytes += b.PeakRSSBytes
		sum.MemoryBytes += b.MemoryBytes
		sum.Threads += b.Threads
		unknown = unknown || b.MemoryBytes == 0
	}
	if unknown {
		sum.MemoryBytes = 0
	}
	g.forget()
	return sum, err
}

func (g *multiProcess) Kill() {
	for _, p := range g.members {
		p.Kill()
	}
	g.forget()
}
