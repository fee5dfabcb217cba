package main

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// besides are the programs that run beside a story, by the names that it gives them.
type besides map[string]*beside

// beside is one of them. What it says is read all the time, or it would wait for that.
type beside struct {
	cmd  *exec.Cmd
	said strings.Builder // once read is closed
	read chan struct{}
}

// besideKey is where a story keeps its besides.
type besideKey struct{}

// passed are the variables of a story that its programs get; others are the system's.
var passed = []string{"PATH", "HOME", "USERPROFILE", "TMPDIR", "XDG_STATE_HOME", "XDG_CACHE_HOME", "GORACE", "GOCOVERDIR"}

// begins runs a program until ends is told its name, or the story is over. It returns once
// a line of the program fits, on whichever stream. A group of the pattern becomes the
// variable of that name.
func begins(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: begins NAME PATTERN PROGRAM [ARG...]")
	}
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	out, in, err := os.Pipe()
	ts.Check(err)
	b := &beside{cmd: exec.Command(found(ts, args[2]), args[3:]...), read: make(chan struct{})}
	b.cmd.Dir, b.cmd.Stdout, b.cmd.Stderr = ts.MkAbs("."), in, in
	for _, name := range passed {
		if value := cmp.Or(ts.Getenv(name), os.Getenv(name)); value != "" {
			b.cmd.Env = append(b.cmd.Env, name+"="+value)
		}
	}
	err = b.cmd.Start()
	in.Close()
	ts.Check(err)
	ts.Defer(func() { // nothing where it has ended
		_ = b.cmd.Process.Kill()
		<-b.read
		_ = b.cmd.Wait()
	})
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		b.said.WriteString(line)
		if m := pattern.FindStringSubmatch(strings.TrimSuffix(line, "\n")); m != nil {
			if len(m) > 1 {
				ts.Setenv(args[0], m[1])
			}
			break
		}
		if err != nil {
			close(b.read)
			ts.Fatalf("%s ended before it said %q: %s", args[2], args[1], b.said.String())
		}
	}
	go func() {
		defer close(b.read)
		defer out.Close()
		_, _ = io.Copy(&b.said, lines)
	}()
	ts.Value(besideKey{}).(besides)[args[0]] = b
}

// found is where a program is that the story's PATH has.
func found(ts *testscript.TestScript, program string) string {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if path, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			return path
		}
	}
	ts.Fatalf("%s is not in the PATH", program)
	return ""
}

// ends interrupts what begins has begun, waits for its end, which must have that status, and
// writes what it said to a file of its name.
func ends(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: ends NAME STATUS")
	}
	b := ts.Value(besideKey{}).(besides)[args[0]]
	if b == nil {
		ts.Fatalf("nothing was begun as %s", args[0])
	}
	ts.Check(b.cmd.Process.Signal(os.Interrupt))
	<-b.read
	err := b.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ts.Check(err)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.said.String()), 0o666))
	if got := strconv.Itoa(b.cmd.ProcessState.ExitCode()); got != args[1] {
		ts.Fatalf("%s ended with status %s, want %s: %s", args[0], got, args[1], b.said.String())
	}
}
