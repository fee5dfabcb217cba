// Command fleet breaks things under a fleet and counts what comes out. Servers of a
// cluster of three and agents are processes of this program on loopback ports; units are
// fake cells of known cost:
//
//	go run ./docs/evidence/fleet -kill agent -runs 20 -rows docs/evidence/fleet/rows.tsv
//
// -kill says what gets a SIGKILL when a quarter of the units is done: agent, leader (the
// server that leads the stream of units), or nothing. Each run appends a row, so an
// interrupted series goes on by asking for the rest.
//
// It is evidence for docs/fleet.md, no part of the program.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"zstdshop/codecs/memcpy"
	"zstdshop/fleet"
	"zstdshop/harness"
	"zstdshop/harness/machine"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
	"zstdshop/runners"
	"zstdshop/scenarios"
)

func main() {
	kill := flag.String("kill", "nothing", "agent, leader or nothing")
	runs := flag.Int("runs", 1, "how many runs")
	units := flag.Int("units", 40, "units of a run")
	agents := flag.Int("agents", 4, "agents")
	cost := flag.Duration("cost", 200*time.Millisecond, "of a unit")
	rows := flag.String("rows", "", "file to append a row a run to")
	role := flag.String("role", "", "what this process is; for its own use")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	switch *role {
	case "server":
		err = serve(ctx, flag.Args())
	case "agent":
		err = agent(ctx, flag.Arg(0), flag.Arg(1), *cost)
	default:
		for range *runs {
			if err = trial(ctx, *kill, *units, *agents, *cost, *rows); err != nil {
				break
			}
		}
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

// serve is one server of a cluster: its name, folder, port, cluster port and routes.
func serve(ctx context.Context, args []string) error {
	var port, cluster int
	fmt.Sscan(args[2], &port)
	fmt.Sscan(args[3], &cluster)
	s, err := server.NewServer(&server.Options{ServerName: args[0], Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: args[1], NoLog: true, NoSigs: true,
		Cluster: server.ClusterOpts{Name: "trial", Host: "127.0.0.1", Port: cluster}, Routes: server.RoutesFromStr(args[4])})
	if err != nil {
		return err
	}
	s.Start()
	<-ctx.Done()
	s.Shutdown()
	return nil
}

func registry() *harness.Registry {
	reg := new(harness.Registry)
	reg.AddCodec("memcpy", memcpy.New())
	reg.AddRunner("single", runners.Single())
	reg.AddScenario("cpuburn", scenarios.CPUBurn())
	return reg
}

func connect(servers string) (*nats.Conn, error) {
	return nats.Connect(servers, nats.MaxReconnects(-1), nats.RetryOnFailedConnect(true), nats.ReconnectWait(200*time.Millisecond))
}

// agent measures units that cost what they are said to cost.
func agent(ctx context.Context, name, servers string, cost time.Duration) error {
	nc, err := connect(servers)
	if err != nil {
		return err
	}
	defer nc.Close()
	hub, err := fleet.Open(ctx, nc)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "fleet-agent-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	reg := registry()
	m := machine.Current()
	m.Host = name
	a := &fleet.Agent{Hub: hub, Name: name, Registry: reg, Machine: m, Program: fleet.ThisProgram(reg), Dir: dir,
		Log: func(format string, args ...any) { fmt.Fprintf(os.Stderr, name+": "+format+"\n", args...) }}
	a.Measure = func(ctx context.Context, u *fleet.Unit, _ *fleet.Data, _ func(_, _ time.Duration)) (*result.Result, error) {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(cost):
		}
		r := &result.Result{Machine: m, Comparisons: []result.Comparison{}, Warnings: []result.Warning{},
			Build: result.Build{Version: a.Program.Version, Commit: a.Program.Commit, Dirty: a.Program.Dirty, Go: a.Program.Go, Settings: map[string]string{}, Libraries: a.Program.Libraries},
			Plan:  result.PlanInfo{Args: []string{}, Seed: u.Seed, Method: result.Method, Budget: u.Budget, Precision: u.Precision, Confidence: 0.95, Delta: u.Delta, Complete: true}}
		for _, c := range u.Cells {
			one := result.NewCellResult(c)
			one.Status = result.StatusUnmeasured
			r.Cells = append(r.Cells, one)
		}
		return r, nil
	}
	return a.Serve(ctx)
}

// started are the processes of a trial.
type started struct {
	self    string
	servers map[string]*exec.Cmd
	agents  []*exec.Cmd
}

func (s *started) start(args ...string) (*exec.Cmd, error) {
	cmd := exec.Command(s.self, args...)
	cmd.Stderr = os.Stderr
	return cmd, cmd.Start()
}

func (s *started) end() {
	for _, cmd := range s.agents {
		cmd.Process.Kill()
		cmd.Wait()
	}
	for _, cmd := range s.servers {
		cmd.Process.Kill()
		cmd.Wait()
	}
}

// trial is one run, of which it writes a row.
func trial(ctx context.Context, kill string, units, agents int, cost time.Duration, rows string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer time.AfterFunc(3*time.Minute, cancel).Stop()
	dir, err := os.MkdirTemp("", "fleet-trial-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s := &started{servers: map[string]*exec.Cmd{}}
	if s.self, err = os.Executable(); err != nil {
		return err
	}
	defer s.end()
	ports, err := freePorts(6)
	if err != nil {
		return err
	}
	var routes, urls []string
	for i := range 3 {
		urls = append(urls, fmt.Sprintf("nats://127.0.0.1:%d", ports[i]))
		routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", ports[3+i]))
	}
	servers := strings.Join(urls, ",")
	for i := range 3 {
		name := fmt.Sprintf("s%d", i)
		if s.servers[name], err = s.start("-role", "server", name, filepath.Join(dir, name), fmt.Sprint(ports[i]), fmt.Sprint(ports[3+i]), strings.Join(routes, ",")); err != nil {
			return err
		}
	}
	nc, err := connect(servers)
	if err != nil {
		return err
	}
	defer nc.Close()
	for !nc.IsConnected() && ctx.Err() == nil {
		time.Sleep(50 * time.Millisecond)
	}
	hub, err := fleet.Open(ctx, nc)
	if err != nil {
		return err
	}
	for i := range agents {
		cmd, err := s.start("-role", "agent", "-cost", cost.String(), fmt.Sprintf("a%d", i), servers)
		if err != nil {
			return err
		}
		s.agents = append(s.agents, cmd)
	}
	quiet := func(string, ...any) {}
	for {
		there, err := hub.Agents(ctx, quiet)
		if err != nil {
			return err
		}
		if len(there) == agents {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	job, err := jobOf(ctx, units)
	if err != nil {
		return err
	}
	c := &fleet.Controller{Hub: hub, Dir: filepath.Join(dir, "results"), Wait: time.Minute, AckWait: 3 * time.Second,
		Log: func(format string, args ...any) { fmt.Fprintf(os.Stderr, "controller: "+format+"\n", args...) }}
	killed := false
	c.Progress = func(at fleet.State) {
		if killed || at.Done < units/4 {
			return
		}
		killed = true
		if err := s.kill(ctx, nc, kill); err != nil {
			fmt.Fprintln(os.Stderr, err)
			cancel()
		}
	}
	begun := time.Now()
	session, err := c.Begin(ctx, job)
	if err != nil {
		return err
	}
	got, err := session.Collect(ctx)
	if err != nil {
		return err
	}
	took := time.Since(begun)
	if err := session.End(ctx, got); err != nil {
		return err
	}
	row := fmt.Sprintf("%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%.1f\n", time.Now().UTC().Format(time.RFC3339), machine.Current().Fingerprint, kill, agents, units,
		len(got.Files), len(got.Missing), got.Repeated, took.Seconds())
	fmt.Print(row)
	if rows == "" {
		return nil
	}
	f, err := os.OpenFile(rows, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(row)
	return errors.Join(err, f.Close())
}

// kill ends what the trial is about.
func (s *started) kill(ctx context.Context, nc *nats.Conn, what string) error {
	switch what {
	case "nothing":
		return nil
	case "agent":
		return s.agents[0].Process.Kill()
	case "leader":
		js, err := jetstream.New(nc)
		if err != nil {
			return err
		}
		stream, err := js.Stream(ctx, "ZSTDSHOP_UNITS")
		if err != nil {
			return err
		}
		if cluster := stream.CachedInfo().Cluster; cluster != nil && s.servers[cluster.Leader] != nil {
			return s.servers[cluster.Leader].Process.Kill()
		}
		return errors.New("the stream has no leader")
	}
	return fmt.Errorf("-kill %s: want agent, leader or nothing", what)
}

func jobOf(ctx context.Context, units int) (fleet.Job, error) {
	reg := registry()
	asked := plan.Matrix{"scenario": {"cpuburn"}, "runner": {"single"}, "workers": {"1"}}
	for i := range units {
		asked["iters"] = append(asked["iters"], fmt.Sprint(1+i))
	}
	o := plan.Options{Asked: asked, Terms: plan.Terms{Budget: time.Second, Timeout: time.Second, Precision: 0.02, Delta: 0.05}}
	p, err := o.Resolve(ctx, reg)
	if err != nil {
		return fleet.Job{}, err
	}
	return fleet.Job{Units: p.Units(), Args: []string{}, Program: fleet.ThisProgram(reg)}, nil
}

// freePorts returns ports of loopback that nobody listens on.
func freePorts(n int) (ports []int, err error) {
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
