//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// client is one connection; requests go one after the other.
type client struct {
	net.Conn
	in *bufio.Reader
}

func dial(addr string) (*client, error) {
	conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		return nil, err
	}
	return &client{conn, bufio.NewReader(conn)}, nil
}

// request makes the bytes of one.
func request(method, path, contentType string, body []byte) []byte {
	head := method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n"
	if contentType != "" {
		head += "Content-Type: " + contentType + "\r\n"
	}
	return append([]byte(head+"\r\n"), body...)
}

// answer is what came back.
type answer struct {
	status int
	body   []byte
	last   bool // the server closes the connection
	retry  bool // it says when to come again
}

// do sends a request and reads its answer, all of it and no more.
func (c *client) do(raw []byte) (answer, error) {
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return answer{}, err
	}
	// A server that refuses by the header may close before it has read the body.
	_, writeErr := c.Write(raw)
	r, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return answer{}, fmt.Errorf("no answer: %w (writing: %v)", err, writeErr)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return answer{}, fmt.Errorf("answer %d cut short: %w", r.StatusCode, err)
	}
	if n := c.in.Buffered(); n > 0 {
		return answer{}, fmt.Errorf("answer %d: %d bytes too many", r.StatusCode, n)
	}
	return answer{r.StatusCode, body, r.Close, r.Header.Get("Retry-After") != ""}, nil
}
