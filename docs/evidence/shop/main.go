//go:build linux

// Command shop tries on a running shop what docs/server.md says of it:
//
//	go build -o zstdshop . && go run ./docs/evidence/shop ./zstdshop [bombs|frames|restarts]...
//
// bombs sends many frames at once that claim far more than they hold, and asks
// for /ping meanwhile. frames sends the small frames that make a plain server
// take gigabytes, one after the other. restarts replaces the program again and
// again under load, handing on the socket. Each prints a line of figures and
// fails where an answer is not what it must be. Servers listen on loopback and
// end with the program; loads are bounded in number.
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
}{{"bombs", bombs}, {"frames", frames}, {"restarts", restarts}}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "shop:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("usage: shop PROGRAM [bombs|frames|restarts]")
	}
	if len(args) == 2 && args[0] == pingCommand {
		return pingUntilTold(args[1])
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
