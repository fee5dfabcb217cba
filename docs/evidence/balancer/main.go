//go:build linux

// Command balancer restarts two shops in turns behind a balancer, under load, and counts
// what is lost:
//
//	go build -o zstdshop . && go run ./docs/evidence/balancer ./zstdshop haproxy 30 30000
//
// It takes the program, the balancer (haproxy or nginx, as Debian has them), how many
// restarts there are and how many requests there must be at least. 64 clients with
// connections that are kept alive post texts of their own to /v1/compress; each answer must
// be 200 and unpack to that text. It prints a row and fails where a request is lost. The
// configurations are those of docs/server.md; all of it listens on loopback and ends
// with this program.
//
// It is evidence, no part of the program.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "balancer:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 4 {
		return fmt.Errorf("usage: balancer PROGRAM haproxy|nginx RESTARTS REQUESTS")
	}
	restarts, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	requests, err := strconv.Atoi(args[3])
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	seen, err := trial(ctx, args[0], args[1], restarts, requests)
	if err != nil {
		return err
	}
	fmt.Println(seen)
	return seen.err()
}
