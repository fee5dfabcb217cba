package socket

import (
	"io"
	"net"
	"runtime"
	"testing"
	"time"

	"zstdshop/server/internal/lane"
)

// pair is the two ends of a TCP connection.
func pair(t *testing.T) (server, client *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(); c.Close() })
	return s.(*net.TCPConn), c.(*net.TCPConn)
}

func TestPeek(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("nothing is told there")
	}
	s, c := pair(t)
	if got := Peek(s); got != (State{}) {
		t.Errorf("of a connection that is silent: %+v", got)
	}
	if _, err := c.Write([]byte("ab")); err != nil {
		t.Fatal(err)
	}
	one := make([]byte, 1)
	if _, err := io.ReadFull(s, one); err != nil { // so that both have come
		t.Fatal(err)
	}
	for range 2 { // it reads nothing
		if got := Peek(s); got != (State{Readable: true}) {
			t.Errorf("of a connection with a byte to read: %+v", got)
		}
	}
	c.Close()
	if _, err := io.ReadAll(s); err != nil {
		t.Fatal(err)
	}
	if got := Peek(s); got != (State{Gone: true}) {
		t.Errorf("of a client that has gone: %+v", got)
	}
	s.Close()
	if got := Peek(s); got != (State{Gone: true}) {
		t.Errorf("of a connection that is closed here: %+v", got)
	}
}

func TestPeekAtNoSocket(t *testing.T) {
	a, b := net.Pipe()
	defer a.Close()
	b.Close()
	if got := Peek(a); got != (State{}) {
		t.Errorf("%+v", got)
	}
}

// The client sends until it is told that nothing more comes, and what it sends is read.
func TestLinger(t *testing.T) {
	s, c := pair(t)
	told := make(chan error, 1)
	go func() {
		_, err := c.Write(make([]byte, 8<<20)) // more than sockets keep
		if err == nil {
			_, err = io.ReadAll(c)
		}
		c.Close()
		told <- err
	}()
	Linger(s, time.Hour, lane.New())
	s.Close()
	if err := <-told; err != nil {
		t.Errorf("the client: %v", err)
	}
}

func TestLingerEnds(t *testing.T) {
	s, _ := pair(t)
	Linger(s, 0, lane.New()) // its client says nothing and stays
}

func TestFileLimit(t *testing.T) {
	n, ok := FileLimit()
	if ok != (runtime.GOOS != "windows") || ok && n < 3 {
		t.Errorf("%d, %t", n, ok)
	}
}
