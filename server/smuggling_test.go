package server

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// probes is how many messages TestSmuggling makes.
const probes = 10_000

// smuggled is a request that is to be taken for a body, or not.
const smuggled = "GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n"

// probe makes a message whose end different programs may see in different places:
// fields that say how long a body is, in all kinds of spelling, and requests in and
// behind the body. There are no empty lines before a request: net/http takes none, we
// skip them, as RFC 9112, section 2.2, wants servers to.
func probe(r *rand.Rand) string {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	end := pick("\r\n", "\r\n", "\r\n", "\r\n", "\n")
	body := pick(
		"0"+end+end, "5\r\nhello\r\n0\r\n\r\n", "5;x\r\nhello\r\n0\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n", "05\r\nhello\r\n0\r\n\r\n", "5\nhello\n0\n\n",
		"0x5\r\nhello\r\n0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n", "+5\r\nhello\r\n0\r\n\r\n", "5\r\nhelloX\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n", "ffffffffffffffff5\r\nhello\r\n0\r\n\r\n",
		"0\r\nX: y\r\n\r\n", "0\r\nContent-Length: 5\r\n\r\n", "0\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\n", "5\r\nhello\r\n0;\n\r\n\r\n", "5;\"\r\n\"\r\nhello\r\n0\r\n\r\n",
		"hello", "", smuggled, "0\r\n\r\n"+smuggled, fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(smuggled), smuggled), "1;\r\nx\r\n0\r\n\r\n"+smuggled,
	)
	length := func() string {
		n := pick("0", "5", fmt.Sprint(len(body)), fmt.Sprint(len(body)), fmt.Sprint(len(body)+1), fmt.Sprint(len(body)+len(smuggled)))
		return pick("Content-Length", "Content-Length", "content-length", "Content-Length ", " Content-Length", "Content_Length", "Content-Length\t", "Content-\x00Length") + ":" +
			pick(" ", " ", "", "\t", "  ") + pick("", "", "", "", "+", "-", "0", "0x", "\"") + n + pick("", "", "", "", " ", ", "+n, ",", ".0", "\x0b", "; x", "\r", "_0") + end
	}
	encoding := func() string {
		return pick("Transfer-Encoding", "Transfer-Encoding", "transfer-encoding", "Transfer-Encoding ", " Transfer-Encoding", "Transfer_Encoding", "TRANSFER-ENCODING", "X: y\nTransfer-Encoding", "X: y\r\n\tTransfer-Encoding") + ":" +
			pick(" ", " ", "", "\t", "\x0b", "\r\n ", "\n ") +
			pick("chunked", "chunked", "chunked", "Chunked", "chunked, identity", "identity, chunked", "identity", "gzip, chunked", "xchunked", "chunked ", "chunked;q=1", "\"chunked\"", "chunked, chunked", "chunked\x00", "chunk", "") + end
	}
	fields := []string{"Host: localhost" + end}
	for range r.IntN(4) {
		fields = append(fields, pick(length(), encoding(), length(), encoding(), "Connection: keep-alive"+end, "Expect: 100-continue"+end, "X-Y: z"+end, "Connection: Content-Length"+end))
	}
	r.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	first := pick("POST /v1/compress", "POST /v1/compress", "POST http://localhost/v1/compress", "GET /ping") + " " + pick("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0")
	return first + end + strings.Join(fields, "") + end + body + pick("", smuggled, smuggled, "x"+smuggled)
}

// TestSmuggling: of no probe the server answers more requests than net/http reads from
// the same bytes. Where it answers fewer it has said why; -v lists how often.
func TestSmuggling(t *testing.T) {
	s := benchServer(t, nil)
	reads := newReference(t)
	r := rand.New(rand.NewPCG(19, 0))
	fewer, same := map[string]int{}, 0
	for i := range probes {
		raw := probe(r)
		out := exchangeBytes(s, []byte(raw))
		ours, theirs := bytes.Count(out, []byte("HTTP/1.1 200 OK\r\n")), reads(raw)
		switch {
		case ours > theirs:
			t.Errorf("probe %d: %q: %d requests answered, net/http reads %d", i, raw, ours, theirs)
		case ours < theirs:
			_, why, _ := bytes.Cut(out, []byte(`"detail":"`))
			why, _, _ = bytes.Cut(why, []byte(`"`))
			if fewer[string(why)]++; len(why) == 0 {
				t.Errorf("probe %d: %q: %d requests answered, net/http reads %d, and nothing says why: %.300q", i, raw, ours, theirs, out)
			}
		default:
			same++
		}
	}
	t.Logf("%d of %d probes: as many requests as net/http reads", same, probes)
	for _, why := range slices.SortedFunc(maps.Keys(fewer), func(a, b string) int { return fewer[b] - fewer[a] }) {
		t.Logf("%d: %s", fewer[why], why)
	}
}

// newReference returns how many requests net/http reads from bytes.
func newReference(t *testing.T) func(raw string) int {
	t.Helper()
	conns, closed := make(chan net.Conn), make(chan bool)
	n := 0
	srv := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.Copy(io.Discard, r.Body); err == nil {
				n++ // of one connection at a time
			}
		}),
		ErrorLog: log.New(io.Discard, "", 0),
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateClosed {
				closed <- true
			}
		},
	}
	var ended sync.WaitGroup
	ended.Go(func() { _ = srv.Serve(handed{conns}) })
	t.Cleanup(func() { close(conns); ended.Wait() })
	return func(raw string) int {
		n = 0
		c := &stream{}
		c.in.Reset([]byte(raw))
		conns <- c
		<-closed
		return n
	}
}

// handed is a listener whose connections come from a channel.
type handed struct{ conns chan net.Conn }

func (h handed) Accept() (net.Conn, error) {
	if c, ok := <-h.conns; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}

func (handed) Close() error   { return nil }
func (handed) Addr() net.Addr { return &net.TCPAddr{} }
