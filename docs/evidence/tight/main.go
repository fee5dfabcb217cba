//go:build cgo

// Command tight holds the harness's own figure against a bare loop of the same
// library call, alternated with it turn by turn in one run:
//
//	go run ./docs/evidence/tight [-rows docs/evidence/tight.jsonl] FILE [CODEC...]
//
// FILE is raw data or a folder, whose files are taken whole, and all codecs are the
// default. Each finished row is added to the file of rows; one that is there is not
// measured again, so that what was interrupted goes on. For each codec, at its library's default level, and block size it starts a worker process as
// bench does and asks it for slices; between them this process itself runs the
// library's call in a plain loop over the same blocks, a stretch of several
// slices' length without a pause. Sentinels are timed around both, and both are
// judged by the same rule. It prints the quotient of the two speeds.
//
// It is evidence for docs/method.md, no part of the program, and the one place
// outside codecs/<backend> that calls the libraries.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"zstdshop/harness"
	"zstdshop/harness/machine"
	"zstdshop/harness/measure"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
	"zstdshop/internal/rows"
	"zstdshop/runners"
	"zstdshop/scenarios"
	"zstdshop/scenarios/corpus"
)

func main() {
	path := flag.String("rows", "docs/evidence/tight.jsonl", "file to add to")
	flag.Parse()
	args := flag.Args()
	var reg harness.Registry
	for _, s := range subjects {
		reg.AddCodec(s.name, s.codec)
	}
	reg.AddRunner("single", runners.Single())
	reg.AddScenario("compress", scenarios.Compress())
	err := reg.Err()
	switch {
	case err != nil:
	case len(args) == 1 && args[0] == "worker":
		err = worker.Serve(context.Background(), os.Stdin, os.Stdout, &reg)
	case len(args) >= 1:
		err = run(context.Background(), *path, args[0], args[1:])
	default:
		err = errors.New("usage: tight [-rows ROWS] FILE [CODEC...]")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "tight:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, rowsPath, path string, names []string) error {
	known, err := rows.Read[row](rowsPath)
	if err != nil {
		return err
	}
	for _, name := range names {
		if !slices.ContainsFunc(subjects, func(s subject) bool { return s.name == name }) {
			return fmt.Errorf("unknown codec %q", name)
		}
	}
	c, err := corpus.Load(ctx, path, nil)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	blocks := []int64{256 << 10, 16 << 10}
	if info.IsDir() {
		blocks = []int64{0}
	}
	for _, block := range blocks {
		for _, s := range subjects {
			if len(names) > 0 && !slices.Contains(names, s.name) {
				continue
			}
			r := row{Codec: s.title(), Data: c.Digest()[:12], Block: block}
			if i := slices.IndexFunc(known, r.same); i >= 0 {
				fmt.Println(known[i])
				continue
			}
			err := r.measure(ctx, c, s)
			if err == nil {
				err = rows.Append(rowsPath, r)
			}
			if err != nil {
				return fmt.Errorf("%s, blocks of %d: %w", s.name, block, err)
			}
			fmt.Println(r)
		}
	}
	return nil
}

const (
	forks      = 12
	turns      = 12
	bareSlices = 6 // in a row, for one of the worker's
)

// measure fills in what is to be found out of s on c.
func (r *row) measure(ctx context.Context, c *corpus.Corpus, s subject) error {
	dir, err := os.MkdirTemp("", "tight-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	data, err := measure.Spool(ctx, []*corpus.Corpus{c}, []result.Cell{{Corpus: c.Name, Block: r.Block}}, dir)
	if err != nil {
		return err
	}
	sample, err := data[c.Name].Sample(r.Block, 1, 4<<20, 1)
	if err != nil {
		return err
	}
	items, err := corpus.ReadItems(sample.Data.Path, sample.Data.Index)
	if err != nil {
		return err
	}
	bytes, longest := 0, 0
	for _, item := range items {
		bytes, longest = bytes+len(item), max(longest, len(item))
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	call, err := s.bare(s.codec.CompressBound(longest))
	if err != nil {
		return err
	}
	launcher := measure.Processes{Argv: []string{exe, "worker"}, Timeout: time.Minute}
	var ours, theirs []slice
	window := min(len(items), max(1, len(items)<<20/bytes))
	for range forks {
		conn, err := launcher.Start(ctx, measure.Spawn{GOMAXPROCS: machine.Usable(machine.Current())})
		if err != nil {
			return err
		}
		defer conn.Kill()
		if _, err := conn.Prepare(ctx, worker.Prepare{Cell: worker.CellSpec{Scenario: "compress", Codec: s.name, Level: s.level(), Runner: "single", Workers: 1}, Data: &sample.Data}); err != nil {
			return err
		}
		for turn := range turns {
			first := (turn * window) % len(items)
			worked := func() error {
				s, _, err := conn.Slice(ctx, worker.Slice{ID: turn, First: first, Count: window, Warmup: window, Mode: worker.ModeThroughput})
				ours = append(ours, slice{first, s.WallNS, max(s.SentinelNS[0], s.SentinelNS[1])})
				return err
			}
			looped := func() error {
				for range bareSlices {
					s, err := loop(call, items, first, window)
					if err != nil {
						return err
					}
					theirs = append(theirs, s)
				}
				return nil
			}
			order := []func() error{worked, looped}
			if rand.IntN(2) == 0 {
				slices.Reverse(order)
			}
			for _, do := range order {
				if err := do(); err != nil {
					return err
				}
			}
		}
		if _, err := conn.Close(ctx); err != nil {
			return err
		}
	}
	a, keptOurs := mean(ours)
	b, keptTheirs := mean(theirs)
	speed := func(ns float64) float64 { return float64(window) * float64(bytes) / float64(len(items)) / ns * 1e3 }
	r.Items, r.Harness, r.Bare, r.Quotient = len(items), speed(a), speed(b), b/a
	r.Kept = float64(keptOurs+keptTheirs) / float64(len(ours)+len(theirs))
	r.Ended = time.Now().UTC().Truncate(time.Second)
	return nil
}

// slice is the time of a window and the slower of the sentinels around it.
type slice struct {
	first    int
	ns       int64
	sentinel int64
}

func loop(call func([]byte) error, items [][]byte, first, window int) (slice, error) {
	before := sentinel()
	begin := time.Now()
	for i := range window {
		if err := call(items[(first+i)%len(items)]); err != nil {
			return slice{}, err
		}
	}
	ns := time.Since(begin).Nanoseconds()
	return slice{first, ns, max(before, sentinel())}, nil
}

func sentinel() int64 {
	begin := time.Now()
	_ = machine.Sentinel()
	return time.Since(begin).Nanoseconds()
}

// mean is that of the windows' means over slices whose sentinels are within 3 %
// of their own 10th percentile, as bench keeps them; kept is how many.
func mean(all []slice) (ns float64, kept int) {
	var sentinels []int64
	for _, s := range all {
		sentinels = append(sentinels, s.sentinel)
	}
	slices.Sort(sentinels)
	limit := float64(sentinels[len(sentinels)/10]) * 1.03
	sum, n := map[int]float64{}, map[int]float64{}
	for _, s := range all {
		if float64(s.sentinel) <= limit {
			sum[s.first] += float64(s.ns)
			n[s.first]++
			kept++
		}
	}
	total := 0.0
	for first := range sum {
		total += sum[first] / n[first]
	}
	return total / float64(len(sum)), kept
}
