package measure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"zstdshop/harness/worker"
)

// WorkerConn is a worker as the controller sees it: one cell, one fork. Calls are
// made one at a time. Any error means that the worker is lost; Kill it then.
type WorkerConn interface {
	// Prepare hands the worker its cell and waits until it is ready.
	Prepare(ctx context.Context, p worker.Prepare) (worker.Ready, error)
	// Hello is what the worker said of itself; the zero value before Prepare.
	Hello() worker.Hello
	// Greeted is when it said that; the zero time before Prepare.
	Greeted() time.Time
	// Slice asks for one turn and waits until the worker is idle again.
	Slice(ctx context.Context, s worker.Slice) (worker.Sample, worker.Idle, error)
	// Close says bye, waits for the worker's own and for its end.
	Close(ctx context.Context) (worker.Bye, error)
	// Kill ends the worker at once; it may be called at any time and twice.
	Kill()
}

// Launcher starts workers. Start is not called by several goroutines at once.
type Launcher interface {
	Start(ctx context.Context, spec Spawn) (WorkerConn, error)
}

// WorkerError is the loss of a worker, with what it said last.
type WorkerError struct {
	Err    error
	Stderr string // its beginning and end, "" where it said nothing
}

func (e *WorkerError) Error() string { return e.Err.Error() }

func (e *WorkerError) Unwrap() error { return e.Err }

// ErrHung is wrapped where a worker was silent, or made no progress, for
// longer than the timeout.
var ErrHung = errors.New("worker hangs")

// conversation is the protocol's controller side over a pair of streams.
type conversation struct {
	conn     *worker.Conn
	incoming chan incoming
	timeout  time.Duration
	version  int
	said     worker.Hello
	greeted  time.Time
}

type incoming struct {
	message worker.Message
	err     error
}

// converse starts reading in until it ends; close in to stop it.
func converse(in io.Reader, out io.Writer, timeout time.Duration) *conversation {
	c := &conversation{conn: worker.NewConn(in, out), incoming: make(chan incoming, 4), timeout: timeout}
	go func() {
		defer close(c.incoming)
		for {
			m, err := c.conn.Receive()
			c.incoming <- incoming{m, err}
			if err != nil {
				return
			}
		}
	}()
	return c
}

// expect waits for a message of the type wanted. Progress resets the timeout
// while it grows.
func (c *conversation) expect(ctx context.Context, want string) (worker.Message, error) {
	quiet := newSilence(c.timeout, time.Now())
	ticker := time.NewTicker(quiet.beat)
	defer ticker.Stop()
	done := -1
	for {
		select {
		case <-ctx.Done():
			return worker.Message{}, context.Cause(ctx)
		case <-ticker.C:
			if quiet.over(time.Now()) {
				return worker.Message{}, fmt.Errorf("%w: no %s for %v", ErrHung, want, c.timeout)
			}
		case got, open := <-c.incoming:
			if !open {
				return worker.Message{}, errors.New("worker has ended")
			}
			if errors.Is(got.err, io.EOF) {
				return worker.Message{}, fmt.Errorf("worker ended where %s was due", want)
			}
			if got.err != nil {
				return worker.Message{}, got.err
			}
			m := got.message
			switch {
			case m.Type == want:
				return m, nil
			case m.Type == worker.TypeError:
				return worker.Message{}, m.Failure.Err()
			case m.Type == worker.TypeProgress && want == worker.TypeReady:
				if m.Progress.Done > done {
					done = m.Progress.Done
					quiet.broken(time.Now())
				}
			default:
				return worker.Message{}, fmt.Errorf("%w: %s where %s was due", worker.ErrNonsense, m.Type, want)
			}
		}
	}
}

// ask sends a message and waits for one of the type wanted.
func (c *conversation) ask(ctx context.Context, m worker.Message, want string) (worker.Message, error) {
	if err := c.conn.Send(m); err != nil {
		return worker.Message{}, c.lastWords(err)
	}
	return c.expect(ctx, want)
}

func (c *conversation) hello(ctx context.Context) error {
	m, err := c.expect(ctx, worker.TypeHello)
	if err != nil {
		return err
	}
	for _, v := range worker.Versions {
		if slices.Contains(m.Hello.Versions, v) {
			c.version, c.said, c.greeted = v, *m.Hello, time.Now()
			return nil
		}
	}
	return fmt.Errorf("worker %q speaks protocol versions %v, this program %v", m.Hello.Implementation, m.Hello.Versions, worker.Versions)
}

func (c *conversation) prepare(ctx context.Context, p worker.Prepare) (worker.Ready, error) {
	if err := c.hello(ctx); err != nil {
		return worker.Ready{}, err
	}
	p.Version = c.version
	m, err := c.ask(ctx, worker.Message{Type: worker.TypePrepare, Prepare: &p}, worker.TypeReady)
	if err != nil {
		return worker.Ready{}, err
	}
	r := *m.Ready
	switch {
	case p.Dict == nil, r.Dict == p.Dict.Digest:
	case r.Dict == "":
		return worker.Ready{}, fmt.Errorf("%w: the worker's program knows of no dictionaries (ready.dict_digest is missing)", worker.ErrLacks)
	default:
		return worker.Ready{}, fmt.Errorf("%w: ready.dict_digest is %q, the dictionary's %q", worker.ErrNonsense, r.Dict, p.Dict.Digest)
	}
	if r.Items < 1 || r.BytesIn < 0 || r.BytesOut < 0 || r.PassNS < 0 {
		return worker.Ready{}, fmt.Errorf("%w: ready with items %d, bytes_in %d, bytes_out %d, pass_ns %d",
			worker.ErrNonsense, r.Items, r.BytesIn, r.BytesOut, r.PassNS)
	}
	return r, nil
}

func (c *conversation) slice(ctx context.Context, s worker.Slice) (worker.Sample, worker.Idle, error) {
	m, err := c.ask(ctx, worker.Message{Type: worker.TypeSlice, Slice: &s}, worker.TypeSample)
	if err != nil {
		return worker.Sample{}, worker.Idle{}, err
	}
	sample := *m.Sample
	if err := checkSample(s, sample); err != nil {
		return worker.Sample{}, worker.Idle{}, err
	}
	if m, err = c.expect(ctx, worker.TypeIdle); err != nil {
		return worker.Sample{}, worker.Idle{}, err
	}
	return sample, *m.Idle, nil
}

// checkSample refuses a sample that is not an answer to s: other work, or
// times that cannot be.
func checkSample(s worker.Slice, got worker.Sample) error {
	switch {
	case got.SliceID != s.ID:
		return fmt.Errorf("%w: sample of slice %d where %d was asked", worker.ErrNonsense, got.SliceID, s.ID)
	case got.Tasks != s.Count && s.Members == 0, got.Tasks < 0, got.Tasks > s.Count:
		return fmt.Errorf("%w: %d tasks done where %d were asked: unequal work", worker.ErrNonsense, got.Tasks, s.Count)
	case got.WallNS <= 0 || got.CPUNS < 0:
		return fmt.Errorf("%w: wall_ns %d, cpu_ns %d", worker.ErrNonsense, got.WallNS, got.CPUNS)
	case len(got.SentinelNS) != 0 && (len(got.SentinelNS) != 2 || got.SentinelNS[0] <= 0 || got.SentinelNS[1] <= 0):
		return fmt.Errorf("%w: sentinel_ns %v: want none or two times", worker.ErrNonsense, got.SentinelNS)
	case s.Mode != worker.ModeLatency && len(got.FlushNS) > 0:
		return fmt.Errorf("%w: flush_ns in a slice of mode %s", worker.ErrNonsense, s.Mode)
	case s.Mode == worker.ModeLatency && len(got.TaskNS) != got.Tasks:
		return fmt.Errorf("%w: %d task times for %d tasks", worker.ErrNonsense, len(got.TaskNS), got.Tasks)
	}
	return nil
}

// sameWork refuses a fork whose work differs from the first fork's.
func sameWork(first, now worker.Ready) error {
	if first.Items != now.Items || first.BytesIn != now.BytesIn || first.BytesOut != now.BytesOut || first.Digest != now.Digest || first.Dict != now.Dict {
		return fmt.Errorf("the output differs from the first fork's: %d items, %d bytes in, %d out, digest %.12s; before: %d, %d, %d, %.12s",
			now.Items, now.BytesIn, now.BytesOut, now.Digest, first.Items, first.BytesIn, first.BytesOut, first.Digest)
	}
	return nil
}

func (c *conversation) bye(ctx context.Context) (worker.Bye, error) {
	m, err := c.ask(ctx, worker.Message{Type: worker.TypeBye, Bye: &worker.Bye{}}, worker.TypeBye)
	if err != nil {
		return worker.Bye{}, err
	}
	return *m.Bye, nil
}

// lastWords is the reason a worker gave before it closed its end, in place of
// the broken pipe that the controller sees.
func (c *conversation) lastWords(err error) error {
	timer := time.NewTimer(time.Second)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return err
		case got, open := <-c.incoming:
			if !open || got.err != nil {
				return errors.New("worker has ended")
			}
			if got.message.Type == worker.TypeError {
				return got.message.Failure.Err()
			}
		}
	}
}

// excerpt keeps the first and the last bytes written to it: a crash says why at
// its beginning, a slow death at its end.
type excerpt struct {
	head, tail []byte
	skipped    int
}

const excerptBytes = 2 << 10 // of each

func (e *excerpt) Write(p []byte) (int, error) {
	n := len(p)
	if room := excerptBytes - len(e.head); room > 0 {
		take := min(room, len(p))
		e.head, p = append(e.head, p[:take]...), p[take:]
	}
	e.tail = append(e.tail, p...)
	if over := len(e.tail) - excerptBytes; over > 0 {
		e.skipped += over
		e.tail = append(e.tail[:0], e.tail[over:]...)
	}
	return n, nil
}

func (e *excerpt) String() string {
	s := string(e.head)
	if e.skipped > 0 {
		s += fmt.Sprintf("\n... %d bytes ...\n", e.skipped)
	}
	return strings.TrimSpace(strings.ToValidUTF8(s+string(e.tail), "?"))
}
