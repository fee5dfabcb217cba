package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"zstdshop/harness"
	"zstdshop/harness/worker"
	"zstdshop/runners"
)

// bench is /bench: cpuburn, measured as the benchmark measures it, in a process
// of its own, so that a run with one Go processor does not make a server of one.
// There is one run at a time.
type bench struct{ running sync.Mutex }

// The API's defaults.
const (
	benchWorkers = 4
	benchIters   = 2_500_000
	benchRunner  = "pool"
)

// benchRun is what a run is asked to do.
type benchRun struct {
	workers, iters int
	runnerName     string
	runner         runners.Info
}

// answerBench is GET /bench.
func (s *Server) answerBench(e *session, ctx *fasthttp.RequestCtx) *problem {
	run, p := s.benchRun(ctx.QueryArgs())
	if p != nil {
		return p
	}
	if p := s.checkSite(&ctx.Request.Header, s.limits.Bench.Time); p != nil {
		return p
	}
	if s.opts.Launcher == nil {
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
	ready, sample, err := run.measure(watched, s.opts.Launcher)
	switch {
	case errors.Is(err, errClientGone):
		return clientGone()
	case errors.Is(err, context.DeadlineExceeded):
		return &problem{status: fasthttp.StatusServiceUnavailable, code: "bench_timeout", detail: fmt.Sprintf("the run took more than %v and was stopped: ask for less", s.limits.Bench.Time)}
	case err != nil:
		return internal(fmt.Errorf("bench with runner %s, %d workers, %d iterations: %w", run.runnerName, run.workers, run.iters, err))
	}
	e.hold.out = s.buffers.borrow(smallestProblem)
	e.send(ctx, run.appendJSON(e.hold.out.b, ready, sample))
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
	run := benchRun{workers: int(workers), iters: int(iters), runnerName: benchRunner}
	if name, ok := q.get("runner"); ok {
		run.runnerName = name
	}
	r, err := s.opts.Catalogue.Runner(run.runnerName)
	if err != nil {
		return benchRun{}, parameterProblem("runner", "runner", "unknown runner; known: "+strings.Join(s.opts.Catalogue.Runners(), ", "))
	}
	if run.runner = r.Info(); run.runner.Process.ProcessPerWorker {
		return benchRun{}, parameterProblem("runner", "runner", "it needs a process for each worker, which only the command line starts")
	}
	return run, nil
}

// cell is the benchmark's cell for the run.
func (r benchRun) cell() worker.CellSpec {
	c := worker.CellSpec{Scenario: "cpuburn", Runner: r.runnerName, Workers: r.workers, Tasks: r.workers, Iters: r.iters}
	if most := r.runner.MaxWorkers; most > 0 {
		c.Workers = min(c.Workers, most)
	}
	return c
}

// spawn is the process that the runner wants around it.
func (r benchRun) spawn() harness.Spawn {
	spec := r.cell()
	s := harness.Spawn{
		Cell:       harness.Cell{Scenario: spec.Scenario, Runner: spec.Runner, Workers: spec.Workers, Tasks: spec.Tasks, Iters: spec.Iters},
		GOMAXPROCS: runtime.NumCPU(),
	}
	if n := r.runner.Process.GOMAXPROCS; n > 0 {
		s.GOMAXPROCS = n
	}
	switch n := r.runner.Process.CPUs; {
	case n == 1:
		s.CPUs = "0"
	case n > 1:
		s.CPUs = "0-" + strconv.Itoa(n-1)
	}
	return s
}

// measure runs it and returns the figures of a pass, which is what was asked for;
// a short one is done several times over. When ctx ends the process is killed.
func (r benchRun) measure(ctx context.Context, launcher harness.Launcher) (worker.Ready, worker.Sample, error) {
	peer, err := launcher.Start(ctx, r.spawn())
	if err != nil {
		return worker.Ready{}, worker.Sample{}, err
	}
	defer peer.Kill()
	ready, err := peer.Prepare(ctx, worker.Prepare{Cell: r.cell()})
	if err != nil {
		return worker.Ready{}, worker.Sample{}, fmt.Errorf("prepare: %w", err)
	}
	passes := r.passes(ready.PassNS)
	sample, _, err := peer.Slice(ctx, worker.Slice{Count: passes * r.workers, Warmup: r.workers, Mode: worker.ModeThroughput})
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
	b = appendBool(b, ready.GOMAXPROCS == 1)
	b = append(b, `,"cpu_count":`...)
	b = strconv.AppendInt(b, int64(runtime.NumCPU()), 10)
	b = append(b, `,"go":`...)
	b = appendString(b, runtime.Version())
	b = append(b, `,"runner":`...)
	b = appendString(b, r.runnerName)
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
			if peek(c).gone {
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
