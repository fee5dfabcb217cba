package server

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// stream is a connection on which some bytes come, and then the end.
type stream struct {
	in  bytes.Reader
	out bytes.Buffer
}

func (s *stream) Read(p []byte) (int, error)     { return s.in.Read(p) }
func (s *stream) Write(p []byte) (int, error)    { return s.out.Write(p) }
func (*stream) Close() error                     { return nil }
func (*stream) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (*stream) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (*stream) SetDeadline(time.Time) error      { return nil }
func (*stream) SetReadDeadline(time.Time) error  { return nil }
func (*stream) SetWriteDeadline(time.Time) error { return nil }

var _ io.ReadWriter = (*stream)(nil)

// exchangeBytes sends raw to a server as one connection and returns what came
// back.
func exchangeBytes(s *Server, raw []byte) []byte {
	var c stream
	c.in.Reset(raw)
	e := s.connections.admit(&c)
	e.serve()
	s.connections.done(e, true)
	return c.out.Bytes()
}

// FuzzConnection: whatever is sent, the server neither panics nor answers with
// anything but HTTP, and 500 is never among it. Nothing is held afterwards.
func FuzzConnection(f *testing.F) {
	for _, row := range append(badHTTP(), badBench()...) {
		if len(row.raw) < 4<<10 {
			f.Add([]byte(row.raw))
		}
	}
	s := benchServer(f, nil)
	f.Fuzz(func(t *testing.T, raw []byte) {
		out := exchangeBytes(s, raw)
		if len(out) > 0 && !bytes.HasPrefix(out, []byte("HTTP/1.1 ")) || bytes.Contains(out, []byte("HTTP/1.1 500")) {
			t.Errorf("%q: %.200q", raw, out)
		}
		if used, _ := s.memory.Load(); used != 0 || s.connections.count() != 0 || s.metrics.panics.Load() != 0 {
			t.Errorf("%q: %d bytes held, %d connections, %d panics", raw, used, s.connections.count(), s.metrics.panics.Load())
		}
	})
}

// fuzzBodies sends bodies to a path of one server for each codec: the same status
// from all, never 500.
func fuzzBodies(f *testing.F, path, head string, sameBody bool) {
	var servers []*Server
	few := withContent(f)
	for _, codec := range codecNames() {
		servers = append(servers, benchServer(f, func(o *Options) { few(o); o.Codec = codec }))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var first []byte
		for i, s := range servers {
			out := exchangeBytes(s, []byte(request("POST", path, head, string(body))))
			if len(out) < 12 || bytes.HasPrefix(out[9:], []byte("500")) {
				t.Fatalf("%q: %.200q", body, out)
			}
			kept := out[:12] // HTTP/1.1 200
			if _, answer, ok := bytes.Cut(out, []byte("\r\n\r\n")); ok && (sameBody || kept[9] != '2') {
				kept = append(bytes.Clone(kept), withoutID(reply{body: answer})...)
			}
			if i == 0 {
				first = kept
			} else if !bytes.Equal(first, kept) {
				t.Errorf("%q: %s answers %.300q, %s %.300q", body, codecNames()[0], first, codecNames()[i], kept)
			}
		}
	})
}

func FuzzCompress(f *testing.F) {
	for _, row := range badJSON() {
		addBody(f, row, " /compress ")
	}
	fuzzBodies(f, "/compress", "", false)
}

func FuzzDecompress(f *testing.F) {
	for _, row := range append(badBase64(), badFrames(f)...) {
		addBody(f, row, " /decompress ")
	}
	fuzzBodies(f, "/decompress", "", true)
}

func FuzzRawDecompress(f *testing.F) {
	for _, row := range badFrames(f) {
		addBody(f, row, " /v1/decompress ")
	}
	fuzzBodies(f, "/v1/decompress", "", true)
}

// FuzzDictDecompress: with a dictionary, frames that name it, another one and none.
func FuzzDictDecompress(f *testing.F) {
	for _, row := range badFrames(f) {
		addBody(f, row, " /v1/decompress ")
	}
	maker := benchServer(f, withDicts(f))
	for i, query := range []string{"?dict=logs", "?dict=other.v2", "?level=1", "?dict=logs&codec=klauspost"} {
		_, frame, _ := bytes.Cut(exchangeBytes(maker, []byte(postRequest("/v1/compress"+query, dictRecord(1, i)))), []byte("\r\n\r\n"))
		f.Add(frame)
	}
	fuzzBodies(f, "/v1/decompress?dict=logs", "", true)
}

// FuzzDCZ: in the coding dcz, whatever its header says and its frames are.
func FuzzDCZ(f *testing.F) {
	maker := benchServer(f, withContent(f))
	logs := maker.dicts.named("logs")
	for _, row := range badFrames(f) {
		if _, body, _ := strings.Cut(row.raw, "\r\n\r\n"); strings.Contains(row.raw, " /v1/decompress ") && len(body) < 4<<10 {
			f.Add(append(logs.content.header(), body...))
		}
	}
	for i, content := range [][]byte{logs.Content, dczContent} {
		for _, text := range []string{"", dictRecord(1, i), string(dczContent)} {
			_, made, _ := bytes.Cut(exchangeBytes(maker, []byte(request("POST", "/v1/compress", available(content), text))), []byte("\r\n\r\n"))
			f.Add(made)
			f.Add(made[:dczHeader])
			f.Add(made[dczHeader:])
		}
	}
	fuzzBodies(f, "/v1/decompress", bodyIsDCZ, true)
}

// addBody seeds with the body of a row for that path, if it is not large.
func addBody(f *testing.F, row badRow, path string) {
	head, body, _ := bytes.Cut([]byte(row.raw), []byte("\r\n\r\n"))
	if bytes.Contains(head, []byte(path)) && len(body) < 4<<10 {
		f.Add(body)
	}
}
