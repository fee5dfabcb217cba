package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"zstdshop/harness"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
)

// app is one call of Main: its arguments, its streams and what is registered.
type app struct {
	reg            *harness.Registry
	args           []string // without the program's name
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	live           bool // show the bars of all cores, where there is a terminal
}

// Exit statuses; each command's help tells its own.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitUndecided   = 3 // of commands that judge, as is the next
	exitUnusable    = 4
	exitInterrupted = 130
)

// exitError carries a status other than the one an error has by its kind.
type exitError struct {
	status int
	err    error // nil: all has been said
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit status %d", e.status)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// status says on stderr what went wrong and returns the exit status.
func (a *app) status(err error) int {
	if err == nil {
		return exitOK
	}
	status := exitUsage
	if e, ok := errors.AsType[*exitError](err); ok {
		if e.err == nil {
			return e.status
		}
		status, err = e.status, e.err
	} else if errors.Is(err, context.Canceled) {
		status, err = exitInterrupted, errors.New("interrupted")
	}
	fmt.Fprintf(a.stderr, "zstdshop: %s\n", oneLine(err))
	if placed, ok := errors.AsType[*plan.PlacedError](err); ok {
		for line := range strings.SplitSeq(placed.Excerpt, "\n") {
			fmt.Fprintln(a.stderr, printable(withoutSecrets(line)))
		}
	}
	return status
}

// oneLine keeps an error to one line whatever it quotes, and secrets out of it. Lines of
// joined errors are parted by semicolons, lines that are indented go on with those before.
func oneLine(err error) string {
	var out strings.Builder
	for line := range strings.Lines(err.Error()) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
			continue
		case out.Len() == 0:
		case strings.ContainsAny(line[:1], " \t"):
			out.WriteString(" ")
		default:
			out.WriteString("; ")
		}
		out.WriteString(strings.Join(words, " "))
	}
	return printable(withoutSecrets(out.String()))
}

// printable replaces what a terminal would act on.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if strconv.IsPrint(r) {
			return r
		}
		return '?'
	}, s)
}

// unusable gives errors about where a side comes from their exit status.
func unusable(err error) error {
	if errors.Is(err, result.ErrUnusable) {
		return &exitError{exitUnusable, err}
	}
	return err
}
