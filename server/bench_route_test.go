package server

import (
	"context"
	"errors"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"zstdshop/harness/measure"
	"zstdshop/harness/worker"
)

// TestBench runs real workers.
func TestBench(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	l := onLoopback(t, func(o *Options) {
		o.Bench.Launcher = measure.Processes{Argv: []string{exe, workerArgument}, Timeout: time.Minute}
	})
	for _, c := range []struct {
		query    string
		workers  float64
		iters    float64
		checksum float64
		gil      bool
		runner   string
	}{
		{"", 4, 2500000, 2484899264, false, "pool"},
		{"?workers=4&iters=2500000", 4, 2500000, 2484899264, false, "pool"},
		{"?workers=1&iters=2500000&runner=single", 1, 2500000, 621224816, false, "single"},
		{"?workers=4&iters=100000&runner=gomaxprocs1", 4, 100000, 1005997292, true, "gomaxprocs1"},
		{"?workers=4&iters=100000&runner=gil", 4, 100000, 1005997292, true, "gil"},
		{"?workers=4&iters=100000&runner=single", 4, 100000, 1005997292, false, "single"},
		{"?workers=1&iters=1", 1, 1, 0, false, "pool"},
	} {
		got := l.once(t, getRequest("/bench"+c.query))
		if got.status != 200 || got.field("workers") != c.workers || got.field("iters_per_worker") != c.iters || got.field("checksum") != c.checksum ||
			got.field("runner") != c.runner {
			t.Errorf("%s: %v", c.query, got)
		}
		// The GOMAXPROCS of a runner without one of its own is the machine's.
		if gil, ok := got.field("gil_enabled").(bool); !ok || gil != (c.gil || got.field("cpu_count") == 1.0) {
			t.Errorf("%s: gil_enabled %v", c.query, gil)
		}
		if s, ok := got.field("seconds").(float64); !ok || s < 0 {
			t.Errorf("%s: seconds %v", c.query, got.field("seconds"))
		}
	}
}

// fakeLauncher starts worker processes that wait in their slice until they are released or
// told to end.
type fakeLauncher struct {
	started chan measure.Spawn
	release chan bool
	ended   chan error // why a slice ended
	killed  chan bool
}

func newFakeLauncher() *fakeLauncher {
	return &fakeLauncher{make(chan measure.Spawn, 1), make(chan bool), make(chan error, 1), make(chan bool, 1)}
}

func (f *fakeLauncher) Start(_ context.Context, s measure.Spawn) (measure.WorkerConn, error) {
	f.started <- s
	return fakeWorkerConn{f}, nil
}

type fakeWorkerConn struct{ f *fakeLauncher }

func (p fakeWorkerConn) Prepare(_ context.Context, m worker.Prepare) (worker.Ready, error) {
	return worker.Ready{Items: m.Cell.Tasks, GOMAXPROCS: 2, PassNS: 1e9}, nil
}

func (p fakeWorkerConn) Slice(ctx context.Context, s worker.Slice) (worker.Sample, worker.Idle, error) {
	select {
	case <-p.f.release:
		return worker.Sample{SliceID: s.ID, Tasks: s.Count, WallNS: 2e9, CPUNS: 3e9, Checksum: 7}, worker.Idle{}, nil
	case <-ctx.Done():
		p.f.ended <- context.Cause(ctx)
		return worker.Sample{}, worker.Idle{}, context.Cause(ctx)
	}
}

func (fakeWorkerConn) Hello() worker.Hello                       { return worker.Hello{} }
func (fakeWorkerConn) Greeted() time.Time                        { return time.Time{} }
func (fakeWorkerConn) Close(context.Context) (worker.Bye, error) { return worker.Bye{}, nil }
func (p fakeWorkerConn) Kill()                                   { p.f.killed <- true }

// TestBenchAnswer holds the answer against what a worker says.
func TestBenchAnswer(t *testing.T) {
	f := newFakeLauncher()
	l := onLoopback(t, func(o *Options) { o.Bench.Launcher = f })
	c := l.connect(t)
	c.write(getRequest("/bench?workers=3&iters=10&runner=gomaxprocs1"))
	spawn := <-f.started
	if spawn.GOMAXPROCS != 1 || spawn.Cell.Name() != "scenario=cpuburn/runner=gomaxprocs1/workers=3/iters=10" {
		t.Errorf("spawned %+v", spawn)
	}
	// Meanwhile the server answers, but runs nothing else.
	if got := l.once(t, getRequest("/ping")); got.status != 200 {
		t.Error(got)
	}
	if got := l.once(t, getRequest("/bench")); got.status != 429 || string(got.header.Peek("Retry-After")) == "" {
		t.Errorf("a second run: %v", got)
	} else {
		checkProblem(t, "a second run", got, "bench_running")
	}
	f.release <- true
	got, err := c.read("GET")
	if err != nil || got.status != 200 || got.field("seconds") != 2.0 || got.field("parallelism") != 1.5 || got.field("checksum") != 7.0 {
		t.Errorf("%v, %v", got, err)
	}
	<-f.killed
}

// TestBenchClientGone: the worker of a client that leaves is stopped.
func TestBenchClientGone(t *testing.T) {
	f := newFakeLauncher()
	l := onLoopback(t, func(o *Options) { o.Bench.Launcher = f })
	c := l.connect(t)
	c.write(getRequest("/bench"))
	<-f.started
	c.conn.Close()
	if err := <-f.ended; !errors.Is(err, errClientGone) {
		t.Errorf("ended by %v", err)
	}
	<-f.killed
}

// TestBenchBudget: a run that takes too long is stopped.
func TestBenchBudget(t *testing.T) {
	f := newFakeLauncher()
	l := inMemory(t, func(o *Options) { o.Bench.Launcher, o.Limits.Bench.Time = f, time.Millisecond })
	got := l.once(t, getRequest("/bench"))
	if got.status != 503 {
		t.Fatal(got)
	}
	checkProblem(t, "too long", got, "bench_timeout")
	<-f.killed
}

// badBench is the class of bad parameters.
func badBench() []badRow {
	rows := []badRow{{"what the page asks for", request("HEAD", "/bench?workers=4&iters=25000000", "", ""), 200, ""}}
	for query, ok := range map[string]bool{
		"workers=1": true, "workers=64": true, "workers=0": false, "workers=-1": false, "workers=65": false, "workers=4.0": false,
		"workers=%2B4": false, "workers=+4": false, "workers=": false, "workers": false, "workers=four": false, "workers=0x4": false,
		"workers=4&workers=4": false, "workers=4&workers=5": false, "workers=18446744073709551620": false, "workers=%EF%BC%94": false,
		"iters=1": true, "iters=1000000000&workers=4": true, "iters=0": false, "iters=-1": false, "iters=1000000001": false, "iters=1000000000000000000": false,
		"iters=1e6": false, "iters=1_000": false, "iters=2500000.0": false, "iters=NaN": false, "iters=%205": false,
		"iters=1000000000&workers=5": false, "iters=100000000&workers=41": false,
		"runner=single": true, "runner=gil": true, "runner=procs": false, "runner=nope": false, "runner=": false, "runner=Pool": false, "runner=pool&runner=pool": false,
		"unknown=1": true,
	} {
		row := badRow{"bench " + query, request("HEAD", "/bench?"+query, "", ""), 200, ""}
		if !ok {
			row.status = 422
		}
		rows = append(rows, row)
	}
	return rows
}

func TestBadBench(t *testing.T) {
	l := onLoopback(t, func(o *Options) { o.Bench.Launcher = noLauncher{} })
	for _, row := range badBench() {
		checkRow(t, l, row)
	}
	got := l.once(t, getRequest("/bench?workers="+strconv.Itoa(65)))
	checkProblem(t, "workers=65", got, "bad_parameter")
	if e, ok := got.field("errors").([]any); !ok || len(e) != 1 || e[0].(map[string]any)["loc"].([]any)[1] != "workers" {
		t.Errorf("errors: %v", got.field("errors"))
	}
	if got := l.once(t, getRequest("/bench")); got.status != 500 {
		t.Errorf("a worker that does not start: %v", got)
	}
}

// TestBenchTable: what the document offers is what a request may name, and no more;
// the default is among it.
func TestBenchTable(t *testing.T) {
	l := inMemory(t, func(o *Options) { o.Bench.Launcher = noLauncher{} })
	doc := loadOpenAPI(t, l)
	schema := doc.Paths.Value("/bench").Get.Parameters.GetByInAndName("query", "runner").Schema.Value
	for _, name := range registry().Runners() {
		offered := slices.Contains(schema.Enum, any(name))
		got := l.once(t, request("HEAD", "/bench?runner="+name, "", ""))
		if offered != (got.status == 200) {
			t.Errorf("runner %s: offered %v, answered %d", name, offered, got.status)
		}
	}
	if !slices.Contains(schema.Enum, schema.Default) || schema.Default != "pool" || slices.Contains(schema.Enum, any("procs")) {
		t.Errorf("default %v of %v", schema.Default, schema.Enum)
	}
}
