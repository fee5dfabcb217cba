package cli

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestServeWorkersEnd: a worker of /bench does not go on when the server is gone, even if
// that had no time to tell it. The orphan becomes this process's, which sees that it was
// killed and did not come to the end of its work.
func TestServeWorkersEnd(t *testing.T) {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		t.Skipf("this process cannot have orphans: %v", err)
	}
	defer func() { _ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0) }()
	for _, c := range []struct {
		name string
		end  func(p *shopProcess)
	}{
		{"killed", func(p *shopProcess) { _ = p.cmd.Process.Kill() }},
		{"told twice", func(p *shopProcess) {
			p.signal(t)
			p.says(t, "msg=draining")
			for p.cmd.ProcessState == nil && p.cmd.Process.Signal(syscall.SIGTERM) == nil && !zombie(p.cmd.Process.Pid) {
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := startShop(t, nil, "--addr", "127.0.0.1:0", "--drain-timeout", "1h")
			go func() {
				if answer, err := http.Get(p.url + "/bench?workers=4&iters=1000000000"); err == nil { // ends with the server
					answer.Body.Close()
				}
			}()
			worker := busyChild(t, p.cmd.Process.Pid)
			c.end(p)
			if err := p.cmd.Wait(); err == nil {
				t.Error("the server ended in good order")
			}
			var status unix.WaitStatus
			if _, err := unix.Wait4(worker, &status, 0, nil); errors.Is(err, unix.ECHILD) {
				return // the server has ended it, and waited for it
			} else if err != nil {
				t.Fatalf("wait for the worker: %v", err)
			}
			if !status.Signaled() || status.Signal() != syscall.SIGKILL {
				t.Errorf("the worker ended with %#x, not killed", status)
			}
		})
	}
}

// busyChild waits until a process has a child that has used more CPU time than starting
// takes, and returns it.
func busyChild(t *testing.T, pid int) int {
	t.Helper()
	for {
		tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
		if err != nil || len(tasks) == 0 {
			t.Fatalf("process %d has no tasks: %v", pid, err)
		}
		for _, task := range tasks {
			children, _ := os.ReadFile(task) // a thread may have ended just now
			for _, child := range strings.Fields(string(children)) {
				if id, err := strconv.Atoi(child); err == nil && ticks(id) >= 10 {
					return id
				}
			}
		}
	}
}

// zombie reports whether a process has ended and was not waited for.
func zombie(pid int) bool {
	stat := statOf(pid)
	return len(stat) == 0 || stat[0] == "Z"
}

// ticks is the CPU time that a process has used; 0 of one that is gone.
func ticks(pid int) int {
	stat := statOf(pid)
	if len(stat) < 12 {
		return 0
	}
	user, _ := strconv.Atoi(stat[11])
	return user
}

// statOf is what the system says of a process, from its state on; nothing of one that is
// gone.
func statOf(pid int) []string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	_, behindName, _ := strings.Cut(string(stat), ") ")
	return strings.Fields(behindName)
}
