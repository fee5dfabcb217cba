package load

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
)

// client is a connection on which one request follows the other. It reads what
// the shop writes and no more of HTTP than that, so that the load costs the CPUs
// little beside the server.
type client struct {
	conn net.Conn
	buf  []byte
}

func dial(addr string) (*client, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &client{conn, make([]byte, 64<<10)}, nil
}

// do sends a request and returns the body of its answer, which is good until the
// next one. Anything but 200 is an error.
func (c *client) do(request []byte) ([]byte, error) {
	if _, err := c.conn.Write(request); err != nil {
		return nil, fmt.Errorf("write: %w", err)
	}
	n, head := 0, -1
	for head < 0 {
		if n == len(c.buf) {
			return nil, errors.New("the header of the answer does not end")
		}
		got, err := c.conn.Read(c.buf[n:])
		if err != nil {
			return nil, fmt.Errorf("read: %w", err)
		}
		n += got
		head = bytes.Index(c.buf[:n], endOfHead)
	}
	status, length, err := parseHead(c.buf[:head+len(endOfHead)])
	if err != nil {
		return nil, err
	}
	begin := head + len(endOfHead)
	end := begin + length
	if n > end {
		return nil, fmt.Errorf("%d bytes follow the answer", n-end)
	}
	if end > len(c.buf) {
		c.buf = append(c.buf[:n], make([]byte, end-n)...)
	}
	for n < end {
		got, err := c.conn.Read(c.buf[n:end])
		if err != nil {
			return nil, fmt.Errorf("read: the answer ends after %d of %d bytes: %w", n-begin, length, err)
		}
		n += got
	}
	body := c.buf[begin:end]
	if status != 200 {
		return nil, fmt.Errorf("status %d: %.200s", status, body)
	}
	return body, nil
}

var (
	endOfHead     = []byte("\r\n\r\n")
	statusLine    = []byte("HTTP/1.1 ")
	contentLength = []byte("\r\nContent-Length: ")
	endOfLine     = []byte("\r\n")
)

// parseHead reads the two things that matter of a header, its end included.
func parseHead(head []byte) (status, length int, err error) {
	rest, ok := bytes.CutPrefix(head, statusLine)
	if !ok || len(rest) < 3 {
		return 0, 0, fmt.Errorf("an answer that is not HTTP/1.1: %.40q", head)
	}
	if status, err = strconv.Atoi(string(rest[:3])); err != nil {
		return 0, 0, fmt.Errorf("an answer without a status: %.40q", head)
	}
	_, after, ok := bytes.Cut(head, contentLength)
	if !ok {
		return 0, 0, errors.New("an answer that does not say how long it is")
	}
	digits, _, _ := bytes.Cut(after, endOfLine)
	if length, err = strconv.Atoi(string(digits)); err != nil || length < 0 {
		return 0, 0, fmt.Errorf("an answer of %.40q bytes", digits)
	}
	return status, length, nil
}
