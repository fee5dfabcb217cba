package fleet

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"zstdshop/codecs/memcpy"
	"zstdshop/harness"
	"zstdshop/harness/machine"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
	"zstdshop/runners"
	"zstdshop/scenarios"
)

// world is a server with JetStream that listens nowhere.
type world struct {
	t      testing.TB
	server *server.Server
	reg    *harness.Registry

	mu   sync.Mutex
	said strings.Builder
}

func newWorld(t testing.TB, change ...func(*server.Options)) *world {
	t.Helper()
	opts := &server.Options{DontListen: true, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true}
	for _, f := range change {
		f(opts)
	}
	s, err := server.NewServer(opts)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server does not start")
	}
	return &world{t: t, server: s, reg: registry(t)}
}

// registry has one codec, two runners and two scenarios.
func registry(t testing.TB) *harness.Registry {
	t.Helper()
	reg := new(harness.Registry)
	reg.AddCodec("memcpy", memcpy.New())
	reg.AddRunner("single", runners.Single())
	reg.AddRunner("pool", runners.Pool())
	reg.AddScenario("compress", scenarios.Compress())
	reg.AddScenario("cpuburn", scenarios.CPUBurn())
	if err := reg.Err(); err != nil {
		t.Fatal(err)
	}
	return reg
}

func (w *world) connect(opts ...nats.Option) *nats.Conn {
	w.t.Helper()
	nc, err := nats.Connect("", append([]nats.Option{nats.InProcessServer(w.server), nats.MaxReconnects(-1)}, opts...)...)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(nc.Close)
	return nc
}

func (w *world) hub(opts ...nats.Option) *Hub {
	w.t.Helper()
	h, err := Open(w.t.Context(), w.connect(opts...))
	if err != nil {
		w.t.Fatal(err)
	}
	return h
}

func (w *world) log(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintf(&w.said, format+"\n", args...)
}

// heard returns what was logged.
func (w *world) heard() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said.String()
}

func program() Program {
	return Program{Version: "v1", Method: result.Method, Go: "go1", Libraries: map[string]string{"memcpy": "copy v1"}}
}

// agent is one of a machine of its own that measures nothing.
func (w *world) agent(name string) *Agent {
	w.t.Helper()
	m := machine.Info{Host: name + ".example", OS: "linux", Arch: "amd64", CPUs: 2, Usable: 2, Fingerprint: "f1"}
	a := &Agent{Name: name, Instance: "i-" + name, Labels: map[string]string{"pool": "ci"}, Registry: w.reg, Machine: m, Program: program(), Dir: w.t.TempDir(), Log: w.log}
	a.Measure = func(_ context.Context, u *Unit, _ *Data, _ func(_, _ time.Duration)) (*result.Result, error) {
		return made(u, a), nil
	}
	return a
}

// start has an agent serve until the function that it returns is called, or the test ends.
func (w *world) start(a *Agent) (stop func()) {
	w.t.Helper()
	if a.Hub == nil {
		a.Hub = w.hub()
	}
	ctx, cancel := context.WithCancel(w.t.Context())
	ready, ended := make(chan struct{}), make(chan error, 1)
	a.Ready = ready
	go func() { ended <- a.Serve(ctx) }()
	select {
	case <-ready:
	case err := <-ended:
		w.t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Errorf("agent %s: %v", a.Name, err)
		}
	})
	w.t.Cleanup(stop)
	return stop
}

// made is a result as package measure would make it, without figures.
func made(u *Unit, a *Agent) *result.Result {
	r := &result.Result{Machine: a.Machine, Comparisons: []result.Comparison{}, Warnings: []result.Warning{},
		Build: result.Build{Version: a.Program.Version, Go: a.Program.Go, Settings: map[string]string{}, Libraries: a.Program.Libraries},
		Plan: result.PlanInfo{Args: []string{}, Seed: u.Seed, Seeded: u.Seeded, Method: a.Program.Method, Budget: u.Budget, Precision: u.Precision,
			Confidence: 0.95, Delta: u.Delta, Reference: u.Reference, Complete: true}}
	for _, c := range u.Cells {
		one := result.NewCellResult(c)
		one.Status = result.StatusUnmeasured
		r.Cells = append(r.Cells, one)
	}
	return r
}

// job is a matrix as bench would have it.
func (w *world) job(words ...string) Job {
	w.t.Helper()
	asked := plan.Matrix{}
	for _, word := range words {
		name, text, _ := strings.Cut(word, "=")
		if err := asked.Add(w.reg, plan.AxisOf(name), text); err != nil {
			w.t.Fatal(err)
		}
	}
	o := plan.Options{Asked: asked, Terms: plan.Terms{Budget: time.Second, Timeout: time.Second, Precision: 0.02, Delta: 0.05},
		Defaults: plan.Matrix{"scenario": {"cpuburn"}, "codec": {"memcpy"}, "runner": {"single", "pool"}, "workers": {"2"}, "corpus": {"logs"}, "block": {"64KiB"}}}
	p, err := o.Resolve(w.t.Context(), w.reg)
	if err != nil {
		w.t.Fatal(err)
	}
	return Job{Units: p.Units(), Program: program(), Args: []string{"bench"}}
}

func (w *world) controller() *Controller {
	w.t.Helper()
	return &Controller{Hub: w.hub(), Dir: w.t.TempDir(), Log: w.log, Wait: time.Minute}
}

// run begins a job and waits for its end.
func (w *world) run(c *Controller, job Job) (*Session, *Collected) {
	w.t.Helper()
	s, err := c.Begin(w.t.Context(), job)
	if err != nil {
		w.t.Fatal(err)
	}
	got, err := s.Collect(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return s, got
}

// results reads what was collected.
func (w *world) results(c *Collected) (all []*result.Result) {
	w.t.Helper()
	for _, f := range c.Files {
		text, err := os.ReadFile(f.Path)
		if err != nil {
			w.t.Fatal(err)
		}
		r, err := result.Read(bytes.NewReader(text), nil)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// empty fails where anything of a run is left on the server.
func (w *world) empty(h *Hub) {
	w.t.Helper()
	for _, name := range []string{unitStream, outcomeStream, "KV_" + runBucket, "OBJ_" + dataBucket, "OBJ_" + figureBucket} {
		s, err := h.js.Stream(w.t.Context(), name)
		if err != nil {
			w.t.Fatal(err)
		}
		info, err := s.Info(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		// What is deleted leaves a mark, which is small.
		if info.State.Msgs > 0 && strings.HasPrefix(name, "ZSTDSHOP") || info.State.Bytes > 16<<10 {
			w.t.Errorf("%s has %d messages, %d bytes", name, info.State.Msgs, info.State.Bytes)
		}
		if info.State.Consumers > 0 && name == unitStream {
			w.t.Errorf("%s has %d consumers", name, info.State.Consumers)
		}
	}
}
