//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"time"

	"zstdshop/harness/machine"
)

// row is what came out of a trial.
type row struct {
	began    time.Time
	commit   string
	fault    string
	at       int // units that were done when it came
	agents   int
	units    int
	results  int // units that have one result
	missing  int
	repeated int // outcomes that were dropped, the unit having one; -1: not known
	took     time.Duration
	outcome  string // "complete", or what lacked
}

const complete = "complete"

func (r row) String() string {
	repeated := "-"
	if r.repeated >= 0 {
		repeated = fmt.Sprint(r.repeated)
	}
	return fmt.Sprintf("%s\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%s\t%.1f\t%s\n", r.began.UTC().Format(time.RFC3339), machine.Current().Fingerprint, r.commit,
		r.fault, r.at, r.agents, r.units, r.results, r.missing, repeated, r.took.Seconds(), strings.Join(strings.Fields(r.outcome), " "))
}

// faultColumn is where a row says its fault.
const faultColumn = 3

// rowsOf counts the rows of a fault that a file has.
func rowsOf(path, fault string) (n int, err error) {
	text, err := os.ReadFile(path)
	if path == "" || errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	for line := range strings.Lines(string(text)) {
		if words := strings.Split(line, "\t"); len(words) > faultColumn && words[faultColumn] == fault {
			n++
		}
	}
	return n, err
}

// appendRow prints a row, and appends it to a file where one is named.
func appendRow(path string, r fmt.Stringer) error {
	fmt.Print(r)
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(r.String())
	return errors.Join(err, f.Close())
}

// commit names the sources that are tried, with + where some are changed.
func commit(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "", fmt.Errorf("which commit is tried: %w", err)
	}
	id := strings.TrimSpace(string(out))
	if exec.CommandContext(ctx, "git", "diff", "--quiet", "HEAD", "--", "*.go").Run() != nil {
		id += "+"
	}
	return id, nil
}
