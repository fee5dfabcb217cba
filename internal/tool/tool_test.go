package tool

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestMain plays the program that tests run.
func TestMain(m *testing.M) {
	switch os.Getenv("TOOL_TEST") {
	case "say":
		os.Stdout.WriteString("  a\nb\n" + os.Getenv("GIT_DIR") + "\n")
		os.Exit(0)
	case "fail":
		os.Stderr.WriteString("fatal: detected dubious ownership\n\nTo add an exception, call:\n\n\tgit config x\n")
		os.Exit(3)
	}
	os.Exit(m.Run())
}

func TestOutput(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_DIR", "elsewhere")
	say := Command{Argv: []string{self}, Env: []string{"TOOL_TEST=say"}}
	if out, err := say.Output(t.Context()); err != nil || out != "  a\nb" {
		t.Errorf("%q, %v", out, err)
	}
	fail := Command{Argv: []string{self, "x"}, Env: []string{"TOOL_TEST=fail"}}
	_, err = fail.Output(t.Context())
	if failed, ok := errors.AsType[*exec.ExitError](err); !ok || failed.ExitCode() != 3 {
		t.Errorf("%v is not the program's exit status", err)
	}
	if want := "exit status 3: fatal: detected dubious ownership; To add an exception, call:; git config x"; !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%v, want the program's own words", err)
	}
	if _, err := (Command{Argv: []string{"no-such-program"}}).Output(t.Context()); err == nil || err.Error() != "no-such-program is not installed" {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := say.Output(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was interrupted", err)
	}
}

// An interrupt ends the program and what it has started, and is the error.
func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs sh")
	}
	path := filepath.Join(t.TempDir(), "pipe")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		// Its child has the output open until it ends.
		_, err := Command{Argv: []string{"sh", "-c", "mkfifo " + path + "; sleep 3600 & echo begun >" + path + "; wait"}}.Output(ctx)
		ended <- err
	}()
	for {
		if _, err := os.Stat(path); err == nil {
			break
		}
		runtime.Gosched()
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "begun\n" {
		t.Fatalf("%q, %v", text, err)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was interrupted", err)
	}
}

func TestExcerpt(t *testing.T) {
	for text, want := range map[string]string{
		"":                                      "",
		"\n a \r\n\n":                           "a",
		"1\n2\n3\n4\n5\n6\n7\n8\n9\n10":         "1; 2; 3; 4; 5; 6; 7; 8; 9; 10",
		"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12": "1; 2; 3; 4; 5; (2 lines more); 8; 9; 10; 11; 12",
	} {
		if got := excerpt(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
