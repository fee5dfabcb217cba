// Command truth reports whether the intervals of cells are as wide as they should
// be: over repeated runs of the same matrix, how often a 95 % interval holds the
// mean of the other runs, and how often the estimate of another run.
//
//	go run ./docs/evidence/truth RESULT.json...
//
// Were everything perfect, the first would be about 95 % and the second 83 %: two
// estimates differ by more than either does from the truth.
package main

import (
	"fmt"
	"os"

	"zstdshop/harness/result"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "truth:", err)
		os.Exit(1)
	}
}

func run(paths []string) error {
	if len(paths) < 3 {
		return fmt.Errorf("%d results: three are the least", len(paths))
	}
	cells := map[string][]result.Interval{}
	var order []string
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		r, err := result.Read(f, nil)
		f.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for _, c := range r.Cells {
			if c.MBPerS == nil || c.MBPerS.Lo == nil || c.MBPerS.Hi == nil {
				continue
			}
			if cells[c.Name] == nil {
				order = append(order, c.Name)
			}
			cells[c.Name] = append(cells[c.Name], *c.MBPerS)
		}
	}
	var others, pairs share
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
		others.merge(ofCell)
		pairs.merge(ofPairs)
	}
	fmt.Printf("all: the mean of the other runs in %.1f %% of %d intervals, another run's estimate in %.1f %% of %d pairs\n",
		others.percent(), others.n, pairs.percent(), pairs.n)
	return nil
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
