//go:build linux

// Command fleet breaks things under a fleet and counts what comes out. Units are fake
// cells of known cost, so a series needs no quiet machine:
//
//	go build -o zstdshop .
//	go run ./docs/evidence/fleet -fault agent -runs 20 -rows docs/evidence/fleet/rows.tsv
//	go run ./docs/evidence/fleet -fault controller -program ./zstdshop -runs 20 -rows docs/evidence/fleet/rows.tsv
//	go run ./docs/evidence/fleet -size -program ./zstdshop -units 1000 -agents 200 -rows docs/evidence/fleet/sizes.tsv
//
// A trial has a cluster of three servers, four agents and 40 units, in processes of this
// program. Its fault comes when some units are done, from trial to trial at another one:
//
//   - agent, leader: SIGKILL of an agent, or of the server that leads the stream of units;
//   - controller: SIGKILL of `zstdshop bench --fleet`, and --resume with another state
//     folder and working folder, as on another machine;
//   - network-agent, network-server, network-controller: for 20 s no packet passes between
//     one agent and the servers, one server and the other two, or the controller and the
//     servers. Each process has a network namespace of its own, which needs root; the cut
//     is a port that leaves its bridge, so that nobody is told.
//
// Each trial appends a row that says what came out, one that failed as well. -runs is how
// many rows of a fault there are to be, so an interrupted series goes on.
//
// -size measures what a large fleet costs its controller, `zstdshop bench --fleet`: all
// agents are in one process, each with a connection of its own, and one server.
//
// It is evidence for docs/fleet.md, no part of the program.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

func main() {
	var s settings
	flag.StringVar(&s.fault, "fault", "nothing", strings.Join(faultNames(), ", ")+" or nothing")
	flag.IntVar(&s.runs, "runs", 1, "how many rows of the fault there are to be")
	flag.IntVar(&s.beside, "beside", 1, "how many trials at the same time")
	flag.IntVar(&s.units, "units", 40, "units of a run")
	flag.IntVar(&s.agents, "agents", 4, "agents")
	flag.IntVar(&s.cells, "cells", 0, "cells of a unit that have the figures of a real one; 0: one cell without figures")
	flag.IntVar(&s.at, "at", 0, "how many units are done when the fault comes; 0: others from trial to trial")
	flag.DurationVar(&s.cost, "cost", 0, "of a unit; 0: what the fault needs")
	flag.DurationVar(&s.lasts, "lasts", 40*time.Second, "with -size: how long all units take together")
	flag.StringVar(&s.rows, "rows", "", "file to append a row a trial to")
	flag.StringVar(&s.program, "program", "", "zstdshop, where it is the controller")
	size := flag.Bool("size", false, "measure what -units and -agents cost the controller")
	role := flag.String("role", "", "what this process is; for its own use")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	switch {
	case *role == "server":
		err = serve(ctx, flag.Args())
	case *role == "agents":
		err = simulate(ctx, flag.Args(), s.cost, s.cells)
	case *size:
		err = measureSize(ctx, s)
	default:
		err = series(ctx, s)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

// series does what is missing of a series of trials.
func series(ctx context.Context, s settings) error {
	f, err := faultNamed(s.fault)
	if err != nil {
		return err
	}
	if s.cost == 0 {
		s.cost = f.cost
	}
	have, err := rowsOf(s.rows, s.fault)
	if err != nil {
		return err
	}
	if s.commit, err = commit(ctx); err != nil {
		return err
	}
	numbers := make(chan int)
	go func() {
		defer close(numbers)
		for n := have; n < s.runs && ctx.Err() == nil; n++ {
			numbers <- n
		}
	}()
	var mu sync.Mutex
	var errs []error
	var working sync.WaitGroup
	for range s.beside {
		working.Go(func() {
			for n := range numbers {
				r, err := trial(ctx, s, f, n)
				mu.Lock()
				if err == nil {
					err = appendRow(s.rows, r)
				}
				errs = append(errs, err)
				mu.Unlock()
			}
		})
	}
	working.Wait()
	return errors.Join(errs...)
}
