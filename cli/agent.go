package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/spf13/cobra"

	"zstdshop/fleet"
	"zstdshop/harness/journal"
	"zstdshop/harness/machine"
	"zstdshop/harness/plan"
)

// agentFlags are the flags of agent.
type agentFlags struct {
	connectFlags
	servers string
	name    string // "": that of the host
	labels  map[string]string
	workers plan.Matrix
}

func (a *app) agent() *cobra.Command {
	f := agentFlags{workers: plan.Matrix{}, labels: map[string]string{}}
	cmd := &cobra.Command{
		Use:   "agent",
		Short: "measure on this machine what bench --fleet asks for",
		Long: `Takes units of work from a NATS server and measures them, one at a time, until it is
interrupted. A connection that is lost comes back by itself.

An agent runs nothing but the codecs, runners and scenarios of its own program: no
command and no path comes over the network. Of bench --worker it does the languages
that it was started with. Data that it is sent is removed when the run is over.

Agents of one server have different names, those of one machine, too. These measure one
after the other, so that they do not disturb each other; where each has CPUs of its own,
a state folder each (XDG_STATE_HOME) lets them measure at the same time.

Exit status: 0 interrupted; 2 wrong usage, another agent has the name, or the server
cannot be reached or refuses.`,
		Example: `  zstdshop agent --connect nats://hub.example
  zstdshop agent --connect nats://a.example,nats://b.example,nats://c.example --label pool=ci
  zstdshop agent --connect tls://hub.example --creds agent.creds --worker python=python3`,
		Args: noArguments("the server is named by a flag, as in --connect nats://HOST"),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serveFleet(cmd.Context(), &f) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.Var(&setting[string]{&f.servers, "URL", "", parseServers}, "connect", "the NATS server, nats://HOST, or several of a cluster between commas")
	flags.Var(&setting[string]{&f.name, "NAME", "", fleet.ParseName}, "name", "what the agent is called, letters, digits, - and _ (default the name of the host); no other agent of the server has it")
	label := func(text string) (map[string]string, error) {
		labels, err := fleet.ParseLabels(text)
		for _, key := range slices.Sorted(maps.Keys(labels)) {
			if slices.Contains(fleet.OwnLabels(), key) {
				return nil, fmt.Errorf("%s is what the machine says of itself: name another label", key)
			}
		}
		maps.Copy(f.labels, labels)
		return f.labels, err
	}
	flags.Var(&setting[map[string]string]{&f.labels, "NAME=VALUE,..", "", label}, "label", "labels that bench --on chooses by; may be repeated")
	worker := plan.AxisOf("worker")
	flags.Var(&setting[string]{new(string), worker.Kind, "", func(text string) (string, error) { return text, f.workers.Add(a.reg, worker, text) }},
		worker.Name, "a language that units may name, and its command, such as python=python3; may be repeated")
	f.connectFlags.flags(cmd)
	suggest(cmd, "connect", "nats://")
	suggest(cmd, "name")
	suggest(cmd, "label", "pool=")
	completeAxis(cmd, worker, a.reg)
	cmd.MarkFlagRequired("connect")
	return cmd
}

// serveFleet is an agent until ctx ends.
func (a *app) serveFleet(ctx context.Context, f *agentFlags) error {
	name := f.name
	if name == "" {
		host, _ := os.Hostname() // or it has none that does
		var err error
		if name, err = fleet.ParseName(fleet.Token(host)); err != nil {
			return fmt.Errorf("the host's name does not do as the agent's: %w: choose one with --name", err)
		}
	}
	state, err := journal.StateDir(a.getenv)
	if err != nil {
		return err
	}
	instance, release, err := takeName(filepath.Join(state, "agents", name))
	if errors.Is(err, journal.ErrHeld) {
		return fmt.Errorf("an agent named %s is at work on this machine already: end it first, or give this one another --name", name)
	}
	if err != nil {
		return fmt.Errorf("keep the state of agent %s: %w (set XDG_STATE_HOME to a folder that can be written)", name, err)
	}
	defer release()
	languages, err := f.languages()
	if err != nil {
		return err
	}
	nc, err := f.connect(f.servers, fleet.AgentInbox(name), a.logFleet)
	if err != nil {
		return err
	}
	defer nc.Close()
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- a.runAgent(ctx, nc, fleet.Agent{Name: name, Instance: instance, Labels: f.labels, Ready: ready}, languages,
			state)
	}()
	select {
	case err = <-ended:
	case <-ready:
		fmt.Fprintf(a.stderr, "agent %s waits for work of %s\n", name, f.servers)
		err = <-ended
	}
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// languages are the worker programs that the agent was started with.
func (f *agentFlags) languages() (arms []journal.Arm, err error) {
	for _, text := range f.workers["worker"] {
		w, err := plan.WorkerNamed(text)
		if err != nil {
			return nil, err
		}
		arms = append(arms, journal.Arm{Name: w.Name, Argv: w.Argv})
	}
	return arms, nil
}

// runAgent serves with a connection until ctx ends. Of the agents that have the same
// state folder one measures at a time, and they tell each other how calm the machine gets;
// with "" it is alone.
func (a *app) runAgent(ctx context.Context, nc *nats.Conn, agent fleet.Agent, languages []journal.Arm, state string) error {
	dir, err := os.MkdirTemp("", "zstdshop-agent-*")
	if err != nil {
		return fmt.Errorf("make a folder for data: %w", err)
	}
	defer os.RemoveAll(dir)
	if agent.Hub, err = fleet.Open(ctx, nc); err != nil {
		return err
	}
	logErrors(nc, a.logFleet)
	for _, l := range languages {
		agent.Languages = append(agent.Languages, l.Name)
	}
	engine := &fleet.Engine{Registry: a.reg, Languages: languages, Dir: dir, Cache: cacheDir()}
	agent.Registry, agent.Machine, agent.Program = a.reg, machine.Current(), fleet.ThisProgram(a.reg)
	agent.Measure, agent.Dir, agent.Log = engine.Measure, dir, a.logFleet
	if state != "" {
		engine.Calm = calmDir(state)
		agent.Measure = fleet.Alone(filepath.Join(state, "measuring.lock"), engine.Measure)
	}
	return agent.Serve(ctx)
}

// logFleet is what agents and controllers say of messages that they refuse.
func (a *app) logFleet(format string, args ...any) {
	fmt.Fprintf(a.stderr, "fleet: %s\n", oneLine(fmt.Errorf(format, args...)))
}

// takeName has no other agent of this state folder use the name whose folder dir is, until
// release is called. instance is a word that is kept there: with it the agent is known for
// the same one when it is started again.
func takeName(dir string) (instance string, release func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", nil, reason(err)
	}
	release, err = journal.Hold(filepath.Join(dir, "lock"))
	if err != nil {
		return "", nil, err
	}
	path := filepath.Join(dir, "instance")
	text, err := os.ReadFile(path)
	if instance = strings.TrimSpace(string(text)); err == nil && instance != "" && fleet.Token(instance) == instance {
		return instance, release, nil
	}
	instance = rand.Text()
	if err := writeFile(path, []byte(instance)); err != nil {
		release()
		return "", nil, err
	}
	return instance, release, nil
}
