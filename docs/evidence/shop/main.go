//go:build linux

// Command shop tries on a running shop what docs/server.md says of it:
//
//	go build -o zstdshop . && go run ./docs/evidence/shop ./zstdshop [TRIAL[/ROW]]...
//
//	hostile   loads that no client with good intent sends, with /ping meanwhile
//	overload  more than the server can do: what it gets done, and how it refuses
//	silent    connections that send nothing, and new clients meanwhile
//	memory    what is resident 30 s after a load
//	frames    small frames that make a plain server take gigabytes
//	restarts  one program after the other under load, handing on the socket
//
// ROW is a part of the names of the loads to try, for hostile and overload; all are tried
// where it is not given. Each trial prints figures and fails where an answer is not what
// it must be, and says how much of the machine others had meanwhile. Servers listen
// on loopback, on the first CPU where there are several, and end with this program,
// which runs on the others; loads are bounded in number or time.
//
// It is evidence, no part of the program.
package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

type trial struct {
	name string
	run  func(program, row string) error
}

// trials by name, in the order they run.
var trials = []trial{{"hostile", hostile}, {"overload", overload}, {"silent", whole(silent)}, {"memory", whole(memory)}, {"frames", whole(frames)}, {"restarts", whole(restarts)}}

// whole makes a trial without rows one of trials.
func whole(run func(program string) error) func(program, row string) error {
	return func(program, row string) error {
		if row != "" {
			return errors.New("it has no rows to choose from")
		}
		return run(program)
	}
}

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
	if len(args) == 1 && args[0] == bareCommand {
		return serveBare()
	}
	if len(args) == 3 && args[0] == attackCommand {
		return attackAs(args[1], args[2])
	}
	if err := leaveFirstCPU(); err != nil {
		return err
	}
	program, asked := args[0], args[1:]
	if len(asked) == 0 {
		for _, t := range trials {
			asked = append(asked, t.name)
		}
	}
	for _, a := range asked {
		name, row, _ := strings.Cut(a, "/")
		i := slices.IndexFunc(trials, func(t trial) bool { return t.name == name })
		if i < 0 {
			return fmt.Errorf("no trial %q", name)
		}
		before, err := watchOthers()
		if err != nil {
			return err
		}
		if err := trials[i].run(program, row); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		share, err := before.share()
		if err != nil {
			return err
		}
		fmt.Printf("\n%s: others had %.0f %% of the machine's CPU time\n", name, 100*share)
	}
	return nil
}
