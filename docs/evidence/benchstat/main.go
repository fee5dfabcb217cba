// Command benchstat compares a benchmark with itself, and with a slowdown
// planted, the way most Go projects do: go test -bench -count=10 for one side, then
// for the other, and a Mann-Whitney test of the twenty figures at 5 %, as the tool
// of that name makes it (golang.org/x/perf/benchmath).
//
//	go run ./docs/evidence/benchstat [-trials 30] [-rows docs/evidence/benchstat.jsonl]
//
// It adds one line for each comparison, goes on where the last call ended, and
// prints the counts. A comparison takes about ten seconds, as long as those of
// docs/evidence/verdicts.sh may.
package main

import (
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/perf/benchmath"

	"zstdshop/internal/rows"
	"zstdshop/stats"
)

// row is one comparison.
type row struct {
	Planted int           `json:"planted_permille"`
	Old     []float64     `json:"old_ns"`
	New     []float64     `json:"new_ns"`
	Delta   float64       `json:"delta"` // of the medians, 0.05 for 5 % slower
	P       float64       `json:"p"`
	Took    time.Duration `json:"took_ns"`
}

// alpha is the tool's own default.
const alpha = 0.05

func main() {
	trials := flag.Int("trials", 30, "comparisons of each kind")
	path := flag.String("rows", "docs/evidence/benchstat.jsonl", "file to add to")
	flag.Parse()
	if err := run(*trials, *path); err != nil {
		fmt.Fprintln(os.Stderr, "benchstat:", err)
		os.Exit(1)
	}
}

func run(trials int, path string) error {
	known, err := rows.Read[row](path)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "benchstat-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "compress.test")
	build := exec.Command("go", "test", "-c", "-o", program, "./docs/evidence/benchstat")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build the benchmark: %w", err)
	}
	planted := []int{0, 50}
	for n := range trials {
		for _, p := range planted {
			if count(known, p) > n {
				continue
			}
			r, err := compare(program, p)
			if err == nil {
				err = rows.Append(path, r)
			}
			if err != nil {
				return err
			}
			known = append(known, r)
			fmt.Fprintf(os.Stderr, "planted %.1f %%: %+.1f %%, p=%.3f, %v\n", float64(p)/10, 100*r.Delta, r.P, r.Took.Round(100*time.Millisecond))
		}
	}
	for _, p := range planted {
		summary(known, p)
	}
	return nil
}

func count(rows []row, planted int) (n int) {
	for _, r := range rows {
		if r.Planted == planted {
			n++
		}
	}
	return n
}

// compare runs the old side, then the new one.
func compare(program string, planted int) (r row, err error) {
	begin := time.Now()
	r.Planted = planted
	if r.Old, err = figures(program, 0); err != nil {
		return r, err
	}
	if r.New, err = figures(program, planted); err != nil {
		return r, err
	}
	r.Took = time.Since(begin)
	// NewSample sorts what it gets and keeps it.
	old := benchmath.NewSample(append([]float64(nil), r.Old...), &benchmath.DefaultThresholds)
	new := benchmath.NewSample(append([]float64(nil), r.New...), &benchmath.DefaultThresholds)
	r.P = benchmath.AssumeNothing.Compare(old, new).P
	r.Delta = benchmath.AssumeNothing.Summary(new, 0.95).Center/benchmath.AssumeNothing.Summary(old, 0.95).Center - 1
	return r, nil
}

// figures returns ten ns/op of one side.
func figures(program string, redo int) ([]float64, error) {
	cmd := exec.Command(program, "-test.run", "^$", "-test.bench", ".", "-test.count", "10", "-test.benchtime", "400ms")
	cmd.Env = append(os.Environ(), "REDO="+strconv.Itoa(redo))
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("run the benchmark: %w", err)
	}
	var ns []float64
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) > 3 && f[3] == "ns/op" {
			v, err := strconv.ParseFloat(f[2], 64)
			if err != nil {
				return nil, err
			}
			ns = append(ns, v)
		}
	}
	if len(ns) != 10 {
		return nil, fmt.Errorf("%d figures where 10 were due", len(ns))
	}
	return ns, nil
}

func summary(rows []row, planted int) {
	n, slower, faster, worst := 0, 0, 0, 0.0
	took := time.Duration(0)
	for _, r := range rows {
		if r.Planted != planted {
			continue
		}
		n++
		took += r.Took
		if r.P < alpha {
			if r.Delta > 0 {
				slower++
			} else {
				faster++
			}
			worst = math.Max(worst, math.Abs(r.Delta-float64(planted)/1000))
		}
	}
	if n == 0 {
		return
	}
	lo, hi := stats.Wilson(slower+faster, n, 0.95)
	fmt.Printf("planted %.1f %%: %d comparisons, %d called slower, %d faster (%.0f..%.0f %% of them different); furthest from the truth by %.1f points; %v each\n",
		float64(planted)/10, n, slower, faster, 100*lo, 100*hi, 100*worst, (took / time.Duration(n)).Round(100*time.Millisecond))
}
