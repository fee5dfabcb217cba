//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/nats-io/nats-server/v2/server"
)

// serve is one server of a cluster: its name, its folder, where it listens for clients and
// where for servers, and the routes.
func serve(ctx context.Context, args []string) error {
	host, port, err := splitAddress(args[2])
	if err != nil {
		return err
	}
	between, routes, err := splitAddress(args[3])
	if err != nil {
		return err
	}
	s, err := server.NewServer(&server.Options{ServerName: args[0], Host: host, Port: port, JetStream: true, StoreDir: args[1], NoLog: true, NoSigs: true,
		Cluster: server.ClusterOpts{Name: "trial", Host: between, Port: routes}, Routes: server.RoutesFromStr(args[4])})
	if err != nil {
		return err
	}
	s.Start()
	<-ctx.Done()
	s.Shutdown()
	return nil
}

func splitAddress(text string) (host string, port int, err error) {
	host, digits, err := net.SplitHostPort(text)
	if err != nil {
		return "", 0, err
	}
	port, err = strconv.Atoi(digits)
	return host, port, err
}

// site is where the processes of a trial run.
type site interface {
	// addresses are those of a server: for clients, and for other servers.
	addresses(server string) (clients, servers string, err error)
	// command is this program as the process of that name.
	command(name string, args ...string) (*exec.Cmd, error)
	// cut keeps every packet of a process from the others, or of a server from the other
	// servers, until heal is called.
	cut(name string) (heal func() error, err error)
	close() error
}

// processes are those of a trial.
type processes struct {
	site     site
	urls     string // of all servers
	serverOf map[string]*exec.Cmd
	agentOf  []*exec.Cmd
}

// startServers starts a cluster of three.
func (p *processes) startServers(dir string) error {
	names := []string{"s0", "s1", "s2"}
	clients, between := map[string]string{}, map[string]string{}
	var urls, routes []string
	for _, name := range names {
		var err error
		if clients[name], between[name], err = p.site.addresses(name); err != nil {
			return err
		}
		urls, routes = append(urls, "nats://"+clients[name]), append(routes, "nats://"+between[name])
	}
	p.urls, p.serverOf = strings.Join(urls, ","), map[string]*exec.Cmd{}
	for _, name := range names {
		cmd, err := p.start(name, "-role", "server", name, filepath.Join(dir, name), clients[name], between[name], strings.Join(routes, ","))
		if err != nil {
			return err
		}
		p.serverOf[name] = cmd
	}
	return nil
}

// startAgents starts agents, a process each.
func (p *processes) startAgents(s settings) error {
	for i := range s.agents {
		cmd, err := p.start(fmt.Sprintf("a%d", i), "-role", "agents", "-cost", s.cost.String(), "-cells", strconv.Itoa(s.cells), strconv.Itoa(i), "1", p.urls)
		if err != nil {
			return err
		}
		p.agentOf = append(p.agentOf, cmd)
	}
	return nil
}

func (p *processes) start(name string, args ...string) (*exec.Cmd, error) {
	cmd, err := p.site.command(name, args...)
	if err != nil {
		return nil, err
	}
	cmd.Stderr = os.Stderr
	return cmd, cmd.Start()
}

func (p *processes) end() error {
	all := p.agentOf
	for _, cmd := range p.serverOf {
		all = append(all, cmd)
	}
	for _, cmd := range all {
		cmd.Process.Kill()
	}
	for _, cmd := range all {
		cmd.Wait()
	}
	return p.site.close()
}

// loopback is a site whose processes share this machine's network.
type loopback struct{ self string }

func (l loopback) addresses(string) (clients, servers string, err error) {
	var found [2]string
	for i := range found {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", "", err
		}
		defer listener.Close()
		found[i] = listener.Addr().String()
	}
	return found[0], found[1], nil
}

func (l loopback) command(_ string, args ...string) (*exec.Cmd, error) {
	return exec.Command(l.self, args...), nil
}

func (l loopback) cut(string) (func() error, error) {
	return nil, errors.New("nothing can be cut on loopback")
}

func (l loopback) close() error { return nil }
