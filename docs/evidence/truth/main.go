// Command truth reports whether the intervals of cells are as wide as they should
// be: over repeated runs of the same matrix, how often a 95 % interval holds the
// mean of the other runs, and how often the estimate of another run; and how far the
// estimates scatter, all cells of a run together and each around that.
//
//	go run ./docs/evidence/truth RESULT.json...
//	go run ./docs/evidence/truth -again RESULT.json...    as this program derives them
//	go run ./docs/evidence/truth -told RESULT.json...     each told of the calm machine
//	                                                      by those before it, too
//
// Were everything perfect, the first would be about 95 % and the second 83 %: two
// estimates differ by more than either does from the truth.
package main

import (
	"flag"
	"fmt"
	"math"
	"os"
	"slices"

	"zstdshop/codecs"
	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
	"zstdshop/runners"
	"zstdshop/scenarios"
)

// unknown is a catalogue without entries: speeds do not depend on what they say.
type unknown struct{}

func (unknown) Infos(_, _, _ string) (c codecs.Info, r runners.Info, s scenarios.Info) {
	return c, r, s
}

func main() {
	again := flag.Bool("again", false, "derive figures anew")
	told := flag.Bool("told", false, "the same, each run told of the calm machine by those before it")
	flag.Parse()
	if err := run(flag.Args(), *again, *told); err != nil {
		fmt.Fprintln(os.Stderr, "truth:", err)
		os.Exit(1)
	}
}

func run(paths []string, again, tell bool) error {
	if len(paths) < 3 {
		return fmt.Errorf("%d results: three are the least", len(paths))
	}
	cells := map[string][]result.Interval{}
	var order []string
	var told []result.Calm
	logs := map[string]map[int]float64{} // of the speeds of cells, by run
	for at, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		r, err := result.Read(f, nil)
		f.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if again || tell {
			log := analyze.LogOf(r)
			log.Header.Plan.Calm = told
			if r = analyze.Derive(log, unknown{}); tell {
				told = join(told, analyze.CalmOf(log))
			}
		}
		for _, c := range r.Cells {
			if c.MBPerS == nil || c.MBPerS.Lo == nil || c.MBPerS.Hi == nil {
				continue
			}
			if cells[c.Name] == nil {
				order = append(order, c.Name)
			}
			cells[c.Name] = append(cells[c.Name], *c.MBPerS)
			if logs[c.Name] == nil {
				logs[c.Name] = map[int]float64{}
			}
			logs[c.Name][at] = math.Log(c.MBPerS.Est)
		}
	}
	var others, pairs share
	widths := 0.0
	for _, name := range order {
		runs := cells[name]
		var ofCell, ofPairs share
		width := 0.0
		for i, iv := range runs {
			sum := 0.0
			for j, other := range runs {
				if i != j {
					sum += other.Est
					ofPairs.add(inside(other.Est, iv))
				}
			}
			ofCell.add(inside(sum/float64(len(runs)-1), iv))
			width += (*iv.Hi - *iv.Lo) / 2 / iv.Est
		}
		fmt.Printf("%-90s %2d runs, +-%4.1f %%: mean of the others %3.0f %%, another run %3.0f %%\n", name, len(runs),
			100*width/float64(len(runs)), ofCell.percent(), ofPairs.percent())
		widths += width
		others.merge(ofCell)
		pairs.merge(ofPairs)
	}
	fmt.Printf("all: +-%4.1f %%: the mean of the other runs in %.1f %% of %d intervals, another run's estimate in %.1f %% of %d pairs\n",
		100*widths/float64(others.n), others.percent(), others.n, pairs.percent(), pairs.n)
	together, each := scatter(logs)
	fmt.Printf("from run to run all cells together are off by %.1f %%, root mean square, each around that by %.1f %%\n", 100*together, 100*each)
	return nil
}

// join adds what a run tells of the calm machine to what those before it have told.
func join(told, by []result.Calm) []result.Calm {
	out := slices.Clone(told)
	for _, c := range by {
		at := slices.IndexFunc(out, func(o result.Calm) bool { return o.Lanes == c.Lanes })
		if at < 0 {
			out = append(out, c)
			continue
		}
		out[at].SentinelNS, out[at].Runs = min(out[at].SentinelNS, c.SentinelNS), out[at].Runs+c.Runs
	}
	return out
}

// scatter is how far logs are from the mean of their cell over all runs: of a run as a
// whole, and of its cells around that.
func scatter(logs map[string]map[int]float64) (together, each float64) {
	off := map[int][]float64{}
	for _, runs := range logs {
		sum := 0.0
		for _, v := range runs {
			sum += v
		}
		for at, v := range runs {
			off[at] = append(off[at], v-sum/float64(len(runs)))
		}
	}
	cells := 0
	for _, of := range off {
		mean := 0.0
		for _, v := range of {
			mean += v / float64(len(of))
		}
		together += mean * mean / float64(len(off))
		for _, v := range of {
			each += (v - mean) * (v - mean)
			cells++
		}
	}
	return math.Sqrt(together), math.Sqrt(each / float64(max(cells, 1)))
}

func inside(v float64, iv result.Interval) bool { return *iv.Lo <= v && v <= *iv.Hi }

// share counts how many of n held.
type share struct{ held, n int }

func (s *share) add(held bool) {
	s.n++
	if held {
		s.held++
	}
}

func (s *share) merge(o share) { s.held, s.n = s.held+o.held, s.n+o.n }

func (s share) percent() float64 { return 100 * float64(s.held) / float64(max(s.n, 1)) }
