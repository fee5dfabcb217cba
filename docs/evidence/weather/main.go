// Command weather runs a command in a weather: beside a load that stands for what
// disturbs measuring on a shared machine.
//
//	go run ./docs/evidence/weather KIND -for 60s -- zstdshop bench --budget 20s
//
// KIND is
//
//	quiet    nothing, to have the same command line
//	burner   integer loops on one CPU, on and off for half a second to two seconds
//	bursts   integer loops on all CPUs, for 10 to 50 ms at a time, a third of the time
//	stream   a neighbour that copies through memory much larger than any cache
//	cache    a neighbour that touches lines of 32 MiB at random, as much as a last-level
//	         cache has
//	quota    a control group of 1.5 CPUs for the command, where the system allows one
//
// The load ends with the command, and after the time of -for in any case; a command that
// outlasts it went on in quiet, which is said. The exit status is the command's.
//
// It is evidence for docs/method.md, no part of the program.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// kinds are the weathers: each starts its load in group, to go on until ctx ends, and
// returns what undoes it.
var kinds = map[string]func(ctx context.Context, group *sync.WaitGroup) (undo func() error, err error){
	"quiet":  func(context.Context, *sync.WaitGroup) (func() error, error) { return nothing, nil },
	"burner": load(1, burn, span{500 * time.Millisecond, 2 * time.Second}, span{500 * time.Millisecond, 2 * time.Second}),
	"bursts": load(0, burn, span{10 * time.Millisecond, 50 * time.Millisecond}, span{20 * time.Millisecond, 100 * time.Millisecond}),
	"stream": load(1, stream(), always, span{}),
	"cache":  load(1, thrash(), always, span{}),
	"quota":  quota,
}

func nothing() error { return nil }

func main() {
	status, err := run(context.Background(), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "weather:", err)
	}
	os.Exit(status)
}

// run returns the exit status of the command, or 2 where there is none.
func run(ctx context.Context, args []string) (int, error) {
	const usage = "usage: weather KIND -for 60s -- COMMAND [ARG...]"
	if len(args) == 0 || kinds[args[0]] == nil {
		names := slices.Sorted(func(yield func(string) bool) {
			for name := range kinds {
				if !yield(name) {
					return
				}
			}
		})
		return 2, fmt.Errorf("%s; KIND is one of %s", usage, strings.Join(names, ", "))
	}
	flags := flag.NewFlagSet("weather", flag.ContinueOnError)
	most := flags.Duration("for", time.Minute, "after which the load ends")
	if err := flags.Parse(args[1:]); err != nil {
		return 2, err
	}
	if flags.NArg() == 0 || *most <= 0 {
		return 2, errors.New(usage)
	}
	within, end := context.WithTimeout(ctx, *most)
	defer end()
	var group sync.WaitGroup
	undo, err := kinds[args[0]](within, &group)
	if err != nil {
		return 2, fmt.Errorf("%s: %w", args[0], err)
	}
	command := exec.CommandContext(ctx, flags.Arg(0), flags.Args()[1:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = command.Run()
	outlasted := within.Err() != nil
	end()
	group.Wait()
	if undoErr := undo(); undoErr != nil {
		fmt.Fprintln(os.Stderr, "weather:", undoErr)
	}
	if outlasted {
		fmt.Fprintf(os.Stderr, "weather: the command outlasted the %v of %s and went on in quiet\n", *most, args[0])
	}
	if ended, ok := errors.AsType[*exec.ExitError](err); ok && ended.ExitCode() >= 0 {
		return ended.ExitCode(), nil
	}
	if err != nil {
		return 2, err
	}
	return 0, nil
}

// A span is a length of time drawn between two.
type span struct{ least, most time.Duration }

func (s span) draw(rng *rand.Rand) time.Duration {
	return s.least + time.Duration(rng.Int64N(int64(s.most-s.least)+1))
}

// always is longer than any run.
var always = span{24 * time.Hour, 24 * time.Hour}

// load does work on so many CPUs, 0 all, on and off for drawn times. All do it at once.
func load(cpus int, work func(), on, off span) func(context.Context, *sync.WaitGroup) (func() error, error) {
	return func(ctx context.Context, group *sync.WaitGroup) (func() error, error) {
		n := cpus
		if n == 0 {
			n = runtime.NumCPU()
		}
		var working atomic.Bool
		group.Go(func() {
			rng := rand.New(rand.NewPCG(1, 2)) // the same weather every time
			for ctx.Err() == nil {
				working.Store(true)
				wait(ctx, on.draw(rng))
				working.Store(false)
				wait(ctx, off.draw(rng))
			}
		})
		for range n {
			group.Go(func() {
				for ctx.Err() == nil {
					if !working.Load() {
						wait(ctx, time.Millisecond)
						continue
					}
					work()
				}
			})
		}
		return nothing, nil
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

var sink atomic.Uint64 // keeps loops from being removed

// burn is about 100 us of integer operations in registers.
func burn() {
	x := uint64(1)
	for i := range uint64(100_000) {
		x = x*6364136223846793005 + i
	}
	sink.Add(x)
}

// stream copies a few MiB at a time through 256 MiB.
func stream() func() {
	const size, step = 256 << 20, 4 << 20
	var once sync.Once
	var memory []byte
	at := 0
	return func() {
		once.Do(func() { memory = make([]byte, size) })
		half := size / 2
		copy(memory[at:at+step], memory[half+at:half+at+step])
		at = (at + step) % half
	}
}

// thrash writes to lines of 32 MiB at random, some thousands at a time.
func thrash() func() {
	const size, line = 32 << 20, 64
	var once sync.Once
	var memory []byte
	x := uint64(1)
	return func() {
		once.Do(func() { memory = make([]byte, size) })
		for range 10_000 {
			x = x*6364136223846793005 + 1442695040888963407
			memory[x>>33%(size/line)*line]++
		}
	}
}
