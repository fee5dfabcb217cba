package load

import (
	"io"
	"net"
	"strings"
	"testing"
)

// canned is a connection whose other side has said all already, in parts as they
// are read.
type canned struct {
	net.Conn
	parts []string
	next  int
	sent  int
}

func (c *canned) Write(p []byte) (int, error) {
	c.sent += len(p)
	return len(p), nil
}

func (c *canned) Read(p []byte) (int, error) {
	if c.next >= len(c.parts) {
		return 0, io.EOF
	}
	n := copy(p, c.parts[c.next])
	c.next++
	return n, nil
}

const head5 = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n"

func TestClient(t *testing.T) {
	long := strings.Repeat("long ", 50)
	for _, c := range []struct {
		name  string
		parts []string
		body  string
		err   string
	}{
		{"at once", []string{head5 + "hello"}, "hello", ""},
		{"in parts", []string{head5[:5], head5[5:40], head5[40:] + "he", "l", "lo"}, "hello", ""},
		{"the end of the header cut", []string{head5[:len(head5)-1], "\nhello"}, "hello", ""},
		{"larger than the buffer", []string{"HTTP/1.1 200 OK\r\nContent-Length: 250\r\n\r\n" + long[:10], long[10:100], long[100:]}, long, ""},
		{"empty", []string{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}, "", ""},
		{"another status", []string{"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy"}, "", "status 503: busy"},
		{"nothing", nil, "", "read: EOF"},
		{"cut in the header", []string{head5[:30]}, "", "read: EOF"},
		{"cut in the body", []string{head5 + "hel"}, "", "ends after 3 of 5 bytes"},
		{"more than it says", []string{head5 + "hello!"}, "", "1 bytes follow"},
		{"no length", []string{"HTTP/1.1 200 OK\r\n\r\n"}, "", "does not say how long"},
		{"a length that is none", []string{"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"}, "", `"-5" bytes`},
		{"another protocol", []string{"220 smtp ready\r\n\r\n"}, "", "not HTTP/1.1"},
		{"a status that is none", []string{"HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n"}, "", "without a status"},
		{"a header without end", []string{"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 200)}, "", "does not end"},
	} {
		client := &client{&canned{parts: c.parts}, make([]byte, 128)}
		body, err := client.do([]byte("request"))
		switch {
		case c.err == "" && (err != nil || string(body) != c.body):
			t.Errorf("%s: %q, %v; want %q", c.name, body, err, c.body)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%s: %q, %v; want an error with %q", c.name, body, err, c.err)
		}
	}
}

// TestClientAllocatesNothing: what it allocated would be the server's in the figures.
func TestClientAllocatesNothing(t *testing.T) {
	conn := &canned{parts: []string{head5 + "he", "llo"}}
	client := &client{conn, make([]byte, 128)}
	request := []byte("request")
	if n := testing.AllocsPerRun(100, func() {
		conn.next = 0
		if _, err := client.do(request); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations a request", n)
	}
}
