// Command start shows how long a worker process takes from its spawn to its
// hello, beside a program that does nothing else:
//
//	git worktree add /tmp/before COMMIT && go build -C /tmp/before -o /tmp/before/zstdshop .
//	go build -o /tmp/zstdshop . && go run ./docs/evidence/start -n 300 before=/tmp/before/zstdshop now=/tmp/zstdshop
//
// An argument is NAME=PROGRAM, any builds of zstdshop. The empty program imports
// "C", is built by the Go at hand, and says hello as a worker does. Starts are
// alternated, in a random order in each round. The last column is the median
// over the rounds of what a program took longer than the empty one of the same
// round, with the interval of order statistics that holds it in 95 %.
//
// It is evidence for docs/method.md, no part of the program.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"zstdshop/harness/machine"
	"zstdshop/harness/measure"
)

// empty is the program that the others are held against.
const empty = `package main

import "C"
import ("io"; "os")

func main() {
	os.Stdout.WriteString("{\"type\":\"hello\",\"versions\":[1],\"implementation\":\"empty\"}\n")
	io.Copy(io.Discard, os.Stdin)
}
`

func main() {
	n := flag.Int("n", 200, "starts of each program")
	flag.Parse()
	if err := run(context.Background(), flag.Args(), *n); err != nil {
		fmt.Fprintln(os.Stderr, "start:", err)
		os.Exit(1)
	}
}

// program is one of those that are started, and how long that took.
type program struct {
	name string
	argv []string
	took []float64 // ms, by round
}

func run(ctx context.Context, args []string, n int) error {
	if n < 8 || len(args) == 0 {
		return errors.New("usage: start [-n N] NAME=PROGRAM ..., N at least 8")
	}
	dir, err := os.MkdirTemp("", "start-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bare, err := buildEmpty(ctx, dir)
	if err != nil {
		return err
	}
	programs := []*program{{name: "empty cgo program", argv: []string{bare}}}
	for _, arg := range args {
		name, path, ok := strings.Cut(arg, "=")
		if !ok {
			return fmt.Errorf("%s: want NAME=PROGRAM", arg)
		}
		programs = append(programs, &program{name: name, argv: []string{path, measure.WorkerCommand}})
	}
	begun, before := time.Now().UTC(), machine.Probe(ctx, 0)
	for range n {
		for _, i := range rand.Perm(len(programs)) {
			took, err := start(programs[i].argv)
			if err != nil {
				return fmt.Errorf("%s: %w", programs[i].name, err)
			}
			programs[i].took = append(programs[i].took, took)
		}
	}
	after := machine.Probe(ctx, 0)
	fmt.Printf("%s, %d CPUs, %s, %s; disturbed %.0f %% before, %.0f %% after\n", machine.Current().CPU, runtime.NumCPU(),
		runtime.Version(), begun.Format(time.RFC3339), 100*before.Disturbed, 100*after.Disturbed)
	fmt.Printf("%-20s %7s %8s %8s %8s   %s\n", "spawn to hello, ms", "starts", "median", "p10", "p90", "more than the empty one")
	for _, p := range programs {
		sorted := slices.Sorted(slices.Values(p.took))
		fmt.Printf("%-20s %7d %8.2f %8.2f %8.2f", p.name, n, quantile(sorted, 0.5), quantile(sorted, 0.1), quantile(sorted, 0.9))
		if p != programs[0] {
			fmt.Printf("   %s", more(p.took, programs[0].took))
		}
		fmt.Println()
	}
	return nil
}

// buildEmpty builds the empty program in dir and returns its path.
func buildEmpty(ctx context.Context, dir string) (string, error) {
	source, path := filepath.Join(dir, "main.go"), filepath.Join(dir, "empty")
	if err := os.WriteFile(source, []byte(empty), 0o600); err != nil {
		return "", err
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", path, source)
	build.Env = append(os.Environ(), "CGO_ENABLED=1")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("build the empty program, which needs a C compiler: %w", err)
	}
	return path, nil
}

// start starts a program, waits for its first line and ends it. It returns how
// many milliseconds the line took.
func start(argv []string) (float64, error) {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return 0, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	took := time.Since(begin)
	stdin.Close()
	if err = errors.Join(err, cmd.Wait()); err != nil {
		return 0, err
	}
	if !strings.Contains(line, `"hello"`) {
		return 0, fmt.Errorf("said %q, want a hello", line)
	}
	return float64(took.Nanoseconds()) / 1e6, nil
}

// more is what a took longer than b, round by round: the median, and the order
// statistics around it that the binomial distribution gives for 95 %.
func more(a, b []float64) string {
	var d []float64
	for i := range a {
		d = append(d, a[i]-b[i])
	}
	slices.Sort(d)
	half := 1.96 * math.Sqrt(float64(len(d))) / 2
	low := max(0, int(math.Floor(float64(len(d))/2-half)))
	high := min(len(d)-1, int(math.Ceil(float64(len(d))/2+half)))
	return fmt.Sprintf("%.2f ms [%.2f, %.2f]", quantile(d, 0.5), d[low], d[high])
}

func quantile(sorted []float64, q float64) float64 { return sorted[int(q*float64(len(sorted)-1))] }
