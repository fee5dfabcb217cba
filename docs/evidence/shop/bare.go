//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// bareCommand makes this program a server of nothing: it answers every request with the
// same few bytes and knows neither codecs nor bodies. Beside a shop that is attacked, on
// the same CPU, it tells what the machine takes of an answer's time: the system's turns
// between processes, and whoever else is on the CPU.
const bareCommand = "bare"

// bare is such a process.
type bare struct {
	cmd  *exec.Cmd
	addr string
}

func startBare() (*bare, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(exe, bareCommand)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := onFirstCPU(cmd.Start); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the bare server printed no address: %w", err)
	}
	return &bare{cmd, strings.TrimSpace(line)}, nil
}

func (b *bare) end() error {
	if err := b.cmd.Process.Kill(); err != nil {
		return err
	}
	_ = b.cmd.Wait() // that it was killed
	return nil
}

// serveBare is that process.
func serveBare() error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(ln.Addr())
	for {
		conn, err := ln.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer conn.Close()
			in := bufio.NewReader(conn)
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if line != "\r\n" {
					continue
				}
				if _, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"); err != nil {
					return
				}
			}
		}()
	}
}
