package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"time"

	"zstdshop/codecs"
	"zstdshop/runners"
	"zstdshop/scenarios"
	"zstdshop/scenarios/corpus"
)

// Catalogue looks up what a cell names. harness.Registry is one.
type Catalogue interface {
	Codec(name string) (codecs.Codec, error)
	Runner(name string) (runners.Runner, error)
	Scenario(name string) (scenarios.Scenario, error)
}

// Serve is the life of a worker: hello, prepare, slices, bye. It returns nil
// after a bye or a clean end of in (the controller has gone). What goes wrong
// with the cell is told to the controller as an error message and returned.
//
// A controller that is killed shows as the end of in, but only between slices. On
// Linux it has seen to it that the kernel kills this process then. Elsewhere Serve
// finds out within a slice by the process's parent, which is then another, and
// leaves the slice behind: the process must end.
func Serve(ctx context.Context, in io.Reader, out io.Writer, cat Catalogue) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	conn := NewConn(in, out)
	err := conn.Send(Message{Type: TypeHello, Hello: &Hello{
		Versions:       Versions,
		Implementation: "zstdshop " + runtime.Version(),
		GILEnabled:     runtime.GOMAXPROCS(0) == 1,
	}})
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- serve(ctx, conn, cat) }()
	select {
	case err = <-served:
	case <-orphaned(ctx, os.Getppid, orphanTick):
		return errors.New("the controller has gone and the slice under way does not end")
	}
	if err != nil {
		// The controller may be gone; then there is nobody to tell.
		_ = conn.Send(Message{Type: TypeError, Failure: &Failure{Error: err.Error()}})
	}
	return err
}

// orphanTick is how often the parent is asked for. A goroutine that waited in a
// read instead would notice at once, and would keep the scheduler so busy that
// a single-threaded slice shows 1.15 cores.
const orphanTick = 250 * time.Millisecond

// orphaned returns a channel that is closed when the parent is another one at
// two looks in a row; by then a worker that only waits in a read has ended.
func orphaned(ctx context.Context, parent func() int, tick time.Duration) <-chan struct{} {
	gone := make(chan struct{})
	first := parent()
	go func() {
		ticker := time.NewTicker(tick)
		defer ticker.Stop()
		missed := 0
		for missed < 2 {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			if parent() != first {
				missed++
			}
		}
		close(gone)
	}()
	return gone
}

func serve(ctx context.Context, conn *Conn, cat Catalogue) error {
	m, err := conn.Receive()
	if err != nil {
		return ignoreEOF(err)
	}
	if m.Type == TypeBye {
		return nil
	}
	if m.Type != TypePrepare {
		return fmt.Errorf("%w: %s before prepare", ErrNonsense, m.Type)
	}
	idle := ownPeak()
	cell, ready, err := prepare(ctx, conn, cat, *m.Prepare)
	if err != nil {
		return err
	}
	defer cell.close()
	if err := conn.Send(Message{Type: TypeReady, Ready: &ready}); err != nil {
		return err
	}
	for {
		m, err := conn.Receive()
		if err != nil {
			return ignoreEOF(err)
		}
		switch m.Type {
		case TypeBye:
			return conn.Send(Message{Type: TypeBye, Bye: &Bye{PeakRSSBytes: peakRSS(), MemoryBytes: added(idle, ownPeak()), Threads: threads()}})
		case TypeSlice:
			sample, idle, err := cell.turn(ctx, *m.Slice)
			if err == nil {
				err = conn.Send(Message{Type: TypeSample, Sample: &sample})
			}
			if err == nil {
				err = conn.Send(Message{Type: TypeIdle, Idle: &idle})
			}
			if err != nil {
				return err
			}
		default:
			return fmt.Errorf("%w: %s where slice or bye was due", ErrNonsense, m.Type)
		}
	}
}

// added returns how much more memory a process has had since it had idle; 0 where
// either is unknown.
func added(idle, now int64) int64 {
	if idle == 0 || now == 0 {
		return 0
	}
	return max(now-idle, 0)
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// prepare does everything that is off the clock.
func prepare(ctx context.Context, conn *Conn, cat Catalogue, p Prepare) (c *cell, ready Ready, err error) {
	if !slices.Contains(Versions, p.Version) {
		return nil, Ready{}, fmt.Errorf("protocol version %d: this worker speaks %v", p.Version, Versions)
	}
	if p.Cell.Workers < 1 || p.Cell.Rate < 0 || p.RedoPermille < 0 || p.RedoPermille > 1000 {
		return nil, Ready{}, fmt.Errorf("prepare: workers %d, rate %d, redo_permille %d: out of range", p.Cell.Workers, p.Cell.Rate, p.RedoPermille)
	}
	scenario, err := cat.Scenario(p.Cell.Scenario)
	if err != nil {
		return nil, Ready{}, err
	}
	runner, err := cat.Runner(p.Cell.Runner)
	if err != nil {
		return nil, Ready{}, err
	}
	info, ok := scenario.Info().Of(p.Cell.Endpoint)
	if !ok {
		return nil, Ready{}, fmt.Errorf("prepare: scenario %s has no endpoint %q", p.Cell.Scenario, p.Cell.Endpoint)
	}
	in := scenarios.Input{
		Level: p.Cell.Level, Endpoint: p.Cell.Endpoint, Workers: p.Cell.Workers, Tasks: max(p.Cell.Tasks, 1), Iters: p.Cell.Iters,
		Write: int(p.Cell.Write), Resident: ownResident,
		Seed: p.Seed, Verify: p.Verify, Progress: progress(conn),
	}
	if info.Codec {
		if in.Codec, err = cat.Codec(p.Cell.Codec); err != nil {
			return nil, Ready{}, err
		}
		codec := in.Codec.Info()
		ready.Library, ready.LibraryVersion = codec.Library, codec.Version
		if codec.Levels != nil {
			if ready.EffectiveLevel, err = in.Codec.EffectiveLevel(p.Cell.Level); err != nil {
				return nil, Ready{}, fmt.Errorf("codec %s level %d: %w", p.Cell.Codec, p.Cell.Level, err)
			}
		}
	}
	if p.Dict != nil {
		if !info.Dict {
			return nil, Ready{}, fmt.Errorf("prepare: scenario %s takes no dictionary", p.Cell.Scenario)
		}
		if in.Dict, err = p.Dict.read(); err != nil {
			return nil, Ready{}, fmt.Errorf("prepare: %w", err)
		}
		ready.Dict = p.Dict.Digest
	}
	if info.Corpus {
		if p.Data == nil {
			return nil, Ready{}, fmt.Errorf("prepare: scenario %s needs data", p.Cell.Scenario)
		}
		if in.Items, err = corpus.ReadItems(p.Data.Path, p.Data.Index); err != nil {
			return nil, Ready{}, fmt.Errorf("prepare: read data: %w", err)
		}
	}
	job, err := scenario.Prepare(ctx, in)
	if err != nil {
		return nil, Ready{}, fmt.Errorf("prepare %s %s: %w", p.Cell.Scenario, p.Cell.Codec, err)
	}
	foreign := in.Codec != nil && in.Codec.Info().Foreign
	if c, err = newCell(job, runner, p, foreign); err != nil {
		job.Close()
		return nil, Ready{}, err
	}
	defer func() {
		if err != nil {
			c.close()
		}
	}()
	c.pace.burst = info.Burst
	if p.SharedCounter != "" {
		if p.Cell.Workers != 1 {
			return c, Ready{}, fmt.Errorf("prepare: %d workers in a process that shares its slices: want 1", p.Cell.Workers)
		}
		if c.counter, err = openSharedCounter(p.SharedCounter); err != nil {
			return c, Ready{}, fmt.Errorf("prepare: %w", err)
		}
		ready.Shares = true
	}
	ready.take(job.Facts())
	if !info.TimedSlice && !p.FactsOnly {
		if ready.PassNS, err = c.onePass(); err != nil {
			return c, Ready{}, err
		}
	}
	ready.Lanes = c.lanes
	ready.GOMAXPROCS, ready.CPUs, ready.RSSBytes = runtime.GOMAXPROCS(0), usableCPUs(), residentBytes()
	return c, ready, nil
}

// take fills in how much work one pass is.
func (r *Ready) take(f scenarios.Facts) {
	r.Items, r.BytesIn, r.BytesOut, r.Digest, r.ContextNS = f.Items, f.BytesIn, f.BytesOut, f.Digest, f.ContextNS
	for i := range f.ItemOut {
		in, out := int64(f.ItemBytes[i]), int64(f.ItemOut[i])
		r.SumInIn, r.SumInOut, r.SumOutOut = r.SumInIn+in*in, r.SumInOut+in*out, r.SumOutOut+out*out
	}
	if s := f.Stream; s != nil {
		r.StreamWindow, r.StreamMemory, r.StreamSetup, r.Flushes = int64(s.Window), s.Memory, s.Setup.Nanoseconds(), s.Flushes
	}
}

// progress reports at most ten times a second.
func progress(conn *Conn) func(done, total int) {
	var last time.Time
	return func(done, total int) {
		if now := time.Now(); now.Sub(last) > 100*time.Millisecond {
			last = now
			// A lost controller shows at the next Receive.
			_ = conn.Send(Message{Type: TypeProgress, Progress: &Progress{Done: done, Total: total}})
		}
	}
}
