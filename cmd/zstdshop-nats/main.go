// Command zstdshop-nats is the NATS server with JetStream of a fleet of one machine:
// bench --fleet local starts it and speaks with it by its standard input and output. It
// listens nowhere, keeps what it stores in a temporary folder, and ends when its input
// does.
//
//	zstdshop-nats -listen 127.0.0.1:0
//
// tries a fleet whose agents are processes of their own: it prints the server's address,
// and ends when it is interrupted. It is for one machine, and has no users. A fleet of
// several machines needs a NATS server of its own (docs/fleet.md).
//
// It is no part of zstdshop because every worker process would pay for starting it
// (docs/decisions/0023-the-server-is-a-program-of-its-own.md).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

func main() {
	listen := flag.String("listen", "", "loopback `address` to listen on, such as 127.0.0.1:0, until interrupted (default: speak by standard input and output)")
	flag.Parse()
	var err error
	switch {
	case flag.NArg() > 0:
		err = fmt.Errorf("want no arguments, got %q", flag.Arg(0))
	case *listen != "":
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		err = serve(ctx, *listen, os.Stdout)
	default:
		// An interrupt of a terminal is for all of its processes: the one that started this one
		// still has to put things in order.
		signal.Ignore(os.Interrupt)
		err = pipe(os.Stdin, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "zstdshop-nats:", err)
		os.Exit(1)
	}
}

// serve listens on an address until ctx ends, and says which on out.
func serve(ctx context.Context, address string, out io.Writer) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().IsLoopback() {
		return fmt.Errorf("-listen %q: want an address of this machine alone, such as 127.0.0.1:0: for others use nats-server, with users and TLS", address)
	}
	opts := server.Options{Host: at.Addr().String(), Port: int(at.Port())}
	if opts.Port == 0 {
		opts.Port = server.RANDOM_PORT
	}
	return run(opts, func(s *server.Server) error {
		if _, err := fmt.Fprintln(out, s.ClientURL()); err != nil {
			return err
		}
		<-ctx.Done()
		return nil
	})
}

// pipe serves one connection, which is in and out, until in ends.
func pipe(in io.Reader, out io.Writer) error {
	return run(server.Options{DontListen: true}, func(s *server.Server) error {
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
	})
}

// run has a server while do is at work, with a folder that is removed.
func run(opts server.Options, do func(*server.Server) error) (err error) {
	dir, err := os.MkdirTemp("", "zstdshop-nats-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	opts.JetStream, opts.StoreDir, opts.NoLog, opts.NoSigs = true, dir, true, true
	s, err := server.NewServer(&opts)
	if err != nil {
		return err
	}
	s.Start()
	defer func() {
		s.Shutdown()
		s.WaitForShutdown()
	}()
	if !s.ReadyForConnections(10 * time.Second) {
		return errors.New("the server does not start: is the address taken?")
	}
	return do(s)
}
