// Command subset shows how far a subset of a corpus is off from all of it: in the ratio,
// and in the time that its bytes take to compress, as the standard deviation over seeds,
// for subsets drawn as runs draw them and for items drawn one by one.
//
//	go run ./docs/evidence/subset [-block 65536] FILE-OR-FOLDER
//
// Each item is compressed once for its size and three times for its time, the least of
// which counts; so the machine has little say in it.
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
	"time"

	"github.com/klauspost/compress/zstd"

	"zstdshop/scenarios/corpus"
)

const (
	leastItems = 16
	leastBytes = 1 << 20
	seeds      = 200
)

func main() {
	block := flag.Int64("block", 64<<10, "most bytes of an item")
	flag.Parse()
	if err := run(context.Background(), flag.Args(), *block); err != nil {
		fmt.Fprintln(os.Stderr, "subset:", err)
		os.Exit(1)
	}
}

// item is what a block of the corpus came to.
type item struct {
	in, out int
	took    time.Duration
}

func run(ctx context.Context, args []string, block int64) error {
	if len(args) != 1 {
		return errors.New("name one file or folder")
	}
	data, err := corpus.Load(ctx, args[0], nil)
	if err != nil {
		return err
	}
	var all []byte
	for _, m := range data.Members {
		all = append(all, m.Data...)
	}
	blocks := corpus.Blocks(data.Members, block)
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	items := map[corpus.Range]item{}
	for _, b := range blocks {
		one := item{in: int(b.Length), took: time.Hour}
		var dst []byte
		for range 3 {
			begin := time.Now()
			dst = encoder.EncodeAll(all[b.Offset:b.Offset+b.Length], dst[:0])
			one.took = min(one.took, time.Since(begin))
		}
		one.out = len(dst)
		items[b] = one
	}
	ratio, speed := sum(items, blocks)
	fmt.Printf("%s: %d items, %d bytes, ratio %.3f\n", args[0], len(blocks), data.Size(), ratio)
	for _, draw := range []struct {
		how    string
		subset func(seed uint64) []corpus.Range
	}{
		{"as runs draw them", func(seed uint64) []corpus.Range { return corpus.Sample(blocks, seed, leastItems, leastBytes) }},
		{"one by one", func(seed uint64) []corpus.Range { return oneByOne(blocks, seed) }},
	} {
		var ratios, speeds float64
		for seed := range uint64(seeds) {
			r, s := sum(items, draw.subset(seed))
			ratios += math.Pow(math.Log(r/ratio), 2)
			speeds += math.Pow(math.Log(s/speed), 2)
		}
		fmt.Printf("%-18s  off by %.1f %% in speed and %.1f %% in ratio, over %d seeds\n", draw.how,
			100*math.Sqrt(speeds/seeds), 100*math.Sqrt(ratios/seeds), seeds)
	}
	return nil
}

// sum is the ratio and the bytes a second of some blocks.
func sum(items map[corpus.Range]item, blocks []corpus.Range) (ratio, speed float64) {
	var in, out int
	var took time.Duration
	for _, b := range blocks {
		one := items[b]
		in, out, took = in+one.in, out+one.out, took+one.took
	}
	return float64(in) / float64(out), float64(in) / took.Seconds()
}

func oneByOne(blocks []corpus.Range, seed uint64) (subset []corpus.Range) {
	bytes := int64(0)
	for _, i := range rand.New(rand.NewPCG(seed, 1)).Perm(len(blocks)) {
		if len(subset) >= leastItems && bytes >= leastBytes {
			break
		}
		subset = append(subset, blocks[i])
		bytes += blocks[i].Length
	}
	return subset
}
