package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/socket"
)

// bench is /bench: a scenario of computing only, measured as the benchmark measures it, in a process
// of its own, so that a run with one Go processor does not make a server of one.
// There is one run at a time.
type bench struct {
	*resources
	opts    BenchOptions
	runners []benchRunner
	sites   *sites
	running sync.Mutex
}

// The API's defaults.
const (
	benchWorkers = 4
	benchIters   = 2_500_000
)

// answer is GET /bench.
func (s *bench) answer(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	run, p := s.asked(ctx.QueryArgs())
	if p != nil {
		return p
	}
	if p := s.sites.check(e.trusted, &ctx.Request.Header, s.limits.Bench.Time); p != nil {
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
	if !s.running.TryLock() {
		return &problem{status: fasthttp.StatusTooManyRequests, code: "bench_running", detail: "a run is under way, and there is one at a time: come again"}
	}
	defer s.running.Unlock()
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
		return internal(fmt.Errorf("bench with runner %s, %d workers, %d iterations: %w", run.runner.name, run.workers, run.iters, err))
	}
	e.hold.Fresh(smallestProblem)
	e.send(ctx, run.appendJSON(e.hold.Out.B, ready, sample))
	return nil
}

// asked reads the parameters.
func (s *bench) asked(args *fasthttp.Args) (benchRun, *problem) {
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
		name = s.opts.Runner
	}
	i := slices.IndexFunc(s.runners, func(r benchRunner) bool { return r.name == name })
	if i < 0 {
		return benchRun{}, parameterProblem("runner", "runner", "not one of "+strings.Join(runnerNames(s.runners), ", "))
	}
	return benchRun{workers: int(workers), iters: int(iters), scenario: s.opts.Scenario, runner: s.runners[i]}, nil
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
