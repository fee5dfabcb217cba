package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
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

// grace is how long a slice under way may go on after the controller has gone.
const grace = time.Second

// Serve is the life of a worker: hello, prepare, slices, bye. It returns nil
// after a bye or a clean end of in (the controller has gone). What goes wrong
// with the cell is told to the controller as an error message and returned.
//
// When in ends while a slice hangs, Serve returns after a moment and leaves the
// slice behind: the process must end then, or a killed controller would leave
// workers that never do.
func Serve(ctx context.Context, in io.Reader, out io.Writer, cat Catalogue) error {
	conn := NewConn(in, out)
	err := conn.Send(Message{Type: TypeHello, Hello: &Hello{
		Versions:       Versions,
		Implementation: "zstdshop " + runtime.Version(),
		GILEnabled:     runtime.GOMAXPROCS(0) == 1,
	}})
	if err != nil {
		return err
	}
	inbox := read(conn)
	served := make(chan error, 1)
	go func() { served <- serve(ctx, conn, inbox, cat) }()
	select {
	case err = <-served:
	case <-inbox.ended:
		select {
		case err = <-served:
		case <-time.After(grace):
			return errors.New("the controller has gone and the slice under way does not end")
		}
	}
	if err != nil {
		// The controller may be gone; then there is nobody to tell.
		_ = conn.Send(Message{Type: TypeError, Failure: &Failure{Error: err.Error()}})
	}
	return err
}

// inbox is what the controller sends, read by a goroutine of its own so that
// its end is seen during a slice, too.
type inbox struct {
	messages chan Message
	ended    chan struct{} // closed behind the last message
	err      error         // why; set before ended is closed
}

func read(conn *Conn) *inbox {
	in := &inbox{messages: make(chan Message, 1), ended: make(chan struct{})}
	go func() {
		defer close(in.ended)
		for {
			m, err := conn.Receive()
			if err != nil {
				in.err = err
				return
			}
			in.messages <- m
		}
	}()
	return in
}

// next waits for a message, or for the end.
func (in *inbox) next() (Message, error) {
	select {
	case m := <-in.messages:
		return m, nil
	case <-in.ended:
		select {
		case m := <-in.messages: // sent before the end
			return m, nil
		default:
			return Message{}, in.err
		}
	}
}

func serve(ctx context.Context, conn *Conn, in *inbox, cat Catalogue) error {
	m, err := in.next()
	if err != nil {
		return ignoreEOF(err)
	}
	if m.Type == TypeBye {
		return nil
	}
	if m.Type != TypePrepare {
		return fmt.Errorf("%w: %s before prepare", ErrNonsense, m.Type)
	}
	cell, ready, err := prepare(ctx, conn, cat, *m.Prepare)
	if err != nil {
		return err
	}
	defer cell.close()
	if err := conn.Send(Message{Type: TypeReady, Ready: &ready}); err != nil {
		return err
	}
	for {
		m, err := in.next()
		if err != nil {
			return ignoreEOF(err)
		}
		switch m.Type {
		case TypeBye:
			return conn.Send(Message{Type: TypeBye, Bye: &Bye{PeakRSSBytes: peakRSS(), Threads: threads()}})
		case TypeSlice:
			sample, idle, err := cell.turn(ctx, *m.Slice)
			if err != nil {
				return err
			}
			if err := conn.Send(Message{Type: TypeSample, Sample: &sample}); err != nil {
				return err
			}
			if err := conn.Send(Message{Type: TypeIdle, Idle: &idle}); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%w: %s where slice or bye was due", ErrNonsense, m.Type)
		}
	}
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// prepare does everything that is off the clock.
func prepare(ctx context.Context, conn *Conn, cat Catalogue, p Prepare) (*cell, Ready, error) {
	if !slices.Contains(Versions, p.Version) {
		return nil, Ready{}, fmt.Errorf("protocol version %d: this worker speaks %v", p.Version, Versions)
	}
	if p.Cell.Workers < 1 || p.RedoPermille < 0 || p.RedoPermille > 1000 {
		return nil, Ready{}, fmt.Errorf("prepare: workers %d, redo_permille %d: out of range", p.Cell.Workers, p.RedoPermille)
	}
	scenario, err := cat.Scenario(p.Cell.Scenario)
	if err != nil {
		return nil, Ready{}, err
	}
	runner, err := cat.Runner(p.Cell.Runner)
	if err != nil {
		return nil, Ready{}, err
	}
	in := scenarios.Input{
		Level: p.Cell.Level, Workers: p.Cell.Workers, Tasks: max(p.Cell.Tasks, 1), Iters: p.Cell.Iters,
		Seed: p.Seed, Verify: p.Verify, Progress: progress(conn),
	}
	var ready Ready
	if scenario.Info().Codec {
		if in.Codec, err = cat.Codec(p.Cell.Codec); err != nil {
			return nil, Ready{}, err
		}
		info := in.Codec.Info()
		ready.Library, ready.LibraryVersion = info.Library, info.Version
		if info.Levels != nil {
			if ready.EffectiveLevel, err = in.Codec.EffectiveLevel(p.Cell.Level); err != nil {
				return nil, Ready{}, fmt.Errorf("codec %s level %d: %w", p.Cell.Codec, p.Cell.Level, err)
			}
		}
	}
	if scenario.Info().Corpus {
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
	c := newCell(job, runner, p)
	facts := job.Facts()
	ready.Items, ready.BytesIn, ready.BytesOut, ready.Digest = facts.Items, facts.BytesIn, facts.BytesOut, facts.Digest
	if !scenario.Info().TimedSlice {
		if ready.PassNS, err = c.onePass(); err != nil {
			c.close()
			return nil, Ready{}, err
		}
	}
	ready.GOMAXPROCS, ready.CPUs, ready.RSSBytes = runtime.GOMAXPROCS(0), usableCPUs(), residentBytes()
	return c, ready, nil
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
