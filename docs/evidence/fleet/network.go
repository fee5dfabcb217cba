//go:build linux

package main

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
)

// network is a site where each process has a network namespace of its own, as if it were a
// machine. Clients reach servers over one bridge, and servers each other over a second
// one. This process is on the first one, too, over a port as every other.
type network struct {
	self string
	name string // of its bridges and namespaces begin with it
	base int    // third byte of its addresses

	mu    sync.Mutex
	hosts map[string]int  // last byte of addresses, by process
	ports map[string]port // the one that is cut
	// plugged are all ports.
	plugged []port
}

// port is where a process is plugged into a bridge.
type port struct{ device, bridge string }

// here is the name of this process on the network.
const here = "here"

// ownHost is the last byte of its address.
const ownHost = 1

func ip(args ...string) error {
	out, err := exec.Command("ip", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip %s: %w: %s (network namespaces need root)", strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}

// newNetwork makes the bridges, whose names nobody has.
func newNetwork(self string) (*network, error) {
	var err error
	for base := range 200 {
		n := &network{self: self, name: fmt.Sprintf("zt%d", base), base: base, hosts: map[string]int{}, ports: map[string]port{}}
		if err = ip("link", "add", n.clients(), "type", "bridge"); err != nil {
			continue // another trial's
		}
		err = errors.Join(ip("link", "set", n.clients(), "up"), ip("link", "add", n.between(), "type", "bridge"), ip("link", "set", n.between(), "up"))
		device, far := n.name+"h", n.name+"me"
		if err == nil {
			err = errors.Join(ip("link", "add", device, "type", "veth", "peer", "name", far), n.plug(here, device, n.clients()),
				ip("addr", "add", n.address(198*256+18, ownHost)+"/24", "dev", far), ip("link", "set", far, "up"))
		}
		if err != nil {
			return nil, errors.Join(err, n.close())
		}
		return n, nil
	}
	return nil, err
}

func (n *network) clients() string { return n.name + "c" }
func (n *network) between() string { return n.name + "r" }

// address is one of the networks 198.18.0.0/15, which are for trials.
func (n *network) address(network, host int) string {
	return fmt.Sprintf("%d.%d.%d.%d", network/256, network%256, n.base, host)
}

// plug puts one end of a pair into a bridge.
func (n *network) plug(name, device, bridge string) error {
	n.mu.Lock()
	n.ports[name] = port{device, bridge}
	n.plugged = append(n.plugged, n.ports[name])
	n.mu.Unlock()
	return errors.Join(ip("link", "set", device, "master", bridge), ip("link", "set", device, "up"))
}

// add makes the namespace of a process, on the clients' network.
func (n *network) add(name string) (host int, err error) {
	n.mu.Lock()
	host, ok := n.hosts[name]
	if !ok {
		host = ownHost + 1 + len(n.hosts)
		n.hosts[name] = host
	}
	n.mu.Unlock()
	if ok {
		return host, nil
	}
	space := n.name + "-" + name
	if err := errors.Join(ip("netns", "add", space), ip("-n", space, "link", "set", "lo", "up")); err != nil {
		return 0, err
	}
	return host, n.join(name, fmt.Sprintf("%sc%d", n.name, host), "clients", n.clients(), n.address(198*256+18, host))
}

// join connects a namespace to a bridge.
func (n *network) join(name, device, far, bridge, address string) error {
	space := n.name + "-" + name
	return errors.Join(ip("link", "add", device, "type", "veth", "peer", "name", far, "netns", space), n.plug(name, device, bridge),
		ip("-n", space, "addr", "add", address+"/24", "dev", far), ip("-n", space, "link", "set", far, "up"))
}

func (n *network) addresses(server string) (clients, servers string, err error) {
	host, err := n.add(server)
	if err != nil {
		return "", "", err
	}
	// What is cut of a server is its port to the others.
	between := n.address(198*256+19, host)
	if err := n.join(server, fmt.Sprintf("%sr%d", n.name, host), "servers", n.between(), between); err != nil {
		return "", "", err
	}
	return n.address(198*256+18, host) + ":4222", between + ":6222", nil
}

func (n *network) command(name string, args ...string) (*exec.Cmd, error) {
	if _, err := n.add(name); err != nil {
		return nil, err
	}
	// ip becomes the program, so a signal reaches that.
	return exec.Command("ip", append([]string{"netns", "exec", n.name + "-" + name, n.self}, args...)...), nil
}

func (n *network) cut(name string) (heal func() error, err error) {
	n.mu.Lock()
	p, ok := n.ports[name]
	n.mu.Unlock()
	if !ok {
		return nil, fmt.Errorf("%s is not on the network", name)
	}
	return func() error { return ip("link", "set", p.device, "master", p.bridge) }, ip("link", "set", p.device, "nomaster")
}

// close removes it. A pair goes with one end, and would stay a moment longer than a
// namespace that has the other.
func (n *network) close() error {
	var errs []error
	for _, p := range n.plugged {
		errs = append(errs, ip("link", "del", p.device))
	}
	for name := range n.hosts {
		errs = append(errs, ip("netns", "del", n.name+"-"+name))
	}
	return errors.Join(append(errs, ip("link", "del", n.between()), ip("link", "del", n.clients()))...)
}
