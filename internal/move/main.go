// Command move gives the module another path:
//
//	go run ./internal/move example.com/you/zstdshop
//
// It rewrites every file below the current folder that names the old path and lists
// them. docs/releasing.md says when, and what comes next.
package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit status: 0 done; 2 wrong usage, or a file is at fault.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) != 1 {
		fmt.Fprintln(stderr, "usage: go run ./internal/move PATH, such as example.com/you/zstdshop")
		return 2
	}
	changed, err := move(".", args[0])
	if err != nil {
		fmt.Fprintf(stderr, "move: %v\n", err)
		return 2
	}
	for _, file := range changed {
		fmt.Fprintln(stdout, file)
	}
	return 0
}
