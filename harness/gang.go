package harness

import (
	"context"
	"errors"
	"sync"
	"time"

	"zstdshop/harness/worker"
)

// gang is one process for each worker of a cell, seen as one worker: the runner
// procs. Each process prepares the whole cell and does a part of every slice. All
// parts begin at one time of the system's monotonic clock, after the warm-ups, and
// the slice ends with the last.
type gang struct {
	members []Peer
	perTask time.Duration // as the first member's pass told
}

// startGang starts n processes; on an error there is none left.
func startGang(ctx context.Context, l Launcher, spec Spawn, n int) (Peer, error) {
	g := &gang{}
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

// each calls f for all members at once and answers the first error.
func (g *gang) each(f func(i int, p Peer) error) error {
	errs := make([]error, len(g.members))
	var group sync.WaitGroup
	for i, p := range g.members {
		group.Go(func() { errs[i] = f(i, p) })
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Prepare answers what the first member says, with the memory of all.
func (g *gang) Prepare(ctx context.Context, m worker.Prepare) (worker.Ready, error) {
	answers := make([]worker.Ready, len(g.members))
	m.Cell.Workers = 1
	err := g.each(func(i int, p Peer) (err error) {
		own := m
		own.Verify = m.Verify && i == 0
		answers[i], err = p.Prepare(ctx, own)
		return err
	})
	if err != nil {
		return worker.Ready{}, err
	}
	r := answers[0]
	for _, other := range answers[1:] {
		if err := sameWork(r, other); err != nil {
			return worker.Ready{}, err
		}
		r.RSSBytes += other.RSSBytes
	}
	r.Lanes = len(g.members)
	g.perTask = time.Duration(r.PassNS / int64(r.Items))
	return r, nil
}

// Slices begin so long after the warm-up should have ended that a member that was
// kept from running for a moment is still in time.
const (
	startSlack  = 2 // times the expected warm-up
	startMargin = 4 * time.Millisecond
)

// Slice parts the tasks into neighbouring ranges, one for each member, the first
// ones a task longer where they do not divide.
func (g *gang) Slice(ctx context.Context, s worker.Slice) (worker.Sample, worker.Idle, error) {
	n := len(g.members)
	warmup := (s.Warmup + n - 1) / n
	if now := worker.MonotonicNS(); now > 0 {
		s.StartNS = now + int64(startSlack*time.Duration(warmup)*g.perTask+startMargin)
	}
	samples, idles := make([]worker.Sample, n), make([]worker.Idle, n)
	err := g.each(func(i int, p Peer) (err error) {
		first, end := i*s.Count/n, (i+1)*s.Count/n
		if first == end {
			return nil
		}
		own := s
		own.First, own.Count, own.Warmup, own.Place = s.First+first, end-first, warmup, s.Place+i
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
		out.Collected += one.Collected
		out.CollectedBefore += one.CollectedBefore
		if out.Checksum == 0 { // of a pass, which each member did before it was ready
			out.Checksum = one.Checksum
		}
		out.Mallocs += one.Mallocs
		out.AllocBytes += one.AllocBytes
		out.TaskNS = append(out.TaskNS, one.TaskNS...)
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

// Close answers the memory and threads of all.
func (g *gang) Close(ctx context.Context) (worker.Bye, error) {
	byes := make([]worker.Bye, len(g.members))
	err := g.each(func(i int, p Peer) (err error) {
		byes[i], err = p.Close(ctx)
		return err
	})
	var sum worker.Bye
	for _, b := range byes {
		sum.PeakRSSBytes += b.PeakRSSBytes
		sum.Threads += b.Threads
	}
	return sum, errors.Join(err)
}

func (g *gang) Kill() {
	for _, p := range g.members {
		p.Kill()
	}
}
