package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"zstdshop/harness/measure"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
	"zstdshop/runners"
	"zstdshop/server/internal/socket"
)

// bench is /bench: a scenario of computing only, measured as the benchmark measures it, in a process
// of its own, so that a run with one Go processor does not make a server of one.
// There is one run at a time.
type bench struct{ running sync.Mutex }

// The API's defaults.
const (
	benchWorkers = 4
	benchIters   = 2_500_000
)

// BenchOptions is what /bench runs, by the names of the catalogue.
type BenchOptions struct {
	// Launcher starts the worker processes; nil: there is no /bench.
	Launcher measure.Launcher
	// Scenario computes and needs no data; Runner is the one that a request gets
	// which names none.
	Scenario, Runner string
}

// benchRunner is a concurrency model that /bench offers. The list of them is all that
// there is to say of it: what the document offers, what is accepted, and what an
// answer claims.
type benchRunner struct {
	name string
	info runners.Info
}

// benchRunners are the models of a catalogue that one worker process can run.
func benchRunners(cat Catalogue) ([]benchRunner, error) {
	var out []benchRunner
	for _, name := range cat.Runners() {
		r, err := cat.Runner(name)
		if err != nil {
			return nil, err
		}
		if info := r.Info(); !info.Process.ProcessPerWorker {
			out = append(out, benchRunner{name, info})
		}
	}
	return out, nil
}

// oneAtATime reports whether the model has workers compute one at a time, under a lock
// or on one of so many Go processors. It is what gil_enabled says.
func (r benchRunner) oneAtATime(processors int) bool { return processors == 1 || r.info.Serial }

func runnerNames(rs []benchRunner) []string {
	out := make([]string, len(rs))
	for i, r := range rs {
		out[i] = r.name
	}
	return out
}

// benchRun is what a run is asked to do.
type benchRun struct {
	workers, iters int
	scenario       string
	runner         benchRunner
}

// answerBench is GET /bench.
func (s *Server) answerBench(e *session, ctx *fasthttp.RequestCtx) *problem {
	run, p := s.benchRun(ctx.QueryArgs())
	if p != nil {
		return p
	}
	if p := e.checkSite(&ctx.Request.Header, s.limits.Bench.Time); p != nil {
		return p
	}
	if s.opts.Bench.Launcher == nil {
		return &problem{status: fasthttp.StatusServiceUnavailable, code: "no_bench", detail: "this server was started without a benchmark", retry: time.Hour}
	}
	fresh(ctx)
	ctx.Response.Header.SetContentType(jsonType)
	if ctx.IsHead() {
		return nil // nobody would see the figures
	}
	if !s.benches.running.TryLock() {
		return &problem{status: fasthttp.StatusTooManyRequests, code: "bench_running", detail: "a run is under way, and there is one at a time: come again"}
	}
	defer s.benches.running.Unlock()
	limited, cancel := context.WithTimeout(context.Background(), s.limits.Bench.Time)
	defer cancel()
	watched, stop := whileConnected(limited, e.Conn)
	defer stop()
	ready, sample, err := run.measure(watched, s.opts.Bench.Launcher)
	switch {
	case errors.Is(err, errClientGone):
		return clientGone()
	case errors.Is(err, context.DeadlineExceeded):
		return &problem{status: fasthttp.StatusServiceUnavailable, code: "bench_timeout", detail: fmt.Sprintf("the run took more than %v and was stopped: ask for less", s.limits.Bench.Time)}
	case err != nil:
		return internal(fmt.Errorf("bench with runner %s, %d workers, %d iterations: %w", run.runner.name, run.workers, run.iters, err))
	}
	e.hold.Fresh(smallestProblem)
	e.send(ctx, run.appendJSON(e.hold.Out.B, ready, sample))
	return nil
}

// benchRun reads the parameters.
func (s *Server) benchRun(args *fasthttp.Args) (benchRun, *problem) {
	q, p := parseQuery(args, "workers", "iters", "runner")
	if p != nil {
		return benchRun{}, p
	}
	l := s.limits.Bench
	workers, p := q.within("workers", benchWorkers, 1, int64(l.Workers))
	if p != nil {
		return benchRun{}, p
	}
	iters, p := q.within("iters", benchIters, 1, int64(l.Iters))
	if p != nil {
		return benchRun{}, p
	}
	if workers*iters > l.Work {
		return benchRun{}, parameterProblem("iters", "too_expensive", fmt.Sprintf("workers times iters are at most %d", l.Work))
	}
	name, ok := q.get("runner")
	if !ok {
		name = s.opts.Bench.Runner
	}
	i := slices.IndexFunc(s.benchRunners, func(r benchRunner) bool { return r.name == name })
	if i < 0 {
		return benchRun{}, parameterProblem("runner", "runner", "not one of "+strings.Join(runnerNames(s.benchRunners), ", "))
	}
	return benchRun{workers: int(workers), iters: int(iters), scenario: s.opts.Bench.Scenario, runner: s.benchRunners[i]}, nil
}

// cell is the benchmark's cell for the run.
func (r benchRun) cell() worker.CellSpec {
	c := worker.CellSpec{Scenario: r.scenario, Runner: r.runner.name, Workers: r.workers, Tasks: r.workers, Iters: r.iters}
	if most := r.runner.info.MaxWorkers; most > 0 {
		c.Workers = min(c.Workers, most)
	}
	return c
}

// spawn is the process that the runner wants around it.
func (r benchRun) spawn() measure.Spawn {
	spec := r.cell()
	s := measure.Spawn{
		Cell:       result.Cell{Scenario: spec.Scenario, Runner: spec.Runner, Workers: spec.Workers, Tasks: spec.Tasks, Iters: spec.Iters},
		GOMAXPROCS: runtime.NumCPU(),
	}
	if n := r.runner.info.Process.GOMAXPROCS; n > 0 {
		s.GOMAXPROCS = n
	}
	switch n := r.runner.info.Process.CPUs; {
	case n == 1:
		s.CPUs = "0"
	case n > 1:
		s.CPUs = "0-" + strconv.Itoa(n-1)
	}
	return s
}

// measure runs it and returns the figures of a pass, which is what was asked for;
// a short one is done several times over. When ctx ends the process is killed.
func (r benchRun) measure(ctx context.Context, launcher measure.Launcher) (worker.Ready, worker.Sample, error) {
	conn, err := launcher.Start(ctx, r.spawn())
	if err != nil {
		return worker.Ready{}, worker.Sample{}, err
	}
	defer conn.Kill()
	ready, err := conn.Prepare(ctx, worker.Prepare{Cell: r.cell()})
	if err != nil {
		return worker.Ready{}, worker.Sample{}, fmt.Errorf("prepare: %w", err)
	}
	passes := r.passes(ready.PassNS)
	sample, _, err := conn.Slice(ctx, worker.Slice{Count: passes * r.workers, Warmup: r.workers, Mode: worker.ModeThroughput})
	if err != nil {
		return worker.Ready{}, worker.Sample{}, fmt.Errorf("run: %w", err)
	}
	sample.WallNS = max(sample.WallNS/int64(passes), 1)
	sample.CPUNS /= int64(passes)
	return ready, sample, nil
}

// shortest is how long several workers must be at it before the time they take
// to begin and end does not count any more.
const shortest = 25 * time.Millisecond

// passes is how many passes that is, where one worker alone takes passNS for one.
func (r benchRun) passes(passNS int64) int {
	if r.workers == 1 {
		return 1
	}
	return int(min(max(shortest.Nanoseconds()*int64(runtime.NumCPU())/max(passNS, 1), 1), 1000))
}

func (r benchRun) appendJSON(b []byte, ready worker.Ready, sample worker.Sample) []byte {
	b = append(b, `{"workers":`...)
	b = strconv.AppendInt(b, int64(r.workers), 10)
	b = append(b, `,"iters_per_worker":`...)
	b = strconv.AppendInt(b, int64(r.iters), 10)
	b = append(b, `,"seconds":`...)
	b = strconv.AppendFloat(b, float64(sample.WallNS)/1e9, 'f', 6, 64)
	b = append(b, `,"checksum":`...)
	b = strconv.AppendUint(b, sample.Checksum, 10)
	b = append(b, `,"gil_enabled":`...)
	b = appendBool(b, r.runner.oneAtATime(ready.GOMAXPROCS))
	b = append(b, `,"cpu_count":`...)
	b = strconv.AppendInt(b, int64(runtime.NumCPU()), 10)
	b = append(b, `,"go":`...)
	b = appendString(b, runtime.Version())
	b = append(b, `,"runner":`...)
	b = appendString(b, r.runner.name)
	b = append(b, `,"parallelism":`...)
	b = strconv.AppendFloat(b, float64(sample.CPUNS)/float64(sample.WallNS), 'f', 2, 64)
	return append(b, '}')
}

// errClientGone ends a run whose answer nobody waits for.
var errClientGone = errors.New("the client has gone")

// goneTick is how often a client is looked for. fasthttp does not tell when one
// leaves: it reads no more until the answer is written.
const goneTick = 10 * time.Millisecond

// whileConnected derives a context that ends with errClientGone when the client
// of c does. stop must be called, and waits until c is left alone.
func whileConnected(ctx context.Context, c net.Conn) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(goneTick)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if socket.Peek(c).Gone {
				cancel(errClientGone)
				return
			}
		}
	}()
	return ctx, func() {
		cancel(nil)
		<-done
	}
}
