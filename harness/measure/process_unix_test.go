//go:build unix

package measure

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"zstdshop/harness/worker"
)

// workerMode makes the test binary one of the workers below.
const workerMode = "ZSTDSHOP_TEST_WORKER"

func TestMain(m *testing.M) {
	if mode := os.Getenv(workerMode); mode != "" {
		os.Exit(fakeWorker(mode))
	}
	if mode := os.Getenv(controllerMode); mode != "" {
		if err := fakeController(mode); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// fakeWorker is a worker process with a fault of its own; "good" has none.
func fakeWorker(mode string) int {
	in := bufio.NewScanner(os.Stdin)
	say := func(line string) { fmt.Println(line) }
	hear := func() { in.Scan() }
	hang := func() { io.Copy(io.Discard, os.Stdin); select {} }

	fmt.Fprintln(os.Stderr, "worker", mode, "begins")
	switch mode {
	case "exits at once":
		return 3
	case "says nothing":
		hang()
	case "talks nonsense":
		say("Hello World")
		hang()
	case "other version":
		say(`{"type":"hello","versions":[99],"implementation":"tomorrow"}`)
		hang()
	}
	say(`{"type":"hello","versions":[1],"implementation":"fake"}`)
	hear()
	switch mode {
	case "refuses the cell":
		say(`{"type":"error","error":"no such codec here"}`)
		return 1
	case "stalls while preparing":
		for range 10_000 {
			say(`{"type":"progress","done":1,"total":9}`)
			time.Sleep(10 * time.Millisecond) // the fault itself, not a wait of the test
		}
	case "killed":
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "aborts":
		fmt.Fprintln(os.Stderr, "assertion failed: frame.c:12")
		syscall.Kill(os.Getpid(), syscall.SIGABRT)
		hang()
	}
	say(`{"type":"progress","done":5,"total":9}`)
	say(`{"type":"ready","items":4,"bytes_in":40,"bytes_out":10,"pass_ns":1000}`)
	for id := 0; in.Scan(); id++ {
		switch {
		case strings.Contains(in.Text(), `"bye"`):
			say(`{"type":"bye","peak_rss_bytes":4096,"threads":3}`)
			if mode == "dirty end" {
				return 7
			}
			return 0
		case mode == "dies in a slice":
			return 5
		case mode == "hangs in a slice":
			hang()
		case mode == "outlives its slice": // whatever becomes of its pipes
			for {
				time.Sleep(time.Hour)
			}
		case mode == "wrong answer":
			say(`{"type":"idle","idle_cpu_ns":0}`)
		}
		say(fmt.Sprintf(`{"type":"sample","slice_id":%d,"tasks":8,"wall_ns":500,"cpu_ns":400}`, id))
		say(`{"type":"idle","idle_cpu_ns":0}`)
	}
	return 0
}

// converseWith runs the whole conversation with a fake worker.
func converseWith(t *testing.T, mode string, timeout time.Duration) error {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := Processes{Argv: []string{exe}, Timeout: timeout}.Start(t.Context(),
		Spawn{GOMAXPROCS: 1, Env: []string{workerMode + "=" + mode}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Kill()
	if _, err := conn.Prepare(t.Context(), worker.Prepare{}); err != nil {
		return err
	}
	for id := range 3 {
		if _, _, err := conn.Slice(t.Context(), worker.Slice{ID: id, Count: 8, Mode: worker.ModeThroughput}); err != nil {
			return err
		}
	}
	bye, err := conn.Close(t.Context())
	if err == nil && (bye.PeakRSSBytes != 4096 || bye.Threads != 3) {
		t.Errorf("bye: got %+v", bye)
	}
	return err
}

func TestProcess(t *testing.T) {
	// A silent worker is waited for for longer and longer: on a busy machine the
	// first may run out before the worker is as far as its fault.
	patient := []time.Duration{time.Minute}
	impatient := []time.Duration{300 * time.Millisecond, 3 * time.Second, 30 * time.Second}
	for _, c := range []struct {
		mode    string
		timeout []time.Duration
		want    string // part of the error; "" none
	}{
		{"good", patient, ""},
		{"exits at once", patient, "exit status 3"},
		{"says nothing", impatient, "hangs: no hello for"},
		{"talks nonsense", patient, "Hello World"},
		{"other version", patient, "protocol versions [99]"},
		{"refuses the cell", patient, "no such codec here"},
		{"stalls while preparing", impatient, "hangs: no ready for"},
		{"killed", patient, "signal: killed"},
		{"aborts", patient, "exit status 2"},
		{"dies in a slice", patient, "exit status 5"},
		{"hangs in a slice", impatient, "hangs: no sample for"},
		{"wrong answer", patient, "idle where sample was due"},
		{"dirty end", patient, "exit status 7"},
	} {
		t.Run(c.mode, func(t *testing.T) {
			var wrong string
			for _, timeout := range c.timeout {
				wrong = ""
				err := converseWith(t, c.mode, timeout)
				if c.want == "" {
					if err != nil {
						t.Fatal(err)
					}
					return
				}
				lost, ok := errors.AsType[*WorkerError](err)
				if !ok || !strings.Contains(err.Error(), c.want) {
					wrong = fmt.Sprintf("got %v, want a WorkerError with %q", err, c.want)
				} else if !strings.Contains(lost.Stderr, "worker "+c.mode+" begins") {
					wrong = fmt.Sprintf("stderr tail %q lacks what the worker said", lost.Stderr)
				}
				if wrong == "" {
					return
				}
			}
			t.Error(wrong)
		})
	}
}

func TestProcessEndsWithContext(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := Processes{Argv: []string{exe}, Timeout: time.Hour}.Start(t.Context(),
		Spawn{GOMAXPROCS: 1, Env: []string{workerMode + "=says nothing"}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stop")
	cancel(stop)
	if _, err := conn.Prepare(ctx, worker.Prepare{}); !errors.Is(err, stop) {
		t.Errorf("got %v, want the cause of the end", err)
	}
	if p := conn.(*process); p.cmd.ProcessState == nil {
		t.Error("the worker is still there")
	}
}

func TestStartWithoutProgram(t *testing.T) {
	_, err := Processes{Argv: []string{"/nonexistent/worker"}}.Start(t.Context(), Spawn{GOMAXPROCS: 1})
	if err == nil || !strings.Contains(err.Error(), "/nonexistent/worker") {
		t.Errorf("got %v, want an error that names the program", err)
	}
}
