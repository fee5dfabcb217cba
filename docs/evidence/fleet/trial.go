//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"zstdshop/fleet"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
)

// longest is how long a trial may take.
const longest = 100 * time.Second

// trial tries a fault once. What goes wrong once the fleet is there is part of the row.
func trial(ctx context.Context, s settings, f fault, number int) (r row, err error) {
	ctx, cancel := within(ctx, longest)
	defer cancel()
	at := s.at
	if at == 0 {
		at = f.at(number, s.units)
	}
	if f.strike == nil {
		s.cells = max(s.cells, 1) // without figures, zstdshop says that it has failed
	}
	t := &running{settings: s, processes: &processes{},
		row: row{began: time.Now(), commit: s.commit, fault: f.name, at: at, agents: s.agents, units: s.units, repeated: -1}}
	if t.dir, err = os.MkdirTemp("", "fleet-trial-*"); err != nil {
		return r, err
	}
	defer os.RemoveAll(t.dir)
	self, err := os.Executable()
	if err != nil {
		return r, err
	}
	t.site = loopback{self}
	if f.namespaces {
		if t.site, err = newNetwork(self); err != nil {
			return r, err
		}
	}
	defer func() { err = errors.Join(err, t.end()) }()
	if err := t.begin(ctx); err != nil {
		return r, err
	}
	defer t.nc.Close()
	begun := time.Now()
	var all []*result.Result
	if f.strike == nil {
		all, err = t.resumed(ctx)
	} else {
		all, err = t.struck(ctx, f)
	}
	t.row.took = time.Since(begun)
	if err == nil {
		err = context.Cause(ctx)
	}
	t.row.outcome = complete
	if err := errors.Join(err, t.count(all), t.left(err != nil)); err != nil {
		t.row.outcome = err.Error()
	}
	return t.row, nil
}

// begin starts servers and agents, and waits for them.
func (t *running) begin(ctx context.Context) (err error) {
	if err := t.startServers(t.dir); err != nil {
		return err
	}
	if t.nc, err = connect(t.urls); err != nil {
		return err
	}
	for !t.nc.IsConnected() && ctx.Err() == nil {
		time.Sleep(50 * time.Millisecond)
	}
	if t.hub, err = fleet.Open(ctx, t.nc); err != nil {
		return err
	}
	if err := t.startAgents(t.settings); err != nil {
		return err
	}
	return waitForAgents(ctx, t.hub, t.agents)
}

// struck is a run whose controller is this process.
func (t *running) struck(ctx context.Context, f fault) ([]*result.Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	job, err := jobOf(ctx, t.units)
	if err != nil {
		return nil, err
	}
	c := &fleet.Controller{Hub: t.hub, Dir: filepath.Join(t.dir, "results"), Wait: time.Minute, AckWait: 3 * time.Second,
		Log: func(format string, args ...any) { fmt.Fprintf(os.Stderr, "controller: "+format+"\n", args...) }}
	over := make(chan struct{})
	go func() {
		defer close(over)
		err := t.waitForResults(ctx, c.Dir)
		if err == nil {
			err = f.strike(ctx, t)
		}
		if err != nil {
			cancel(err)
		}
	}()
	session, err := c.Begin(ctx, job)
	if err != nil {
		return nil, err
	}
	got, err := session.Collect(ctx)
	t.row.repeated = got.Repeated
	if err != nil {
		return nil, fmt.Errorf("%d of %d results: %w", len(got.Files), t.units, err)
	}
	select {
	case <-over:
	default:
		return nil, errors.New("the run was over before the fault was")
	}
	if err := session.End(ctx, got); err != nil {
		return nil, err
	}
	var all []*result.Result
	for _, f := range got.Files {
		r, err := readResult(f.Path)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
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
