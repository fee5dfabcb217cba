package fleet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/nats-io/nats.go"
)

// LocalProgram is the program that a fleet of this machine alone needs: a NATS server that
// listens nowhere. It is one of its own so that worker processes start without it
// (docs/decisions/0023-the-server-is-a-program-of-its-own.md).
const LocalProgram = "zstdshop-nats"

// Local starts the server of a fleet of this machine alone and connects to it, by its
// standard input and output. stop ends it; so does the end of this process.
func Local(ctx context.Context) (nc *nats.Conn, stop func() error, err error) {
	path, err := findLocal()
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.Command(path)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, fmt.Errorf("fleet: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, fmt.Errorf("fleet: %w", err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, nil, fmt.Errorf("fleet: start %s: %w", path, err)
	}
	ours, theirs := net.Pipe()
	copied := make(chan struct{})
	go func() {
		_, _ = io.Copy(in, theirs) // ends when either side does
		in.Close()
	}()
	go func() {
		defer close(copied)
		_, _ = io.Copy(theirs, out)
		theirs.Close()
	}()
	end := func() error {
		ours.Close()
		<-copied // the program closes its output last
		return cmd.Wait()
	}
	nc, err = nats.Connect("", nats.SetCustomDialer(once{ours}), nats.NoReconnect(), nats.Name("zstdshop"))
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("fleet: connect to %s: %w", path, err), end())
	}
	return nc, func() error {
		nc.Close()
		return end()
	}, nil
}

// once is a dialer that has one connection.
type once struct{ conn net.Conn }

func (o once) Dial(string, string) (net.Conn, error) { return o.conn, nil }

// findLocal returns where the program is: beside this one, or in the PATH.
func findLocal() (string, error) {
	name := LocalProgram
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if self, err := os.Executable(); err == nil {
		if beside := filepath.Join(filepath.Dir(self), name); isFile(beside) {
			return beside, nil
		}
	}
	path, err := exec.LookPath(LocalProgram)
	if err != nil {
		return "", fmt.Errorf("a fleet of this machine alone needs the program %s beside zstdshop or in the PATH: build it with `go build ./cmd/%s`, or name a NATS server: nats://HOST", LocalProgram, LocalProgram)
	}
	return path, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
