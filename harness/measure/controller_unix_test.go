//go:build unix

package measure

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"zstdshop/harness/worker"
)

// controllerMode makes the test binary one of the controllers below.
const controllerMode = "ZSTDSHOP_TEST_CONTROLLER"

// fakeController is a process that starts a worker.
func fakeController(mode string) error {
	if mode == "rebuilt" {
		// Another program has the path of this one now.
		exe, err := os.Executable()
		if err != nil {
			return err
		}
		if err := errors.Join(os.WriteFile(exe+".new", []byte("another program"), 0o700), os.Rename(exe+".new", exe)); err != nil {
			return err
		}
	}
	behaves := map[string]string{"rebuilt": "good", "killed": "outlives its slice"}[mode]
	ctx := context.Background()
	conn, err := Processes{Timeout: time.Hour}.Start(ctx, Spawn{GOMAXPROCS: 1, Env: []string{workerMode + "=" + behaves, controllerMode + "="}})
	if err != nil {
		return err
	}
	if _, err := conn.Prepare(ctx, worker.Prepare{}); err != nil {
		return err
	}
	fmt.Println("prepared", binaryDigest())
	if _, _, err := conn.Slice(ctx, worker.Slice{Count: 8, Mode: worker.ModeThroughput}); err != nil {
		return err
	}
	_, err = conn.Close(ctx)
	return err
}

// controller returns a command that runs the test binary as a controller.
func controller(t *testing.T, path, mode string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(path)
	cmd.Env, cmd.Stderr = append(os.Environ(), controllerMode+"="+mode), os.Stderr
	return cmd
}

// A worker of a controller that was killed ends, whatever it does, and where it does
// not know of its controller either. What is seen of it is the end of a pipe that it
// has inherited.
func TestWorkerEndsWithItsController(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends a process with its parent")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd := controller(t, exe, "killed")
	cmd.ExtraFiles = []*os.File{w}
	said, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(cmd.Start(), w.Close()); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(said).ReadString('\n'); err != nil {
		t.Fatalf("the controller said %q: %v", line, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := r.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the worker outlives its controller: %v", err)
	}
	cmd.Wait()
}

// A program that is built again while it measures goes on with what it was.
func TestRebuiltMeanwhile(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has a link to the file that a process runs")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "program")
	digest, err := copyProgram(exe, program)
	if err != nil {
		t.Fatal(err)
	}
	out, err := controller(t, program, "rebuilt").Output()
	if err != nil {
		t.Fatalf("the worker of a program that was rebuilt: %v", err)
	}
	if got := strings.TrimSpace(string(out)); got != "prepared "+digest {
		t.Errorf("got %q, want the digest of the program that runs, %s", got, digest)
	}
}
