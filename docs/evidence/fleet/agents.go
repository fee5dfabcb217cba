//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/nats-io/nats.go"

	"zstdshop/codecs/memcpy"
	"zstdshop/fleet"
	"zstdshop/harness"
	"zstdshop/harness/machine"
	"zstdshop/harness/result"
	"zstdshop/runners"
	"zstdshop/scenarios"
)

func registry() *harness.Registry {
	reg := new(harness.Registry)
	reg.AddCodec("memcpy", memcpy.New())
	for name, r := range map[string]runners.Runner{"single": runners.Single(), "pool": runners.Pool()} {
		reg.AddRunner(name, r)
	}
	reg.AddScenario("cpuburn", scenarios.CPUBurn())
	return reg
}

// connect reaches servers as zstdshop does.
func connect(servers string) (*nats.Conn, error) {
	return nats.Connect(servers, nats.Name(clientName), nats.MaxReconnects(-1), nats.RetryOnFailedConnect(true), nats.PingInterval(10*time.Second), nats.MaxPingsOutstanding(2))
}

// clientName tells connections of this program from those of zstdshop.
const clientName = "trial"

// simulate is several agents: the number of the first, how many, and the servers.
func simulate(ctx context.Context, args []string, cost time.Duration, cells int) error {
	var first, count int
	if _, err := fmt.Sscan(args[0]+" "+args[1], &first, &count); err != nil {
		return err
	}
	like, err := realCell(cells)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var errs []error
	var working sync.WaitGroup
	for i := range count {
		working.Go(func() {
			err := agent(ctx, fmt.Sprintf("a%d", first+i), args[2], cost, like)
			mu.Lock()
			errs = append(errs, err)
			mu.Unlock()
		})
	}
	working.Wait()
	return errors.Join(errs...)
}

// agent measures units that cost what they are said to cost.
func agent(ctx context.Context, name, servers string, cost time.Duration, like *result.CellResult) error {
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
			return made(u, a, like), nil
		}
	}
	return a.Serve(ctx)
}

// made is a result of a unit, each cell with the figures of like, or without any where that
// is nil.
func made(u *fleet.Unit, a *fleet.Agent, like *result.CellResult) *result.Result {
	p := a.Program
	r := &result.Result{Machine: a.Machine, Comparisons: []result.Comparison{}, Warnings: []result.Warning{},
		Build: result.Build{Version: p.Version, Commit: p.Commit, Dirty: p.Dirty, Go: p.Go, Settings: map[string]string{}, Libraries: p.Libraries},
		Plan: result.PlanInfo{Args: []string{}, Seed: u.Seed, Method: result.Method, Budget: u.Budget, Precision: u.Precision, Confidence: 0.95,
			Delta: u.Delta, Reference: u.Reference, Complete: true}}
	for _, c := range u.Cells {
		one := result.NewCellResult(c)
		one.Status = result.StatusUnmeasured
		if like != nil {
			one = *like
			one.Cell, one.Name = c, c.Name()
		}
		r.Cells = append(r.Cells, one)
	}
	return r
}

// realCell is a cell of docs/runs, without what belongs to its corpus; nil where none is
// asked for.
func realCell(asked int) (*result.CellResult, error) {
	if asked == 0 {
		return nil, nil
	}
	packed, err := os.ReadFile(filepath.Join("docs", "runs", "level3.json.zst"))
	if err != nil {
		return nil, err
	}
	decoder, err := zstd.NewReader(nil)
	if err != nil {
		return nil, err
	}
	defer decoder.Close()
	text, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, err
	}
	r, err := result.Read(bytes.NewReader(text), nil)
	if err != nil {
		return nil, err
	}
	c := r.Cells[0]
	c.CorpusDigest, c.ItemsDigest, c.Dictionary = "", "", nil
	return &c, nil
}
