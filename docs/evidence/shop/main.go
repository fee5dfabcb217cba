//go:build linux

// Command shop tries on a running shop what docs/server.md says of it:
//
//	go build -o zstdshop . && go run ./docs/evidence/shop ./zstdshop [TRIAL]...
//
//	hostile   loads that no client with good intent sends, with /ping meanwhile
//	overload  more than the server can do: what it gets done, and how it refuses
//	silent    connections that send nothing, and new clients meanwhile
//	memory    what is resident 30 s after a load
//	frames    small frames that make a plain server take gigabytes
//	restarts  one program after the other under load, handing on the socket
//
// Each prints figures and fails where an answer is not what it must be. Servers listen
// on loopback, on the first CPU where there are several, and end with this program,
// which runs on the others; loads are bounded in number.
//
// It is evidence, no part of the program.
package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// trials by name, in the order they run.
var trials = []struct {
	name string
	run  func(program string) error
}{{"hostile", hostile}, {"overload", overload}, {"silent", silent}, {"memory", memory}, {"frames", frames}, {"restarts", restarts}}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "shop:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("usage: shop PROGRAM, then any number of trials")
	}
	if len(args) == 2 && args[0] == pingCommand {
		return pingUntilTold(args[1])
	}
	if len(args) == 3 && args[0] == attackCommand {
		return attackAs(args[1], args[2])
	}
	if err := leaveFirstCPU(); err != nil {
		return err
	}
	for _, t := range trials {
		if len(args) > 1 && !slices.Contains(args[1:], t.name) {
			continue
		}
		if err := t.run(args[0]); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return nil
}

// latencies of requests, from when they were due.
type latencies []time.Duration

// at returns the quantile q; the values get sorted.
func (l latencies) at(q float64) time.Duration {
	slices.Sort(l)
	return l[min(int(q*float64(len(l))), len(l)-1)]
}

func (l latencies) String() string {
	return fmt.Sprintf("p50 %v, p99 %v, most %v of %d", l.at(0.5).Round(time.Microsecond), l.at(0.99).Round(time.Microsecond), l.at(1).Round(time.Microsecond), len(l))
}
