//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/klauspost/compress/zstd"
)

const (
	clients = 64
	// pace is between the requests of a client: the machine has the balancer, the shops and
	// the clients to carry.
	pace = 100 * time.Millisecond
)

// outcome is what came of a trial.
type outcome struct {
	balancer           string
	restarts           int
	sent, lost         int64
	connections, least int64
	took               time.Duration
	first              error // of those that were lost
}

func (o outcome) String() string {
	return fmt.Sprintf("%s: %d restarts, %d requests of %d clients over %d connections in %.0f s, %d lost",
		o.balancer, o.restarts, o.sent, clients, o.connections, o.took.Seconds(), o.lost)
}

func (o outcome) err() error {
	switch {
	case o.lost > 0:
		return fmt.Errorf("%d of %d requests lost, the first by %w", o.lost, o.sent, o.first)
	case o.sent < o.least:
		return fmt.Errorf("%d requests, want at least %d", o.sent, o.least)
	}
	return nil
}

// trial restarts one shop and then the other, until there were so many restarts and
// requests.
func trial(ctx context.Context, program, balancer string, restarts, requests int) (outcome, error) {
	o := outcome{balancer: balancer, restarts: restarts, least: int64(requests)}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	folder, err := os.MkdirTemp("", "zstdshop-balancer-")
	if err != nil {
		return o, err
	}
	defer os.RemoveAll(folder)
	ports, err := freePorts(3)
	if err != nil {
		return o, err
	}
	var shops [2]*exec.Cmd
	for i := range shops {
		if shops[i], err = serve(ctx, program, ports[1+i]); err != nil {
			return o, err
		}
	}
	proxy, err := balance(ctx, balancer, folder, ports[0], ports[1], ports[2])
	if err != nil {
		return o, err
	}
	defer func() {
		cancel()
		for _, cmd := range append(shops[:], proxy) {
			cmd.Wait() // told to end, whatever it says of that
		}
	}()
	front := fmt.Sprintf("http://127.0.0.1:%d", ports[0])
	if err := answers(ctx, front+"/healthz"); err != nil {
		return o, fmt.Errorf("%s: %w", balancer, err)
	}
	load := newLoad(front)
	begun := time.Now()
	load.begin()
	for n := range restarts {
		i := n % len(shops)
		if err = shops[i].Process.Signal(syscall.SIGTERM); err != nil {
			break
		}
		if err = shops[i].Wait(); err != nil {
			err = fmt.Errorf("a shop that was told to end: %w", err)
			break
		}
		if shops[i], err = serve(ctx, program, ports[1+i]); err != nil {
			break
		}
		// As an orchestrator does, the next one is not ended before the balancer has had
		// time to see this one: six of its checks.
		if err = wait(ctx, 1200*time.Millisecond); err != nil {
			break
		}
	}
	for err == nil && load.sent.Load() < o.least {
		err = wait(ctx, 100*time.Millisecond)
	}
	load.finish()
	o.took, o.sent, o.lost, o.first, o.connections = time.Since(begun), load.sent.Load(), load.lost.Load(), load.first, load.dialed.Load()
	return o, err
}

// serve starts a shop on a port and waits until it answers. Requests wait for longer than
// they would by default: a machine that others keep busy must not make it refuse some, which
// is an answer and no loss, but not what is tried here.
func serve(ctx context.Context, program string, port int) (*exec.Cmd, error) {
	addr := fmt.Sprintf("127.0.0.1:%d", port)
	cmd := exec.CommandContext(ctx, program, "serve", "--addr", addr, "--log", "none", "--grace", "1s", "--queue", "10s")
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return cmd, answers(ctx, "http://"+addr+"/healthz")
}

// answers waits until a URL is answered with 200.
func answers(ctx context.Context, url string) error {
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		req.Close = true
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		if err := wait(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("%s did not answer: %w", url, err)
		}
	}
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// freePorts are ports of loopback on which nobody listens.
func freePorts(n int) (ports []int, err error) {
	for range n {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer ln.Close()
		ports = append(ports, ln.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// load is clients that post texts of their own.
type load struct {
	url                string
	sent, lost, dialed atomic.Int64
	stop               chan struct{}
	clients            sync.WaitGroup

	once  sync.Once
	first error
}

func newLoad(front string) *load {
	return &load{url: front + "/v1/compress", stop: make(chan struct{})}
}

func (l *load) begin() {
	for i := range clients {
		l.clients.Go(func() { l.client(i) })
	}
}

// finish has the clients end after the request that they are at.
func (l *load) finish() {
	close(l.stop)
	l.clients.Wait()
}

// client has one connection, and opens another where the balancer has closed that. A
// request with a body that is read from a plain reader is not sent again by itself.
func (l *load) client(number int) {
	dialer := &net.Dialer{}
	transport := &http.Transport{MaxIdleConnsPerHost: 1, DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		l.dialed.Add(1)
		return dialer.DialContext(ctx, network, addr)
	}}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: 30 * time.Second}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		l.lose(err)
		return
	}
	defer decoder.Close()
	for n := 0; ; n++ {
		select {
		case <-l.stop:
			return
		case <-time.After(pace):
		}
		text := bytes.Repeat(fmt.Appendf(nil, "text %d of client %d; ", n, number), 50)
		l.sent.Add(1)
		if err := l.ask(client, decoder, text); err != nil {
			l.lose(err)
		}
	}
}

// ask posts a text and holds the answer against it.
func (l *load) ask(client *http.Client, decoder *zstd.Decoder, text []byte) error {
	resp, err := client.Post(l.url, "application/octet-stream", io.NopCloser(bytes.NewReader(text)))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	frame, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d: %.100q", resp.StatusCode, frame)
	}
	got, err := decoder.DecodeAll(frame, nil)
	if err == nil && !bytes.Equal(got, text) {
		err = errors.New("an answer of another text")
	}
	return err
}

func (l *load) lose(err error) {
	l.lost.Add(1)
	l.once.Do(func() { l.first = err })
}
