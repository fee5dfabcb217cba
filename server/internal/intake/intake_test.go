package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"

	"zstdshop/server/internal/lane"
)

// parts is a connection on which bytes come in parts of up to so many.
type parts struct {
	net.Conn
	left []byte
	most int
	rnd  *rand.Rand
}

func (p *parts) Read(b []byte) (int, error) {
	if len(p.left) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.left[:min(1+p.rnd.IntN(p.most), len(p.left))])
	p.left = p.left[n:]
	return n, nil
}

// TestIntake: fasthttp is handed the bytes that came; a header's last byte is the last
// that one Read gives, and a body is looked at exactly.
func TestIntake(t *testing.T) {
	big := strings.Repeat("0123456789abcdef", 6<<10)
	messages := []struct {
		header string
		body   string // as it is sent
		length int
		look   string
	}{
		{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "", 0, ""},
		{"POST / HTTP/1.1\r\nHost: x\r\n\r\n", "hello\r\n\r\nhello", 14, "hello\r\n\r\nhello"},
		{"POST / HTTP/1.1\nHost: x\n\n", big, len(big), big},
		{"POST /chunks HTTP/1.1\r\n\r\n", "5\r\nhello\r\n6;x=\"y\"\r\n world\r\n0\r\n\r\n", Chunked, "hello world"},
		{"POST /chunks HTTP/1.1\r\n\r\n", fmt.Sprintf("%X \r\n%s\r\n000\r\nTrailer: 5\r\nb: c\r\n\r\n", len(big), big), Chunked, big},
		{"POST /chunks HTTP/1.1\r\n\r\n", "0\r\n\r\n", Chunked, ""},
		{"GET /last HTTP/1.1\r\n\r\n", "", 0, ""},
	}
	var all []byte
	for _, m := range messages {
		all = append(append(all, m.header...), m.body...)
	}
	rnd := rand.New(rand.NewPCG(1, 0))
	for _, most := range []int{1, 2, 3, 50, 1000, 1 << 20} {
		for _, buffer := range []int{1, 7, 4096, 1 << 20} {
			var i Intake
			i.Begin(&parts{left: all, most: most, rnd: rnd}, make(lane.Lane, 1))
			p := make([]byte, buffer)
			for k, m := range messages {
				var looked bytes.Buffer
				read := func(want string) {
					t.Helper()
					var got []byte
					for len(got) < len(want) {
						n, err := i.Read(p)
						if err != nil || n == 0 {
							t.Fatalf("message %d, parts of %d, buffer of %d: after %q %d, %v", k, most, buffer, got, n, err)
						}
						got = append(got, p[:n]...)
					}
					if string(got) != want {
						t.Fatalf("message %d, parts of %d, buffer of %d: %.100q, want %.100q", k, most, buffer, got, want)
					}
				}
				read(m.header)
				i.Body(m.length, func(part []byte) error { looked.Write(part); return nil })
				if m.length > 0 && most%2 == 0 { // with and without
					if i.LookAhead(); looked.Len() == 0 {
						t.Errorf("message %d, parts of %d: nothing is looked at ahead", k, most)
					}
				}
				read(m.body)
				if looked.String() != m.look {
					t.Errorf("message %d, parts of %d, buffer of %d: looked at %.100q, want %.100q", k, most, buffer, looked.String(), m.look)
				}
			}
			if n, err := i.Read(p); n != 0 || !errors.Is(err, io.EOF) {
				t.Errorf("at the end: %d, %v", n, err)
			}
		}
	}
}

var errNo = errors.New("refused")

// TestRefuses: what is looked at and refused does not get to fasthttp.
func TestRefuses(t *testing.T) {
	for _, length := range []int{100_000, Chunked} {
		var i Intake
		i.Begin(&parts{left: []byte("H\n\n186a0\r\n" + strings.Repeat("x", 100_000)), most: 1 << 20, rnd: rand.New(rand.NewPCG(1, 0))}, make(lane.Lane, 1))
		p := make([]byte, 10)
		if n, err := i.Read(p); string(p[:n]) != "H\n\n" || err != nil {
			t.Fatalf("%q, %v", p[:n], err)
		}
		i.Body(length, func(part []byte) error { return errNo })
		if n, err := i.Read(p); n != 0 || !errors.Is(err, errNo) {
			t.Errorf("%d: %q, %v", length, p[:n], err)
		}
	}
}

// TestLane: what comes of a large body is looked at with a place in the lane, so
// that no more connections do so at once than there are places. Of a body in chunks the
// place is kept while fasthttp makes room for the chunk whose size has come.
func TestLane(t *testing.T) {
	content := strings.Repeat("x", 1<<20)
	for _, c := range []struct {
		name, sent string
		length     int
	}{
		{"of a known length", content, len(content)},
		{"in a chunk", fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(content), content), Chunked},
		{"in small chunks", strings.Repeat("400\r\n"+content[:1<<10]+"\r\n", 1<<10) + "0\r\n\r\n", Chunked},
	} {
		places := make(lane.Lane, 1)
		i := intakeOf(t, "H\n\n"+c.sent, places)
		p := make([]byte, len(content))
		if n, err := i.Read(p); string(p[:n]) != "H\n\n" || err != nil {
			t.Fatalf("%q, %v", p[:n], err)
		}
		looked, inLane := 0, 0
		i.Body(c.length, func(part []byte) error {
			looked += len(part)
			if len(places) == 1 {
				inLane += len(part)
			} else if len(part) > Buffer || c.length == Chunked && looked > lane.SmallBody+Buffer {
				t.Errorf("%s: %d bytes are looked at outside of the lane", c.name, len(part))
			}
			return nil
		})
		kept := 0
		for got := 0; got < len(c.sent); {
			n, err := i.Read(p)
			if err != nil {
				t.Fatal(err)
			}
			got += n
			kept += len(places)
		}
		if looked != len(content) || inLane == 0 || kept > 0 != (c.length == Chunked) {
			t.Errorf("%s: looked at %d bytes, at %d with a place in the lane, which was kept %d times", c.name, looked, inLane, kept)
		}
		if i.LeaveLane(); len(places) != 0 {
			t.Errorf("%s: %d places are taken afterwards", c.name, len(places))
		}
	}
}

// intakeOf returns the intake of a socket to which sent comes.
func intakeOf(t *testing.T, sent string, places lane.Lane) *Intake {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		if conn, err := net.Dial("tcp", ln.Addr().String()); err == nil {
			_, _ = io.WriteString(conn, sent) // what does not come is seen by the reader
			conn.Close()
		}
	}()
	conn, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	var i Intake
	i.Begin(conn, places)
	return &i
}
