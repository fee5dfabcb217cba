// Command segments holds short slices that take turns against segments of at
// least a second without a pause, of the same cell in the same run:
//
//	go run ./docs/evidence/segments [-rounds N] FILE
//
// FILE is raw data. Both are measured by workers as bench starts them, in pairs
// of fresh processes: one does turns of the harness's length, sharing the CPUs
// with a third process that does the same in between, the other a single slice of
// a second. What waking up, cold caches and lost collections would falsify shows
// as a quotient other than 1. For cells that make garbage it also prints which
// share of slices with and without a collection was left alone by the machine.
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
	"time"

	"zstdshop/codecs/datadog"
	"zstdshop/codecs/klauspost"
	"zstdshop/harness"
	"zstdshop/harness/machine"
	"zstdshop/harness/measure"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
	"zstdshop/runners"
	"zstdshop/scenarios"
	"zstdshop/scenarios/corpus"
	"zstdshop/stats"
)

func main() {
	var reg harness.Registry
	reg.AddCodec("klauspost", klauspost.New())
	reg.AddCodec("datadog", datadog.New())
	reg.AddRunner("single", runners.Single())
	reg.AddRunner("pool", runners.Pool())
	reg.AddScenario("compress", scenarios.Compress())
	reg.AddScenario("compressnew", scenarios.CompressNew())
	err := reg.Err()
	if err == nil && len(os.Args) == 2 && os.Args[1] == "worker" {
		err = worker.Serve(context.Background(), os.Stdin, os.Stdout, &reg)
	} else if err == nil {
		rounds := flag.Int("rounds", 20, "pairs of a cell")
		flag.Parse()
		if flag.NArg() != 1 || *rounds < 2 {
			err = errors.New("usage: segments [-rounds N] FILE, N at least 2")
		} else {
			err = run(context.Background(), flag.Arg(0), *rounds)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "segments:", err)
		os.Exit(1)
	}
}

// The lengths of harness/measure/schedule.go.
const (
	sliceOne  = 2 * time.Millisecond
	sliceMany = 5 * time.Millisecond
	warmOne   = 2500 * time.Microsecond
	warmMany  = 5 * time.Millisecond
	perWorker = 32 // tasks, at least, of several
	segment   = time.Second
	turns     = 24 // of each of the two that take turns
)

// subject is a cell and what was seen of it.
type subject struct {
	scenario, codec, runner string
	workers                 int
	block                   int64
	data                    worker.Data

	logs   stats.Sequence // of turns over segment, time per task
	slices []slice
}

// slice is one turn: the slower sentinel that judges it, and whether a
// collection ended in it.
type slice struct {
	sentinel  int64
	collected bool
}

func run(ctx context.Context, path string, rounds int) error {
	dir, err := os.MkdirTemp("", "segments-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c, err := corpus.Load(ctx, path, nil)
	if err != nil {
		return err
	}
	var cells []result.Cell
	for _, block := range []int64{16 << 10, 64 << 10, 256 << 10} {
		cells = append(cells, result.Cell{Corpus: c.Name, Block: block})
	}
	data, err := measure.Spool(ctx, []*corpus.Corpus{c}, cells, dir)
	if err != nil {
		return err
	}
	var subjects []*subject
	for _, block := range []int64{16 << 10, 256 << 10} {
		for _, codec := range []string{"klauspost", "datadog"} {
			subjects = append(subjects, &subject{scenario: "compress", codec: codec, runner: "single", workers: 1, block: block},
				&subject{scenario: "compress", codec: codec, runner: "pool", workers: 2, block: block})
		}
	}
	subjects = append(subjects, &subject{scenario: "compressnew", codec: "klauspost", runner: "single", workers: 1, block: 64 << 10})
	for _, s := range subjects {
		sample, err := data[c.Name].Sample(s.block, 1, 1<<20, 1)
		if err != nil {
			return err
		}
		s.data = sample.Data
	}
	for range rounds {
		for _, s := range subjects {
			if err := s.round(ctx); err != nil {
				return fmt.Errorf("%s %s %s, blocks of %d: %w", s.scenario, s.codec, s.runner, s.block, err)
			}
		}
	}
	fmt.Println("turns over segment of 1 s, time per task; 95 % interval")
	for _, s := range subjects {
		half := s.logs.SE() * stats.StudentQuantile(0.975, float64(rounds-1))
		fmt.Printf("%-11s %-9s %-6s %3d KiB  %.3f (%.3f..%.3f)\n", s.scenario, s.codec, s.runner, s.block>>10,
			math.Exp(s.logs.Mean()), math.Exp(s.logs.Mean()-half), math.Exp(s.logs.Mean()+half))
		s.printKept()
	}
	return nil
}

// round is one pair: two workers that take turns, and one with a segment, in
// random order.
func (s *subject) round(ctx context.Context) error {
	var short, long float64
	work := []func() error{
		func() (err error) { short, err = s.turns(ctx); return },
		func() (err error) { long, err = s.segment(ctx); return },
	}
	if rand.IntN(2) == 0 {
		slices.Reverse(work)
	}
	for _, do := range work {
		if err := do(); err != nil {
			return err
		}
	}
	s.logs.Add(math.Log(short / long))
	return nil
}

// start returns a prepared worker and how many tasks take one worker d.
func (s *subject) start(ctx context.Context) (conn measure.WorkerConn, tasks func(d time.Duration) int, err error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	launcher := measure.Processes{Argv: []string{exe, "worker"}, Timeout: time.Minute}
	conn, err = launcher.Start(ctx, measure.Spawn{GOMAXPROCS: machine.Usable(machine.Current())})
	if err != nil {
		return nil, nil, err
	}
	ready, err := conn.Prepare(ctx, worker.Prepare{Data: &s.data, Cell: worker.CellSpec{
		Scenario: s.scenario, Codec: s.codec, Level: 3, Runner: s.runner, Workers: s.workers}})
	if err != nil {
		conn.Kill()
		return nil, nil, err
	}
	perTask := float64(ready.PassNS) / float64(ready.Items) / float64(s.workers)
	return conn, func(d time.Duration) int { return max(s.workers, int(math.Ceil(float64(d)/perTask))) }, nil
}

// turns returns the time of a task in slices that take turns with another
// worker's.
func (s *subject) turns(ctx context.Context) (float64, error) {
	conn, tasks, err := s.start(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Kill()
	other, _, err := s.start(ctx)
	if err != nil {
		return 0, err
	}
	defer other.Kill()
	count, warm := tasks(sliceOne), tasks(warmOne)
	if s.workers > 1 {
		count, warm = max(tasks(sliceMany), perWorker*s.workers), tasks(warmMany)
	}
	wall, done := int64(0), 0
	var seen []worker.Sample
	for turn := range turns {
		for _, p := range []measure.WorkerConn{other, conn} {
			sample, _, err := p.Slice(ctx, worker.Slice{ID: turn, First: turn * count, Count: count, Warmup: warm, Mode: worker.ModeThroughput})
			if err != nil {
				return 0, err
			}
			if p == conn {
				wall, done = wall+sample.WallNS, done+count
				seen = append(seen, sample)
			}
		}
	}
	for i, sample := range seen {
		after := sample.SentinelNS[1]
		if sample.Collected > 0 && i+1 < len(seen) {
			after = seen[i+1].SentinelNS[0]
		}
		s.slices = append(s.slices, slice{max(sample.SentinelNS[0], after), sample.Collected > 0})
	}
	return float64(wall) / float64(done), nil
}

// segment returns the time of a task in one slice of a second.
func (s *subject) segment(ctx context.Context) (float64, error) {
	conn, tasks, err := s.start(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Kill()
	count := tasks(segment * 5 / 4) // the first pass, which it goes by, was a slow one
	sample, _, err := conn.Slice(ctx, worker.Slice{Count: count, Warmup: tasks(warmMany), Mode: worker.ModeThroughput})
	if err != nil {
		return 0, err
	}
	return float64(sample.WallNS) / float64(count), nil
}

// printKept prints the share of slices that the machine left alone, of those
// with and without a collection, where there are enough of both.
func (s *subject) printKept() {
	var sentinels []int64
	for _, x := range s.slices {
		sentinels = append(sentinels, x.sentinel)
	}
	slices.Sort(sentinels)
	limit := 1.03 * float64(sentinels[len(sentinels)/10])
	kept, all := map[bool]int{}, map[bool]int{}
	for _, x := range s.slices {
		all[x.collected]++
		if float64(x.sentinel) <= limit {
			kept[x.collected]++
		}
	}
	if all[true] < 20 || all[false] < 20 {
		return
	}
	for _, collected := range []bool{false, true} {
		lo, hi := stats.Wilson(kept[collected], all[collected], 0.95)
		fmt.Printf("            collection %-5v  %d of %d slices kept: %.2f (%.2f..%.2f)\n", collected,
			kept[collected], all[collected], float64(kept[collected])/float64(all[collected]), lo, hi)
	}
}
