//go:build linux

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// fault is something that breaks in the middle of a run.
type fault struct {
	name string
	cost time.Duration // of a unit, so that the run outlasts the fault
	// latest is the share of the units that may be done when it comes.
	latest float64
	// namespaces is set where the processes need networks of their own.
	namespaces bool
	// strike breaks it. It returns when all is as before, or will not be again.
	strike func(ctx context.Context, t *running) error
}

const (
	killCost = 200 * time.Millisecond
	cutCost  = 2500 * time.Millisecond
)

var faults = []fault{
	{name: "agent", cost: killCost, latest: 0.9, strike: func(_ context.Context, t *running) error { return t.agentOf[0].Process.Kill() }},
	{name: "leader", cost: killCost, latest: 0.9, strike: func(ctx context.Context, t *running) error {
		name, err := t.leader(ctx)
		if err != nil {
			return err
		}
		return t.serverOf[name].Process.Kill()
	}},
	{name: "controller", cost: killCost, latest: 0.9}, // controller.go strikes
	{name: "network-agent", cost: cutCost, latest: 0.25, namespaces: true, strike: func(ctx context.Context, t *running) error { return t.cut(ctx, "a0") }},
	{name: "network-server", cost: cutCost, latest: 0.25, namespaces: true, strike: func(ctx context.Context, t *running) error {
		name, err := t.leader(ctx)
		if err != nil {
			return err
		}
		return t.cut(ctx, name)
	}},
	{name: "network-controller", cost: cutCost, latest: 0.25, namespaces: true, strike: func(ctx context.Context, t *running) error { return t.cut(ctx, here) }},
	{name: "nothing", cost: killCost, latest: 0.9, strike: func(context.Context, *running) error { return nil }},
}

func faultNames() (names []string) {
	for _, f := range faults {
		names = append(names, f.name)
	}
	return names
}

func faultNamed(name string) (fault, error) {
	at := slices.IndexFunc(faults, func(f fault) bool { return f.name == name })
	if at < 0 {
		return fault{}, fmt.Errorf("-fault %s: want %s", name, strings.Join(faultNames(), ", "))
	}
	return faults[at], nil
}

// at is how many units are done when the fault of the trial of that number comes: others
// from one to the next.
func (f fault) at(number, units int) int {
	latest := max(int(f.latest*float64(units)), 1)
	return 1 + number*7%latest
}
