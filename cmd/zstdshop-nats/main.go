// Command zstdshop-nats is the NATS server with JetStream of a fleet of one machine:
// bench --fleet local starts it and speaks with it by its standard input and output. It
// listens nowhere, keeps what it stores in a temporary folder, and ends when its input
// does. A fleet of several machines needs a NATS server of its own (docs/fleet.md).
//
// It is no part of zstdshop because every worker process would pay for starting it
// (docs/decisions/0023-the-server-is-a-program-of-its-own.md).
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

func main() {
	// An interrupt of a terminal is for all of its processes: the one that started this one
	// still has to put things in order.
	signal.Ignore(os.Interrupt)
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "zstdshop-nats:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "zstdshop-nats-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s, err := server.NewServer(&server.Options{DontListen: true, JetStream: true, StoreDir: dir, NoLog: true, NoSigs: true})
	if err != nil {
		return err
	}
	s.Start()
	defer func() {
		s.Shutdown()
		s.WaitForShutdown()
	}()
	if !s.ReadyForConnections(10 * time.Second) {
		return errors.New("the server does not start")
	}
	conn, err := s.InProcessConn()
	if err != nil {
		return err
	}
	defer conn.Close()
	go func() {
		_, _ = io.Copy(out, conn)
	}()
	_, err = io.Copy(conn, in)
	return err
}
