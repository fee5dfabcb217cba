//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// shop is a server in a process of its own.
type shop struct {
	cmd  *exec.Cmd
	addr string
	log  *bufio.Reader
}

// start runs PROGRAM serve, on the socket where one is given, else on a port of
// its own choice.
func start(program string, socket *os.File, args ...string) (*shop, error) {
	cmd := exec.Command(program, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if socket != nil {
		cmd.ExtraFiles = []*os.File{socket} // file descriptor 3
		cmd.Env = append(os.Environ(), "LISTEN_FDS=1")
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("%s serve printed no URL: %w", program, err)
	}
	addr, _, _ := strings.Cut(strings.TrimPrefix(line, "http://"), "/")
	return &shop{cmd, addr, bufio.NewReader(stderr)}, nil
}

// stop sends SIGTERM and waits. It returns how many requests the server says it
// has had.
func (s *shop) stop() (requests int, err error) {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, err
	}
	log, err := io.ReadAll(s.log)
	if err != nil {
		return 0, err
	}
	if err := s.cmd.Wait(); err != nil {
		return 0, err
	}
	_, after, found := strings.Cut(string(log), "msg=ended requests=")
	if !found {
		return 0, fmt.Errorf("it ended without saying so: %s", log)
	}
	return strconv.Atoi(strings.TrimSpace(after))
}

// memory reads a line of the process's status, in bytes: VmRSS now, VmHWM at
// most since the last forget.
func (s *shop) memory(field string) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, after, found := strings.Cut(string(status), field+":")
	if !found {
		return 0, fmt.Errorf("no %s in the status of the process", field)
	}
	kib, err := strconv.ParseInt(strings.Fields(after)[0], 10, 64)
	return kib << 10, err
}

// cpu is the user and system time of the process so far.
func (s *shop) cpu() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(stat), ") ") // behind the name
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0, fmt.Errorf("%d fields in the process's stat", len(fields))
	}
	var ticks int64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * tick, nil
}

// forget starts VmHWM anew.
func (s *shop) forget() error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.cmd.Process.Pid), []byte("5"), 0)
}

func mib(bytes int64) string { return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20)) }

// listen opens the socket that servers are handed.
func listen() (socket *os.File, addr string, err error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	defer ln.Close()
	socket, err = ln.(*net.TCPListener).File()
	return socket, ln.Addr().String(), err
}
