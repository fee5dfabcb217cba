package fleet

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"zstdshop/harness/result"
)

// Two agents share the units of a run: each is measured once, and nothing is left.
func TestSpread(t *testing.T) {
	w := newWorld(t)
	w.start(w.agent("a"))
	w.start(w.agent("b"))
	c := w.controller()
	var last State
	c.Progress = func(s State) { last = s }
	s, got := w.run(c, w.job("iters=1,2,3,4,5,6,7,8"))
	if len(got.Files) != 8 || len(got.Missing) > 0 || got.Repeated > 0 || got.Refused > 0 {
		t.Fatalf("%+v", got)
	}
	for i, r := range w.results(got) {
		if want := s.Record.Units[i].Cells; len(r.Cells) != len(want) || r.Cells[0].Cell != want[0] {
			t.Errorf("result %d has cells %v, want %v", i, r.Cells, want)
		}
	}
	if last.Units != 8 || last.Done != 8 || last.Left != 0 {
		t.Errorf("at the end: %+v", last)
	}
	if err := s.End(t.Context(), got); err != nil {
		t.Fatal(err)
	}
	w.empty(c.Hub)
	if said := w.heard(); said != "" {
		t.Errorf("logged: %s", said)
	}
}

// Every agent measures the whole matrix.
func TestEach(t *testing.T) {
	w := newWorld(t)
	other := w.agent("b")
	other.Machine.Fingerprint = "f2"
	w.start(w.agent("a"))
	w.start(other)
	job := w.job("iters=1,2,3")
	job.Each = true
	s, got := w.run(w.controller(), job)
	if len(got.Files) != 6 || len(got.Missing) > 0 {
		t.Fatalf("%+v", got)
	}
	hosts := map[string]int{}
	for _, r := range w.results(got) {
		hosts[r.Machine.Host]++
	}
	if hosts["a.example"] != 3 || hosts["b.example"] != 3 {
		t.Errorf("results by host: %v", hosts)
	}
	if err := s.End(t.Context(), got); err != nil {
		t.Fatal(err)
	}
}

// A unit whose agent is gone is begun anew by another one.
func TestAgentIsLost(t *testing.T) {
	w := newWorld(t)
	began := make(chan string, 1)
	lost := w.agent("a")
	nc := w.connect()
	hub, err := Open(t.Context(), nc)
	if err != nil {
		t.Fatal(err)
	}
	lost.Hub = hub
	lost.Measure = func(ctx context.Context, u *Unit, _ *Data, _ func(_, _ time.Duration)) (*result.Result, error) {
		began <- u.ID
		<-ctx.Done()
		return nil, ctx.Err()
	}
	lost.Log = func(string, ...any) {}
	w.start(lost)
	c := w.controller()
	c.AckWait = 100 * time.Millisecond
	s, err := c.Begin(t.Context(), w.job("iters=1"))
	if err != nil {
		t.Fatal(err)
	}
	<-began
	nc.Close() // as a kill does
	w.start(w.agent("b"))
	got, err := s.Collect(t.Context())
	if err != nil || len(got.Files) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	if r := w.results(got)[0]; r.Machine.Host != "b.example" {
		t.Errorf("measured by %s", r.Machine.Host)
	}
}

// A unit that ends every agent is given up.
func TestUnitThatIsNeverDone(t *testing.T) {
	w := newWorld(t)
	a := w.agent("a")
	a.Hub = w.hub()
	if err := newAnnouncer(a.Hub, a.Log, a.presence()).begin(t.Context()); err != nil { // one that is there and takes nothing
		t.Fatal(err)
	}
	c := w.controller()
	c.AckWait = 20 * time.Millisecond
	s, err := c.Begin(t.Context(), w.job("iters=1"))
	if err != nil {
		t.Fatal(err)
	}
	consumer, err := c.Hub.units.Consumer(t.Context(), consumerName(s.Run.ID, anyQueue))
	if err != nil {
		t.Fatal(err)
	}
	if kept := consumer.CachedInfo().Config.InactiveThreshold; kept != keptFor { // of a controller that never comes back
		t.Errorf("the server keeps the queue for %v", kept)
	}
	for range maxDeliveries { // taken, and never heard of again until the server gives it again
		if _, err := consumer.Next(); err != nil {
			t.Fatal(err)
		}
	}
	a.Measure = nil
	w.start(a)
	got, err := s.Collect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Files) > 0 || len(got.Missing) != 1 || !strings.Contains(got.Missing[0], "5 agents were lost") {
		t.Errorf("%+v", got)
	}
}

// A unit that is neither in the queue nor has an outcome is put there again, and given up
// where that goes on.
func TestUnitThatTheQueueLost(t *testing.T) {
	w := newWorld(t)
	a := w.agent("a")
	a.Hub = w.hub()
	if err := newAnnouncer(a.Hub, a.Log, a.presence()).begin(t.Context()); err != nil { // Begin wants one
		t.Fatal(err)
	}
	c := w.controller()
	c.Log = func(string, ...any) {}
	s, err := c.Begin(t.Context(), w.job("iters=1"))
	if err != nil {
		t.Fatal(err)
	}
	u := s.all()[0]
	k := &collector{Session: s, open: map[string]*Unit{u.key(): u}, files: map[string]File{}, given: map[string]bool{}, alone: map[string]time.Time{},
		agents: map[string]seen{}}
	now := time.Now()
	for attempt := 1; attempt <= maxAttempts; attempt++ {
		waiting, err := c.Hub.waiting(t.Context(), s.Run.ID)
		if err != nil || len(waiting) != 1 || u.Attempt != attempt {
			t.Fatalf("%d units in the queue at attempt %d, want one at %d; %v", len(waiting), u.Attempt, attempt, err)
		}
		if err := c.Hub.units.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 2 { // once it may be on the way
			now = now.Add(lookEvery)
			k.agents["a"] = seen{queue: anyQueue, at: now}
			if err := k.look(t.Context(), now); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(k.open) > 0 || len(k.missing) != 1 || !strings.Contains(k.missing[0], "nothing was heard of it") {
		t.Errorf("%d open, missing %q", len(k.open), k.missing)
	}
}

// late is a bucket whose objects are not there at first: the server that is asked follows
// another one, and has not got them yet.
type late struct {
	jetstream.ObjectStore
	asked int
}

func (l *late) Get(ctx context.Context, name string, opts ...jetstream.GetObjectOpt) (jetstream.ObjectResult, error) {
	if l.asked++; l.asked == 1 {
		return nil, jetstream.ErrObjectNotFound
	}
	return l.ObjectStore.Get(ctx, name, opts...)
}

// A result that is not there yet is asked for again, and its unit not measured again.
func TestObjectThatIsLate(t *testing.T) {
	w := newWorld(t)
	w.start(w.agent("a"))
	c := w.controller()
	l := &late{ObjectStore: c.Hub.figures}
	c.Hub.figures = l
	if _, got := w.run(c, w.job("iters=1")); len(got.Files) != 1 || got.Refused > 0 || l.asked != 2 {
		t.Errorf("asked %d times: %+v", l.asked, got)
	}
}

// A unit whose outcome is stored and has not come yet, as after a lost connection, is not
// measured again.
func TestOutcomeThatIsLate(t *testing.T) {
	w := newWorld(t)
	w.start(w.agent("a"))
	c := w.controller()
	c.Log = func(string, ...any) {}
	s, err := c.Begin(t.Context(), w.job("iters=1"))
	if err != nil {
		t.Fatal(err)
	}
	follower, err := c.Hub.js.OrderedConsumer(t.Context(), outcomeStream, jetstream.OrderedConsumerConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := follower.Next(); err != nil {
		t.Fatal(err)
	}
	if err := c.Hub.units.Purge(t.Context()); err != nil { // or the agent's acknowledgement is on its way
		t.Fatal(err)
	}
	u := s.all()[0]
	k := &collector{Session: s, open: map[string]*Unit{u.key(): u}, files: map[string]File{}, given: map[string]bool{}, alone: map[string]time.Time{},
		agents: map[string]seen{}}
	now := time.Now()
	look := func() {
		t.Helper()
		now = now.Add(lookEvery)
		k.agents["a"] = seen{queue: anyQueue, at: now}
		if err := k.look(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		look()
	}
	if u.Attempt != 1 {
		t.Errorf("attempt %d of a unit that has an outcome", u.Attempt)
	}
	k.heard++ // and it was of another unit
	look()
	if u.Attempt != 2 {
		t.Errorf("attempt %d of a unit that has none", u.Attempt)
	}
}

// A controller that was interrupted goes on, on another machine, with what is there.
func TestResume(t *testing.T) {
	w := newWorld(t)
	a := w.agent("a")
	go1 := make(chan struct{}, 4)
	a.Measure = func(ctx context.Context, u *Unit, _ *Data, _ func(_, _ time.Duration)) (*result.Result, error) {
		select {
		case <-go1:
			return made(u, a), nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	w.start(a)
	c := w.controller()
	s, err := c.Begin(t.Context(), w.job("iters=1,2,3,4"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	c.Progress = func(s State) {
		if s.Done == 1 {
			interrupt()
		}
	}
	go1 <- struct{}{}
	if got, err := s.Collect(ctx); err == nil || len(got.Files) != 1 {
		t.Fatalf("interrupted: %+v, %v", got, err)
	}
	for range 3 {
		go1 <- struct{}{}
	}
	again := w.controller()
	s, err = again.Resume(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Collect(t.Context())
	if err != nil || len(got.Files) != 4 || !slices.Equal(s.Args(), []string{"bench"}) {
		t.Fatalf("%+v, %v, of %q", got, err, s.Args())
	}
	if err := s.End(t.Context(), got); err != nil {
		t.Fatal(err)
	}
	w.empty(again.Hub)
	if _, err := again.Resume(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "nothing to resume") {
		t.Errorf("once more: %v", err)
	}
}

// Data travels once, and is removed with its run.
func TestDataTravels(t *testing.T) {
	w := newWorld(t)
	path := filepath.Join(t.TempDir(), "own.log")
	if err := os.WriteFile(path, []byte(strings.Repeat("a line\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	a := w.agent("a")
	var sizes []int64
	var kept []string
	a.Measure = func(_ context.Context, u *Unit, d *Data, _ func(_, _ time.Duration)) (*result.Result, error) {
		sizes = append(sizes, d.Corpora[0].Size())
		entries, err := os.ReadDir(a.Dir)
		for _, e := range entries {
			kept = append(kept, e.Name())
		}
		return made(u, a), err
	}
	stop := w.start(a)
	s, got := w.run(w.controller(), w.job("scenario=compress", "corpus="+path, "block=1KiB,2KiB"))
	if len(got.Files) != 2 || !slices.Equal(sizes, []int64{7000, 7000}) || len(slices.Compact(kept)) != 1 {
		t.Fatalf("%+v, sizes %v, kept %q", got, sizes, kept)
	}
	stop() // and the end of the run is not heard of any more
	if err := s.End(t.Context(), got); err != nil {
		t.Fatal(err)
	}
	w.empty(s.controller.Hub)
	if entries, err := os.ReadDir(a.Dir); err != nil || len(entries) > 0 {
		t.Errorf("left in the agent's folder: %v, %v", entries, err)
	}
}

// An agent whose run ends while it measures, because another one was faster, is free for
// the next.
func TestRunEndsWhileAnAgentMeasures(t *testing.T) {
	w := newWorld(t)
	a := w.agent("a")
	measure, began := a.Measure, make(chan struct{})
	a.Measure = func(ctx context.Context, _ *Unit, _ *Data, _ func(_, _ time.Duration)) (*result.Result, error) {
		a.Measure = measure
		close(began)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	w.start(a)
	c := w.controller()
	s, err := c.Begin(t.Context(), w.job("iters=1"))
	if err != nil {
		t.Fatal(err)
	}
	<-began
	if err := s.End(t.Context(), &Collected{}); err != nil {
		t.Fatal(err)
	}
	if _, got := w.run(c, w.job("iters=2")); len(got.Files) != 1 {
		t.Errorf("%+v", got)
	}
	if said := w.heard(); said != "" {
		t.Errorf("logged: %s", said)
	}
}

// An agent that is told to end gives its unit back, and another one takes it at once.
func TestAgentIsInterrupted(t *testing.T) {
	w := newWorld(t)
	a, began := w.agent("a"), make(chan struct{})
	a.Measure = func(ctx context.Context, _ *Unit, _ *Data, _ func(_, _ time.Duration)) (*result.Result, error) {
		close(began)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	stop := w.start(a)
	c := w.controller()
	c.AckWait = time.Hour
	s, err := c.Begin(t.Context(), w.job("iters=1"))
	if err != nil {
		t.Fatal(err)
	}
	<-began
	stop()
	w.start(w.agent("b"))
	got, err := s.Collect(t.Context())
	if err != nil || len(got.Files) != 1 || got.Files[0].Agent != "b" {
		t.Fatalf("%+v, %v", got, err)
	}
	if said := w.heard(); said != "" { // it has not failed
		t.Errorf("logged: %s", said)
	}
}

// A unit that fails is measured once more, and given up where it fails again; its agent is
// named once.
func TestUnitFails(t *testing.T) {
	for _, test := range []struct {
		name     string
		failures int
		each     bool
		files    int
		missing  string
	}{
		{"once", 1, false, 1, ""},
		{"always", 1 << 30, false, 0, "agent a: a fault"},
		{"always, each", 1 << 30, true, 0, "agent a: a fault"},
	} {
		t.Run(strings.ReplaceAll(test.name, " ", "_"), func(t *testing.T) {
			w := newWorld(t)
			a, calls := w.agent("a"), 0
			a.Measure = func(_ context.Context, u *Unit, _ *Data, _ func(_, _ time.Duration)) (*result.Result, error) {
				if calls++; calls <= test.failures {
					return nil, errors.New("a fault")
				}
				return made(u, a), nil
			}
			w.start(a)
			job := w.job("iters=1")
			job.Each = test.each
			s, got := w.run(w.controller(), job)
			if len(got.Files) != test.files || calls != 2 {
				t.Errorf("%+v after %d tries, want %d results after 2", got, calls, test.files)
			}
			if want := s.Record.Units[0].Name + ": " + test.missing; test.missing != "" && (len(got.Missing) != 1 || got.Missing[0] != want) {
				t.Errorf("missing %q, want %q", got.Missing, want)
			}
		})
	}
}

// mute is a server whose first consumer is never heard of, as one is whose only copy was on
// a server that is gone.
type mute struct {
	jetstream.JetStream
	t     *testing.T
	asked int
}

func (m *mute) OrderedConsumer(ctx context.Context, stream string, cfg jetstream.OrderedConsumerConfig) (jetstream.Consumer, error) {
	m.asked++
	if m.asked == 1 {
		return muteConsumer{t: m.t}, nil
	}
	return m.JetStream.OrderedConsumer(ctx, stream, cfg)
}

type muteConsumer struct {
	jetstream.Consumer
	t *testing.T
}

func (c muteConsumer) Messages(...jetstream.PullMessagesOpt) (jetstream.MessagesContext, error) {
	return muteMessages{t: c.t}, nil
}

type muteMessages struct {
	jetstream.MessagesContext
	t *testing.T
}

func (m muteMessages) Next(opts ...jetstream.NextOpt) (jetstream.Msg, error) {
	if len(opts) == 0 {
		m.t.Error("this would wait for ever")
	}
	return nil, nats.ErrTimeout
}

func (muteMessages) Stop() {}

// Outcomes are asked for anew where nothing is heard of them.
func TestOutcomesThatAreNotHeardOf(t *testing.T) {
	w := newWorld(t)
	w.start(w.agent("a"))
	c := w.controller()
	m := &mute{JetStream: c.Hub.js, t: t}
	c.Hub.js = m
	_, got := w.run(c, w.job("iters=1,2,3"))
	if len(got.Files) != 3 || got.Repeated > 0 || m.asked < 2 {
		t.Errorf("asked %d times: %+v", m.asked, got)
	}
}

// An object that a cluster does not give for the time being, or not whole, is asked for
// again.
func TestPartOfAnObjectPasses(t *testing.T) {
	if err := error(&nats.APIError{Code: 503, ErrorCode: 10008}); !passing(err) {
		t.Errorf("%v ends a run", err)
	}
	here, there := net.Pipe() // through which jetstream gives it
	defer there.Close()
	if err := here.SetReadDeadline(time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := here.Read(make([]byte, 1)); !passing(err) {
		t.Errorf("%v ends a run", err)
	}
}
