package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"zstdshop/codecs"
	"zstdshop/runners"
	"zstdshop/scenarios"
)

// counting is a scenario that writes down which items were done.
type counting struct {
	info scenarios.Info
	fail func(item int) error

	mu     sync.Mutex
	done   []int
	begins int
	closed bool
}

const countedItems = 5

func (c *counting) Info() scenarios.Info { return c.info }
func (c *counting) Prepare(_ context.Context, in scenarios.Input) (scenarios.Job, error) {
	in.Progress(1, 2)
	if in.Iters == 99 {
		return nil, errors.New("cannot be prepared")
	}
	return c, nil
}
func (c *counting) Facts() scenarios.Facts {
	return scenarios.Facts{Items: countedItems, BytesIn: 50, BytesOut: 20, Digest: "d"}
}
func (c *counting) Begin() { c.begins++ }
func (c *counting) Do(_, item int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done = append(c.done, item)
	if c.fail != nil {
		return c.fail(item)
	}
	return nil
}
func (c *counting) Checksum() uint64 { return 42 }
func (c *counting) Close() error     { c.closed = true; return nil }

// world is a catalogue of one of each.
type world struct{ scenario scenarios.Scenario }

func (w world) Codec(name string) (codecs.Codec, error) {
	return nil, fmt.Errorf("unknown codec %q", name)
}
func (w world) Runner(name string) (runners.Runner, error) {
	return map[string]runners.Runner{"single": runners.Single(), "pool": runners.Pool()}[name], nil
}
func (w world) Scenario(name string) (scenarios.Scenario, error) {
	if name != "counting" {
		return nil, fmt.Errorf("unknown scenario %q", name)
	}
	return w.scenario, nil
}

// talk runs a worker in this process and returns the controller's end.
func talk(t *testing.T, s scenarios.Scenario) (*Conn, func() error) {
	t.Helper()
	fromController, toWorker := io.Pipe()
	fromWorker, toController := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(t.Context(), fromController, toController, world{s})
		toController.Close()
	}()
	c := NewConn(fromWorker, toWorker)
	if m := receive(t, c); m.Type != TypeHello || !slices.Contains(m.Hello.Versions, Version) {
		t.Fatalf("first message %+v, want a hello", m)
	}
	return c, func() error {
		toWorker.Close()
		fromWorker.Close() // or a worker with more to say than the test hears waits for ever
		return <-ended
	}
}

func receive(t *testing.T, c *Conn) Message {
	t.Helper()
	for {
		m, err := c.Receive()
		if err != nil {
			t.Fatal(err)
		}
		if m.Type != TypeProgress {
			return m
		}
	}
}

func send(t *testing.T, c *Conn, m Message) {
	t.Helper()
	if err := c.Send(m); err != nil {
		t.Fatal(err)
	}
}

func prepareMessage(p Prepare) Message {
	if p.Version == 0 {
		p.Version = Version
	}
	if p.Cell.Scenario == "" {
		p.Cell = CellSpec{Scenario: "counting", Runner: "single", Workers: 1, Iters: p.Cell.Iters}
	}
	return Message{Type: TypePrepare, Prepare: &p}
}

// ask sends one slice and returns sample and idle.
func ask(t *testing.T, c *Conn, s Slice) (Sample, Idle) {
	t.Helper()
	send(t, c, Message{Type: TypeSlice, Slice: &s})
	m := receive(t, c)
	if m.Type != TypeSample {
		t.Fatalf("got %s %+v, want a sample", m.Type, m.Failure)
	}
	idle := receive(t, c)
	if idle.Type != TypeIdle {
		t.Fatalf("got %s, want idle", idle.Type)
	}
	return *m.Sample, *idle.Idle
}

func TestServeSlices(t *testing.T) {
	job := &counting{}
	c, end := talk(t, job)
	send(t, c, prepareMessage(Prepare{}))
	ready := receive(t, c)
	if ready.Type != TypeReady || ready.Ready.Items != countedItems || ready.Ready.Digest != "d" || ready.Ready.PassNS <= 0 || ready.GOMAXPROCS < 1 {
		t.Fatalf("got %+v", ready.Ready)
	}
	// Twice, because the first is so short that it says more of waking up.
	if want := []int{0, 1, 2, 3, 4, 0, 1, 2, 3, 4}; !slices.Equal(job.done, want) {
		t.Errorf("the first pass did %v, want %v", job.done, want)
	}
	for _, s := range []struct {
		slice Slice
		want  []int // warm-up, then slice
	}{
		{Slice{ID: 0, First: 0, Count: 5}, []int{0, 1, 2, 3, 4}},
		{Slice{ID: 1, First: 3, Count: 2}, []int{3, 4}},
		{Slice{ID: 2, First: 3, Count: 4}, []int{3, 4, 0, 1}},
		{Slice{ID: 3, First: 1, Count: 2, Warmup: 1}, []int{1, 1, 2}},
		{Slice{ID: 4, First: 1, Count: 2, Warmup: 5}, []int{1, 2, 1, 2, 1, 1, 2}},
		{Slice{ID: 5, First: 3, Count: 4, Warmup: 6, Place: 1}, []int{3, 4, 0, 1, 3, 4, 3, 4, 0, 1}},
		{Slice{ID: 6, First: 0, Count: 12, Warmup: 7, Place: 1000}, []int{0, 1, 2, 3, 4, 0, 1, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1}},
	} {
		job.done = nil
		s.slice.Mode = ModeThroughput
		got, idle := ask(t, c, s.slice)
		if !slices.Equal(job.done, s.want) {
			t.Errorf("%+v did %v, want %v", s.slice, job.done, s.want)
		}
		if got.SliceID != s.slice.ID || got.Tasks != s.slice.Count || got.WallNS <= 0 || got.Checksum != 42 || got.TaskNS != nil || idle.IdleCPUNS < 0 {
			t.Errorf("%+v: got %+v, %+v", s.slice, got, idle)
		}
		if len(got.SentinelNS) != 2 || got.SentinelNS[0] <= 0 || got.SentinelNS[1] <= 0 {
			t.Errorf("sentinels %v", got.SentinelNS)
		}
	}
	send(t, c, Message{Type: TypeBye, Bye: &Bye{}})
	if m := receive(t, c); m.Type != TypeBye {
		t.Errorf("got %s, want bye", m.Type)
	}
	if err := end(); err != nil || !job.closed {
		t.Errorf("end: %v, closed %v", err, job.closed)
	}
}

func TestServeLatency(t *testing.T) {
	job := &counting{}
	c, end := talk(t, job)
	send(t, c, prepareMessage(Prepare{}))
	receive(t, c)
	got, _ := ask(t, c, Slice{Count: 7, Mode: ModeLatency})
	if len(got.TaskNS) != 7 || slices.Min(got.TaskNS) < 0 {
		t.Errorf("task times %v, want 7", got.TaskNS)
	}
	end()
}

// A planted slowdown does another task of the slice after a task, half the
// slice further on: the same once more would find its data at hand. Warm-ups
// are as ever.
func TestServeRedoDoesAnother(t *testing.T) {
	for _, c := range []struct {
		slice Slice
		want  []int
	}{
		{Slice{First: 3, Count: 4, Warmup: 2}, []int{3, 4, 3, 0, 4, 1, 0, 3, 1, 4}},
		{Slice{First: 0, Count: 5}, []int{0, 2, 1, 3, 2, 4, 3, 0, 4, 1}},
		{Slice{First: 2, Count: 1}, []int{2, 2}}, // there is no other
	} {
		job := &counting{}
		conn, end := talk(t, job)
		send(t, conn, prepareMessage(Prepare{RedoPermille: 1000}))
		receive(t, conn)
		job.done = nil
		c.slice.Mode = ModeThroughput
		if got, _ := ask(t, conn, c.slice); got.Tasks != c.slice.Count {
			t.Errorf("%+v: %d tasks, want those asked for", c.slice, got.Tasks)
		}
		if !slices.Equal(job.done, c.want) {
			t.Errorf("%+v did %v, want %v", c.slice, job.done, c.want)
		}
		end()
	}
}

// Any share is met exactly, to one task, in every long stretch of tasks, and
// the extra tasks are not always the same items.
func TestServeRedo(t *testing.T) {
	for _, permille := range []int{10, 50, 333, 1000} {
		job := &counting{}
		c, end := talk(t, job)
		send(t, c, prepareMessage(Prepare{RedoPermille: permille}))
		receive(t, c)
		job.done = nil
		const slices, count = 20, 50
		for id := range slices {
			ask(t, c, Slice{ID: id, First: (id * count) % countedItems, Count: count, Mode: ModeThroughput})
		}
		extra := len(job.done) - slices*count
		if want := slices * count * permille / 1000; extra < want-2 || extra > want+2 {
			t.Errorf("permille %d: %d more tasks than %d, want %d", permille, extra, slices*count, want)
		}
		if permille == 50 {
			times := map[int]int{}
			for _, item := range job.done {
				times[item]++
			}
			for item := range countedItems {
				if more := times[item] - slices*count/countedItems; more < 5 || more > 15 {
					t.Errorf("item %d was done %d times more, want about 10", item, more)
				}
			}
		}
		end()
	}
}

func TestServeRefuses(t *testing.T) {
	data := &Data{Path: filepath.Join(t.TempDir(), "none"), Index: "none"}
	for _, tc := range []struct {
		name string
		info scenarios.Info
		send []Message
		want string
	}{
		{"unknown scenario", scenarios.Info{}, []Message{prepareMessage(Prepare{Cell: CellSpec{Scenario: "x", Runner: "single", Workers: 1}})}, `unknown scenario "x"`},
		{"unknown codec", scenarios.Info{Codec: true}, []Message{prepareMessage(Prepare{})}, "unknown codec"},
		{"version", scenarios.Info{}, []Message{prepareMessage(Prepare{Version: 9})}, "version 9"},
		{"workers", scenarios.Info{}, []Message{prepareMessage(Prepare{Cell: CellSpec{Scenario: "counting", Runner: "single"}})}, "out of range"},
		{"redo", scenarios.Info{}, []Message{prepareMessage(Prepare{RedoPermille: 1001})}, "out of range"},
		{"no data", scenarios.Info{Corpus: true}, []Message{prepareMessage(Prepare{})}, "needs data"},
		{"data gone", scenarios.Info{Corpus: true}, []Message{prepareMessage(Prepare{Data: data})}, "read data"},
		{"prepare fails", scenarios.Info{}, []Message{prepareMessage(Prepare{Cell: CellSpec{Iters: 99}})}, "cannot be prepared"},
		{"slice first", scenarios.Info{}, []Message{{Type: TypeSlice, Slice: &Slice{Count: 1}}}, "before prepare"},
		{"two prepares", scenarios.Info{}, []Message{prepareMessage(Prepare{}), prepareMessage(Prepare{})}, "slice or bye was due"},
		{"empty slice", scenarios.Info{}, []Message{prepareMessage(Prepare{}), {Type: TypeSlice, Slice: &Slice{}}}, "out of range"},
		{"no such place", scenarios.Info{}, []Message{prepareMessage(Prepare{}), {Type: TypeSlice, Slice: &Slice{Count: 1, Place: -1}}}, "out of range"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, end := talk(t, &counting{info: tc.info})
			var last Message
			for i, m := range tc.send {
				send(t, c, m)
				last = receive(t, c)
				if i < len(tc.send)-1 && last.Type != TypeReady {
					t.Fatalf("got %+v, want ready", last)
				}
			}
			if last.Type != TypeError || !strings.Contains(last.Failure.Error, tc.want) {
				t.Errorf("got %s %+v, want an error with %q", last.Type, last.Failure, tc.want)
			}
			if err := end(); err == nil {
				t.Error("Serve returned nil")
			}
		})
	}
}

func TestServeTaskFails(t *testing.T) {
	job := &counting{}
	c, end := talk(t, job)
	send(t, c, prepareMessage(Prepare{}))
	receive(t, c)
	job.fail = func(item int) error {
		if item == 3 {
			return errors.New("bad item")
		}
		return nil
	}
	send(t, c, Message{Type: TypeSlice, Slice: &Slice{ID: 6, Count: 5, Mode: ModeThroughput}})
	if m := receive(t, c); m.Type != TypeError || !strings.Contains(m.Failure.Error, "slice 6: bad item") {
		t.Errorf("got %+v %+v", m, m.Failure)
	}
	if err := end(); err == nil || !job.closed {
		t.Errorf("Serve returned %v, closed %v", err, job.closed)
	}
}

// A controller that goes away ends the worker without a complaint.
func TestServeEndsWithInput(t *testing.T) {
	c, end := talk(t, &counting{})
	send(t, c, prepareMessage(Prepare{}))
	receive(t, c)
	if err := end(); err != nil {
		t.Errorf("got %v, want nil", err)
	}
}

func TestRedoVectors(t *testing.T) {
	// docs/protocol.md gives the same.
	var hits []int
	for i := range 100 {
		if (redo{permille: 50}).hit(i) {
			hits = append(hits, i)
		}
	}
	if want := []int{0, 13, 34, 47, 68, 89}; !slices.Equal(hits, want) {
		t.Errorf("of 100 tasks at 50 permille: %v, want %v", hits, want)
	}
}

// A worker whose parent has become another must end, or a killed controller
// leaves one behind that hangs.
func TestOrphaned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		parent := 7
		begin := time.Now()
		gone := orphaned(t.Context(), func() int {
			if time.Since(begin) > 5*time.Second {
				parent = 1
			}
			return parent
		}, time.Second)
		<-gone
		if after := time.Since(begin); after != 7*time.Second {
			t.Errorf("noticed after %v, want two looks after the fifth second", after)
		}
	})
}
