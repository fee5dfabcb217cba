// Command turns tries lengths of slices and warm-ups against each other, in one
// run, by what matters: how far the quotients of equal pairs of forks scatter.
//
//	zstdshop=$(mktemp) && go build -o $zstdshop .
//	go run ./docs/evidence/turns -cell compress,klauspost,single,1,16 -rounds 20 32:64:40@$zstdshop 512:64:6@$zstdshop
//	go run ./docs/evidence/turns -cold -cell compress,klauspost,single,1,16 400:1:40@$zstdshop
//
// A cell is scenario,codec,runner,workers,KiB of the embedded logs. An argument is
// tasks of a slice : tasks of its warm-up : turns of a round @ program, any build
// of it. Each round runs every argument once with two fresh workers that take
// turns. -cold shows how long the nth task of a slice takes instead, compared with
// the same item's in the last quarter.
//
// It is evidence for docs/method.md, no part of the program.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"zstdshop/harness/measure"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
	"zstdshop/scenarios/corpus"
)

func main() {
	cell := flag.String("cell", "compress,klauspost,single,1,16", "scenario,codec,runner,workers,KiB")
	rounds := flag.Int("rounds", 20, "pairs of forks for each argument")
	cold := flag.Bool("cold", false, "show the time of each task of a slice")
	flag.Parse()
	if err := run(context.Background(), *cell, flag.Args(), *rounds, *cold); err != nil {
		fmt.Fprintln(os.Stderr, "turns:", err)
		os.Exit(1)
	}
}

// try is one argument and what was seen of it.
type try struct {
	name                 string
	program              string
	count, warmUp, turns int

	took time.Duration
	logs map[string][]float64 // of pairs, by estimate
	us   []float64            // a task, by slice
	task map[int][]taskTime   // by position in the slice
}

type taskTime struct {
	item int
	ns   float64
}

func run(ctx context.Context, cell string, args []string, rounds int, cold bool) error {
	var spec worker.CellSpec
	var kib int64
	fields := strings.Split(cell, ",")
	if len(fields) != 5 {
		return fmt.Errorf("-cell %s: want scenario,codec,runner,workers,KiB", cell)
	}
	spec.Scenario, spec.Codec, spec.Runner, spec.Level = fields[0], fields[1], fields[2], 3
	if _, err := fmt.Sscanf(fields[3]+" "+fields[4], "%d %d", &spec.Workers, &kib); err != nil {
		return fmt.Errorf("-cell %s: %w", cell, err)
	}
	var tries []*try
	for _, arg := range args {
		t := &try{name: arg, logs: map[string][]float64{}, task: map[int][]taskTime{}}
		if _, err := fmt.Sscanf(strings.Replace(arg, "@", " ", 1), "%d:%d:%d %s", &t.count, &t.warmUp, &t.turns, &t.program); err != nil {
			return fmt.Errorf("%s: want tasks:warm-up:turns@program: %w", arg, err)
		}
		tries = append(tries, t)
	}
	if len(tries) == 0 {
		return errors.New("nothing to try: name tasks:warm-up:turns@program")
	}
	dir, err := os.MkdirTemp("", "turns-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	logs, err := corpus.Load(ctx, "logs", nil)
	if err != nil {
		return err
	}
	data, err := measure.Spool(ctx, []*corpus.Corpus{logs}, []result.Cell{{Corpus: logs.Name, Block: kib << 10}}, dir)
	if err != nil {
		return err
	}
	sample, err := data[logs.Name].Sample(kib<<10, 1, 1<<20, 1)
	if err != nil {
		return err
	}
	prepare := worker.Prepare{Cell: spec, Data: &sample.Data}
	for range rounds {
		for _, t := range tries {
			if err := t.round(ctx, prepare, sample.Items, cold); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
	}
	for _, t := range tries {
		if cold {
			t.printCold()
		} else {
			t.print(rounds)
		}
	}
	return nil
}

// round is two fresh workers that take turns.
func (t *try) round(ctx context.Context, prepare worker.Prepare, items int, cold bool) error {
	begin := time.Now()
	launcher := measure.Processes{Argv: []string{t.program, "worker"}, Timeout: time.Minute}
	gomaxprocs := 2
	if prepare.Cell.Runner == "gomaxprocs1" {
		gomaxprocs = 1
	}
	var conns [2]measure.WorkerConn
	for i := range conns {
		conn, err := launcher.Start(ctx, measure.Spawn{GOMAXPROCS: gomaxprocs})
		if err != nil {
			return err
		}
		defer conn.Kill()
		conns[i] = conn
		if _, err := conn.Prepare(ctx, prepare); err != nil {
			return err
		}
	}
	mode := worker.ModeThroughput
	if cold {
		mode = worker.ModeLatency
	}
	var wall [2][]float64
	for turn := range t.turns {
		first := turn * t.count % items
		order := rand.Perm(2)
		for _, side := range order {
			s, _, err := conns[side].Slice(ctx, worker.Slice{ID: turn, First: first, Count: t.count, Warmup: t.warmUp, Mode: mode})
			if err != nil {
				return err
			}
			wall[side] = append(wall[side], float64(s.WallNS))
			t.us = append(t.us, float64(s.WallNS)/float64(t.count)/1e3)
			for i, ns := range s.TaskNS {
				t.task[i] = append(t.task[i], taskTime{(first + i) % items, float64(ns)})
			}
		}
	}
	t.took += time.Since(begin)
	var turns []float64
	for i := range wall[0] {
		turns = append(turns, math.Log(wall[1][i]/wall[0][i]))
	}
	middle := quantile(turns, 0.5)
	clipped := 0.0
	for _, x := range turns {
		clipped += min(max(x, middle-0.2), middle+0.2) / float64(len(turns))
	}
	add := func(name string, log float64) { t.logs[name] = append(t.logs[name], log) }
	add("quotient of sums", math.Log(sum(wall[1])/sum(wall[0])))
	add("mean of turns", sum(turns)/float64(len(turns)))
	add("clipped mean of turns", clipped)
	add("median of turns", middle)
	add("minimum", math.Log(slices.Min(wall[1])/slices.Min(wall[0])))
	return nil
}

func (t *try) print(rounds int) {
	perPair := t.took.Seconds() / float64(rounds)
	fmt.Printf("%s: %.0f ms a pair, task %.2f us (p10 %.2f)\n", t.name, 1e3*perPair, quantile(t.us, 0.5), quantile(t.us, 0.1))
	for _, name := range []string{"quotient of sums", "mean of turns", "clipped mean of turns", "median of turns", "minimum"} {
		logs := t.logs[name]
		mean, squares := sum(logs)/float64(len(logs)), 0.0
		for _, x := range logs {
			squares += (x - mean) * (x - mean)
		}
		spread := math.Sqrt(squares / float64(len(logs)-1))
		fmt.Printf("    %-22s spread of pairs %5.2f %%, of one second %5.2f %%\n", name, 100*spread, 100*spread*math.Sqrt(perPair))
	}
}

// printCold prints the quartiles of task times by position.
func (t *try) printCold() {
	usual := map[int][]float64{}
	for i, times := range t.task {
		if i >= t.count*3/4 {
			for _, x := range times {
				usual[x.item] = append(usual[x.item], x.ns)
			}
		}
	}
	fmt.Println(t.name)
	for from, width := 0, 1; from < t.count; from, width = from+width, max(1, (from+width)/2) {
		var relative []float64
		for i := from; i < min(from+width, t.count); i++ {
			for _, x := range t.task[i] {
				if base := usual[x.item]; len(base) > 0 {
					relative = append(relative, x.ns/quantile(base, 0.5))
				}
			}
		}
		if len(relative) > 0 {
			fmt.Printf("    task %4d to %4d: %.2f (%.2f..%.2f)\n", from+1, min(from+width, t.count), quantile(relative, 0.5), quantile(relative, 0.25), quantile(relative, 0.75))
		}
	}
}

func sum(values []float64) (total float64) {
	for _, v := range values {
		total += v
	}
	return total
}

// quantile of values, which stay as they are.
func quantile(values []float64, q float64) float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return sorted[int(q*float64(len(sorted)-1))]
}
