// Command fronts tells how alike the Pareto fronts of repeated runs are: for each
// front that all of the named results have, how many points it has, which are on
// it, and the Jaccard index of each two runs (points on both over points on
// either).
//
//	docs/evidence/fronts/run.sh DIR FILE ...
//	go run ./docs/evidence/fronts RESULT.json ...
package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"zstdshop/codecs/memcpy"
	"zstdshop/harness"
	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "fronts:", err)
		os.Exit(1)
	}
}

func run(paths []string) error {
	of := map[string][]map[string]bool{}
	var names []string
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		r, err := result.Read(f, known())
		f.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for _, front := range analyze.Fronts(r) {
			if of[front.Name] == nil {
				names = append(names, front.Name)
			}
			of[front.Name] = append(of[front.Name], on(front))
		}
	}
	for _, name := range names {
		fmt.Println(name)
		report(of[name])
	}
	return nil
}

// on names the points of a front that are on it.
func on(f analyze.Front) map[string]bool {
	members := map[string]bool{}
	for _, p := range f.Points {
		if c := p.Cells[0]; p.On {
			members[fmt.Sprintf("%s@%d", c.Codec, *c.EffectiveLevel)] = true
		}
	}
	return members
}

func report(runs []map[string]bool) {
	times := map[string]int{}
	for _, r := range runs {
		for m := range r {
			times[m]++
		}
	}
	var always, sometimes []string
	for m, n := range times {
		if n == len(runs) {
			always = append(always, m)
		} else {
			sometimes = append(sometimes, fmt.Sprintf("%s %d", m, n))
		}
	}
	slices.Sort(always)
	slices.Sort(sometimes)
	fmt.Printf("  on it in all of %d runs: %s\n  in some: %s\n", len(runs), strings.Join(always, " "), strings.Join(sometimes, ", "))
	sum, least, pairs := 0.0, 1.0, 0
	for i, a := range runs {
		for _, b := range runs[:i] {
			j := jaccard(a, b)
			sum, least, pairs = sum+j, min(least, j), pairs+1
		}
	}
	if pairs > 0 {
		fmt.Printf("  Jaccard index of %d pairs: mean %.3f, least %.3f\n", pairs, sum/float64(pairs), least)
	}
}

func jaccard(a, b map[string]bool) float64 {
	both, either := 0, len(b)
	for m := range a {
		if b[m] {
			both++
		} else {
			either++
		}
	}
	return float64(both) / float64(max(either, 1))
}

// known describes the codec that is no competitor, so that it is on no front.
func known() result.Catalogue {
	var reg harness.Registry
	reg.AddCodec("memcpy", memcpy.New())
	return &reg
}
