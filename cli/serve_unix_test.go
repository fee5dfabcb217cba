//go:build unix

package cli

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// shopProcess is serve in a process of its own.
type shopProcess struct {
	cmd    *exec.Cmd
	url    string
	stderr *bufio.Reader
}

func startShop(t *testing.T, socket *os.File, args ...string) *shopProcess {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, append([]string{"serve"}, args...)...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	if socket != nil {
		cmd.ExtraFiles = []*os.File{socket} // file descriptor 3
		cmd.Env = append(cmd.Env, "LISTEN_FDS=1")
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	url, _, _ := strings.Cut(line, "/#")
	return &shopProcess{cmd, url, bufio.NewReader(stderr)}
}

// signal sends SIGTERM.
func (p *shopProcess) signal(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

// says waits until the log has a line with text.
func (p *shopProcess) says(t *testing.T, text string) {
	t.Helper()
	for {
		line, err := p.stderr.ReadString('\n')
		if err != nil {
			t.Fatalf("ended without saying %q: %v", text, err)
		}
		if strings.Contains(line, text) {
			return
		}
	}
}

// TestServeSignals: SIGTERM once ends the program in good order, twice at once.
func TestServeSignals(t *testing.T) {
	p := startShop(t, nil, "--addr", "127.0.0.1:0")
	if got := fetch(t, p.url+"/ping", ""); !strings.Contains(got, `"ok":true`) {
		t.Error(got)
	}
	p.signal(t)
	p.says(t, "msg=ended")
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("after one signal: %v", err)
	}

	p = startShop(t, nil, "--addr", "127.0.0.1:0", "--grace", "1h")
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://")) // has it wait
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	p.signal(t)
	p.says(t, "msg=draining")
	ended := make(chan error, 1)
	go func() { ended <- p.cmd.Wait() }()
	// The program may say so a moment before it gives signals their usual effect.
	// Not a flood of them: thousands, while it does, can crash a Go runtime.
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		select {
		case err := <-ended:
			exit, ok := errors.AsType[*exec.ExitError](err)
			if !ok {
				t.Fatalf("after two signals: %v", err)
			}
			if status, ok := exit.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != syscall.SIGTERM {
				t.Errorf("after two signals: %v", exit)
			}
			return
		case <-again.C:
			_ = p.cmd.Process.Signal(syscall.SIGTERM) // may have ended just now
		}
	}
}

// TestServeInherited: one program after the other serves the same socket, and
// who connects in between waits.
func TestServeInherited(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	socket, err := ln.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	for range 2 {
		waiting, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		p := startShop(t, socket, "--addr", "not an address", "--grace", "1ms")
		if _, err := io.WriteString(waiting, "GET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(waiting); err != nil || !strings.Contains(string(got), `"ok":true`) {
			t.Errorf("%q, %v", got, err)
		}
		waiting.Close()
		p.signal(t)
		if err := p.cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
}
