// Package tool runs programs of others, such as git, go and compilers, and shows
// their own words where they fail. Environ is also the environment of worker
// processes.
package tool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// A Command is a program to run once.
type Command struct {
	Argv []string // never empty
	Dir  string   // where it runs; "" here
	Env  []string // besides Environ, before which it goes
}

// endTime is what a program that was interrupted has to tidy up before it is killed.
const endTime = 5 * time.Second

// Output runs the command and returns what it wrote to standard output, without
// the line end. An error is a *Error.
func (c Command) Output(ctx context.Context) (string, error) {
	out, err := c.Bytes(ctx)
	return strings.TrimRight(string(out), "\r\n"), err
}

// Bytes is Output with each byte, of files that may be in any encoding.
func (c Command) Bytes(ctx context.Context) ([]byte, error) {
	cmd := exec.CommandContext(ctx, c.Argv[0], c.Argv[1:]...)
	var said bytes.Buffer
	cmd.Dir, cmd.Stderr = c.Dir, &said
	cmd.Env = append(Environ(), c.Env...)
	ownGroup(cmd)
	cmd.WaitDelay = endTime
	out, err := cmd.Output()
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, &Error{Argv: c.Argv, Said: excerpt(said.String()), Err: err}
	}
	return out, nil
}

// Error is that of a program that could not be run, or failed.
type Error struct {
	Argv []string
	Said string // on standard error, on one line; may be ""
	Err  error
}

func (e *Error) Error() string {
	if errors.Is(e.Err, exec.ErrNotFound) {
		return fmt.Sprintf("%s is not installed", e.Argv[0])
	}
	text := fmt.Sprintf("%s: %v", strings.Join(e.Argv, " "), e.Err)
	if e.Said != "" {
		text += ": " + e.Said
	}
	return text
}

func (e *Error) Unwrap() error { return e.Err }

// maxLines of what a program said are shown: the first ones, which say what is
// wrong, and the last ones, which say what came of it.
const maxLines = 10

// excerpt is text on one line.
func excerpt(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	if over := len(lines) - maxLines; over > 0 {
		rest := lines[len(lines)-maxLines/2:]
		lines = append(append(lines[:maxLines/2:maxLines/2], fmt.Sprintf("(%d lines more)", over)), rest...)
	}
	return strings.Join(lines, "; ")
}
