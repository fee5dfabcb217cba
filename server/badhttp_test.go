package server

import (
	"fmt"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

// badRow is a request that is wrong, or looks so, and the answer.
type badRow struct {
	name, raw string
	status    int
	code      string // of the problem; "" where the answer is none
}

// line begins a request with its line and Host.
func line(l string) string { return l + "\r\nHost: localhost\r\n" }

// badHTTP is the class of messages that are no good HTTP.
func badHTTP() []badRow {
	const ok = "Content-Length: 0\r\n\r\n"
	rows := []badRow{
		{"HTTP/0.9", "GET /ping\r\n\r\n", 400, "bad_request"},
		{"HTTP/1.2", line("GET /ping HTTP/1.2") + "\r\n", 505, "http_version"},
		{"HTTP/2.0", line("GET /ping HTTP/2.0") + "\r\n", 505, "http_version"},
		{"HTTP/1.0", "GET /ping HTTP/1.0\r\n\r\n", 200, ""},
		{"HTTP/1.0 keep-alive", "GET /ping HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, ""},
		{"http/1.1 in lower case", line("GET /ping http/1.1") + "\r\n", 400, "bad_request"},
		{"HTTP/11", line("GET /ping HTTP/11") + "\r\n", 400, "bad_request"},
		{"HTTP/1.1 with a word more", line("GET /ping HTTP/1.1 x") + "\r\n", 400, "bad_request"},
		{"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "bad_request"}, // * is for OPTIONS only
		{"a TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("\x5a", 64) + "\r\n\r\n", 400, "bad_request"},
		{"a word", "hello\r\n\r\n", 400, "bad_request"},
		{"no method", " /ping HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "bad_request"},
		{"method with a control byte", "G\x01T /ping HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "bad_request"},
		{"two spaces", line("GET  /ping HTTP/1.1") + "\r\n", 400, "bad_request"},
		{"no target", line("GET HTTP/1.1") + "\r\n", 400, "bad_request"},
		{"target without a slash", line("GET ping HTTP/1.1") + "\r\n", 400, "bad_request"},
		{"target with a control byte", line("GET /pi\x01ng HTTP/1.1") + "\r\n", 400, "bad_request"},
		{"target with NUL", line("GET /ping\x00 HTTP/1.1") + "\r\n", 400, "bad_request"},
		{"target with a tab", line("GET /ping\t HTTP/1.1") + "\r\n", 400, "bad_request"},

		{"no Host", "GET /ping HTTP/1.1\r\n\r\n", 400, "bad_request"},
		{"empty Host", "GET /ping HTTP/1.1\r\nHost:\r\n\r\n", 400, "bad_request"},
		{"two Hosts", line("GET /ping HTTP/1.1") + "Host: localhost\r\n\r\n", 400, "bad_request"},
		{"two Hosts in two cases", line("GET /ping HTTP/1.1") + "hOST: localhost\r\n\r\n", 400, "bad_request"},
		{"Host with a space", "GET /ping HTTP/1.1\r\nHost: local host\r\n\r\n", 400, "bad_request"},
		{"Host with a slash", "GET /ping HTTP/1.1\r\nHost: localhost/x\r\n\r\n", 400, "bad_request"},
		{"Host with a user", "GET /ping HTTP/1.1\r\nHost: me@localhost\r\n\r\n", 400, "bad_request"},
		{"Host with a comma", "GET /ping HTTP/1.1\r\nHost: localhost,localhost\r\n\r\n", 400, "bad_request"},
		{"Host with a port that is none", "GET /ping HTTP/1.1\r\nHost: localhost:http\r\n\r\n", 400, "bad_request"},
		{"Host with port 65536", "GET /ping HTTP/1.1\r\nHost: localhost:65536\r\n\r\n", 400, "bad_request"},
		{"Host with an open bracket", "GET /ping HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, "bad_request"},
		{"Host with a closed bracket and more", "GET /ping HTTP/1.1\r\nHost: [::1]x\r\n\r\n", 400, "bad_request"},
		{"Host with bytes over 127", "GET /ping HTTP/1.1\r\nHost: loc\xc3\xa4l\r\n\r\n", 400, "bad_request"},
		{"Host with a percent", "GET /ping HTTP/1.1\r\nHost: local%68ost\r\n\r\n", 400, "bad_request"},
		{"Host with a port", "GET /ping HTTP/1.1\r\nHost: localhost:8000\r\n\r\n", 200, ""},
		{"Host in capitals", "GET /ping HTTP/1.1\r\nHost: LocalHost\r\n\r\n", 200, ""},
		{"Host with a dot at its end", "GET /ping HTTP/1.1\r\nHost: localhost.\r\n\r\n", 200, ""},
		{"Host of a browser's test name", "GET /ping HTTP/1.1\r\nHost: shop.localhost\r\n\r\n", 200, ""},
		{"Host 127.0.0.1", "GET /ping HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n", 200, ""},
		{"Host 127.1.2.3", "GET /ping HTTP/1.1\r\nHost: 127.1.2.3\r\n\r\n", 200, ""},
		{"Host [::1]", "GET /ping HTTP/1.1\r\nHost: [::1]:8000\r\n\r\n", 200, ""},
		{"foreign Host", "GET /ping HTTP/1.1\r\nHost: example.com\r\n\r\n", 421, "host"},
		{"foreign Host that begins like ours", "GET /ping HTTP/1.1\r\nHost: localhost.example.com\r\n\r\n", 421, "host"},
		{"foreign Host that begins like an address", "GET /ping HTTP/1.1\r\nHost: 127.0.0.1.example.com\r\n\r\n", 421, "host"},
		{"foreign Host with digits", "GET /ping HTTP/1.1\r\nHost: 127.0.0.x\r\n\r\n", 421, "host"},
		{"Host 0.0.0.0", "GET /ping HTTP/1.1\r\nHost: 0.0.0.0\r\n\r\n", 421, "host"},
		{"absolute target", "GET http://localhost/ping HTTP/1.1\r\nHost: localhost\r\n\r\n", 200, ""},
		{"absolute target elsewhere", "GET http://example.com/ping HTTP/1.1\r\nHost: localhost\r\n\r\n", 421, "host"},
		{"absolute target without a path", "GET http://localhost HTTP/1.1\r\nHost: localhost\r\n\r\n", 200, ""},

		{"field without a colon", line("GET /ping HTTP/1.1") + "nonsense\r\n\r\n", 400, "bad_request"},
		{"field without a name", line("GET /ping HTTP/1.1") + ": x\r\n\r\n", 400, "bad_request"},
		{"space before the colon", line("GET /ping HTTP/1.1") + "X : y\r\n\r\n", 400, "bad_request"},
		{"space within a name", line("GET /ping HTTP/1.1") + "X Y: z\r\n\r\n", 400, "bad_request"},
		{"control byte in a name", line("GET /ping HTTP/1.1") + "X\x01: y\r\n\r\n", 400, "bad_request"},
		{"control byte in a value", line("GET /ping HTTP/1.1") + "X: a\x01b\r\n\r\n", 400, "bad_request"},
		{"NUL in a value", line("GET /ping HTTP/1.1") + "X: a\x00b\r\n\r\n", 400, "bad_request"},
		{"a line break alone in a value", line("GET /ping HTTP/1.1") + "X: a\rb\r\n\r\n", 400, "bad_request"},
		{"a field that goes on", line("GET /ping HTTP/1.1") + "X: a\r\n b\r\n\r\n", 400, "bad_request"},
		{"a first field that goes on", "GET /ping HTTP/1.1\r\n X: a\r\nHost: localhost\r\n\r\n", 400, "bad_request"},
		{"16 KiB of header", line("GET /ping HTTP/1.1") + "X: " + strings.Repeat("y", 16<<10) + "\r\n\r\n", 431, "header_too_large"},
		{"1,000 fields", line("GET /ping HTTP/1.1") + strings.Repeat("X: y\r\n", 1000) + "\r\n", 431, "header_too_large"},
		{"101 fields", line("GET /ping HTTP/1.1") + strings.Repeat("X: y\r\n", 100) + "\r\n", 431, "header_too_large"},
		{"100 fields", line("GET /ping HTTP/1.1") + strings.Repeat("X: y\r\n", 99) + "\r\n", 200, ""},
		{"20 KiB of target", line("GET /"+strings.Repeat("y", 20<<10)+" HTTP/1.1") + "\r\n", 431, "header_too_large"},
		{"line breaks before the request", "\r\n\r\n" + getRequest("/ping"), 200, ""},

		{"Content-Length and Transfer-Encoding", line("POST /compress HTTP/1.1") + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "bad_request"},
		{"Transfer-Encoding and Content-Length", line("POST /compress HTTP/1.1") + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400, "bad_request"},
		{"both in odd cases", line("POST /compress HTTP/1.1") + "tRANSFER-eNCODING: chunked\r\ncONTENT-lENGTH: 5\r\n\r\n0\r\n\r\n", 400, "bad_request"},
		{"both on a GET", line("GET /ping HTTP/1.1") + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "bad_request"},
		{"Transfer-Encoding twice", line("POST /compress HTTP/1.1") + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "bad_request"},
		{"Transfer-Encoding identity", line("POST /compress HTTP/1.1") + "Transfer-Encoding: identity\r\n\r\n", 400, "bad_request"},
		{"Transfer-Encoding identity and a length", line("POST /compress HTTP/1.1") + "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello", 400, "bad_request"},
		{"Transfer-Encoding gzip", line("POST /compress HTTP/1.1") + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, "bad_request"},
		{"Transfer-Encoding with a tab", line("POST /compress HTTP/1.1") + "Transfer-Encoding: \tchunked\x0b\r\n\r\n0\r\n\r\n", 400, "bad_request"},
		{"Transfer-Encoding in HTTP/1.0", "POST /compress HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "bad_request"},
		{"Content-Length twice", line("POST /compress HTTP/1.1") + "Content-Length: 0\r\n" + ok, 400, "bad_request"},
		{"Content-Length twice, not the same", line("POST /compress HTTP/1.1") + "Content-Length: 5\r\n" + ok, 400, "bad_request"},
		{"Content-Length as a list", line("POST /compress HTTP/1.1") + "Content-Length: 0, 0\r\n\r\n", 400, "bad_request"},
		{"Content-Length +5", line("POST /compress HTTP/1.1") + "Content-Length: +5\r\n\r\nhello", 400, "bad_request"},
		{"Content-Length -5", line("POST /compress HTTP/1.1") + "Content-Length: -5\r\n\r\nhello", 400, "bad_request"},
		{"Content-Length 0x5", line("POST /compress HTTP/1.1") + "Content-Length: 0x5\r\n\r\nhello", 400, "bad_request"},
		{"Content-Length 5.0", line("POST /compress HTTP/1.1") + "Content-Length: 5.0\r\n\r\nhello", 400, "bad_request"},
		{"Content-Length in words", line("POST /compress HTTP/1.1") + "Content-Length: five\r\n\r\nhello", 400, "bad_request"},
		{"Content-Length empty", line("POST /compress HTTP/1.1") + "Content-Length:\r\n\r\n", 400, "bad_request"},
		{"Content-Length of 20 digits", line("POST /compress HTTP/1.1") + "Content-Length: 18446744073709551617\r\n\r\n", 400, "bad_request"},
		{"Content-Length over the limit", line("POST /compress HTTP/1.1") + fmt.Sprintf("Content-Length: %d\r\n\r\n", 8<<20+1), 413, "body_too_large"},
		{"raw Content-Length over the limit", line("POST /v1/compress HTTP/1.1") + fmt.Sprintf("Content-Length: %d\r\n\r\n", 64<<20+1), 413, "body_too_large"},
		{"Expect and over the limit", line("POST /compress HTTP/1.1") + fmt.Sprintf("Expect: 100-continue\r\nContent-Length: %d\r\n\r\n", 8<<20+1), 413, "body_too_large"},
		{"Expect and a bad type", line("POST /compress HTTP/1.1") + "Expect: 100-continue\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n", 415, "content_type"},
		{"GET with 1 KiB of body", request("GET", "/ping", "", strings.Repeat("x", 1<<10)), 200, ""},
		{"GET with more", request("GET", "/ping", "", strings.Repeat("x", 1<<10+1)), 413, "body_too_large"},

		{"chunk size that is none", line("POST /compress HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", 400, "bad_request"},
		{"chunk size -1", line("POST /compress HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\n-1\r\nhello\r\n0\r\n\r\n", 400, "bad_request"},
		{"chunk size 0x5", line("POST /compress HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n", 400, "bad_request"},
		{"chunk size empty", line("POST /compress HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n", 400, "bad_request"},
		{"chunk size of 17 digits", line("POST /compress HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n", 400, "bad_request"},
		{"chunk size over the limit", line("POST /compress HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\n800001\r\n", 413, "body_too_large"},
		{"chunk size of 2^60", line("POST /compress HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n", 413, "body_too_large"},
		{"chunk longer than its size", line("POST /compress HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n", 400, "bad_request"},
		{"chunk with a bare line feed", line("POST /compress HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n", 400, "bad_request"},
		{"trailer that is forbidden", line("POST /compress HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n", 400, "bad_request"},
	}
	for _, method := range []string{"PUT", "DELETE", "PATCH", "TRACE", "BREW", "get", "PROPFIND"} {
		rows = append(rows, badRow{"method " + method, line(method+" /ping HTTP/1.1") + ok, 405, "method_not_allowed"})
	}
	rows = append(rows,
		badRow{"CONNECT", line("CONNECT example.com:443 HTTP/1.1") + "\r\n", 405, "method_not_allowed"},
		badRow{"POST /ping", line("POST /ping HTTP/1.1") + ok, 405, "method_not_allowed"},
		badRow{"GET /compress", getRequest("/compress"), 405, "method_not_allowed"},
		badRow{"HEAD /compress", line("HEAD /compress HTTP/1.1") + "\r\n", 405, ""},
		badRow{"OPTIONS *", line("OPTIONS * HTTP/1.1") + "\r\n", 204, ""},
		badRow{"OPTIONS /compress", line("OPTIONS /compress HTTP/1.1") + "\r\n", 204, ""},
		badRow{"GET *", line("GET * HTTP/1.1") + "\r\n", 400, "bad_request"},
	)
	for _, path := range []string{"//ping", "/Ping", "/ping%20", "/pi%6eg", "/./ping", "/x/../ping", "/..%2f..%2fetc/passwd", "/../../etc/passwd", "/favicon.ico", "/v1", "/v2/compress", "/%00", "/ping;x=1"} {
		rows = append(rows, badRow{"path " + path, getRequest(path), 404, "not_found"})
	}
	rows = append(rows, badRow{"unknown query", getRequest("/ping?x=1&x=2&%zz"), 200, ""})
	for _, c := range []struct {
		kind   string
		status int
	}{
		{"application/json", 200}, {"Application/JSON; charset=UTF-8", 200}, {`application/json;charset="utf-8"`, 200}, {"application/json; charset=utf8; x=y", 200},
		{"application/json; charset=utf-16", 415}, {"application/json; charset=latin1", 415}, {"text/json", 415}, {"text/plain", 415}, {"application/x-www-form-urlencoded", 415},
		{"multipart/form-data; boundary=x", 415}, {"application/jsonx", 415}, {"json", 415}, {"application/octet-stream", 415},
	} {
		row := badRow{"type " + c.kind, request("POST", "/compress", "Content-Type: "+c.kind+"\r\n", `{"text":"a"}`), c.status, ""}
		if c.status != 200 {
			row.code = "content_type"
		}
		rows = append(rows, row)
	}
	return append(rows,
		badRow{"raw body as a form of parts", request("POST", "/v1/compress", "Content-Type: multipart/form-data; boundary=x\r\n", "--x--"), 415, "content_type"},
		badRow{"raw body as curl sends it", request("POST", "/v1/compress", "Content-Type: application/x-www-form-urlencoded\r\n", "a=b"), 200, ""},
		badRow{"gzip body", request("POST", "/compress", "Content-Encoding: gzip\r\n", `{"text":"a"}`), 415, "content_encoding"},
		badRow{"identity body", request("POST", "/compress", "Content-Encoding: identity\r\n", `{"text":"a"}`), 200, ""},
		badRow{"unknown codec", postRequest("/compress?codec=nope", `{"text":"a"}`), 422, "bad_parameter"},
		badRow{"a codec of another format", postRequest("/compress?codec=memcpy", `{"text":"a"}`), 422, "bad_parameter"},
		badRow{"a codec with threads of its own", postRequest("/compress?codec=klauspost-mt", `{"text":"a"}`), 422, "bad_parameter"},
		badRow{"codec twice", postRequest("/compress?codec=klauspost&codec=klauspost", `{"text":"a"}`), 422, "bad_parameter"},
		badRow{"codec empty", postRequest("/compress?codec=", `{"text":"a"}`), 422, "bad_parameter"},
		badRow{"raw level 23", postRequest("/v1/compress?level=23", "a"), 422, "level"},
		badRow{"raw level -131073", postRequest("/v1/compress?level=-131073", "a"), 422, "level"},
		badRow{"raw level 2^63", postRequest("/v1/compress?level=9223372036854775808", "a"), 422, "bad_parameter"},
		badRow{"raw level 3.0", postRequest("/v1/compress?level=3.0", "a"), 422, "bad_parameter"},
		badRow{"raw level +3", postRequest("/v1/compress?level=%2B3", "a"), 422, "bad_parameter"},
		badRow{"raw level with a space", postRequest("/v1/compress?level=+3", "a"), 422, "bad_parameter"},
		badRow{"raw level empty", postRequest("/v1/compress?level=", "a"), 422, "bad_parameter"},
		badRow{"raw level twice", postRequest("/v1/compress?level=3&level=3", "a"), 422, "bad_parameter"},
		badRow{"raw level 0", postRequest("/v1/compress?level=0", "a"), 200, ""},
		badRow{"raw level 22, too much", postRequest("/v1/compress?level=22", strings.Repeat("a", 4<<20)), 422, "too_expensive"},
	)
}

// TestBadHTTP sends each row on a connection of its own and then something good
// on the same connection, or a new one where the server has closed it.
func TestBadHTTP(t *testing.T) {
	l := onLoopback(t, func(o *Options) { o.Loopback = true })
	for _, row := range badHTTP() {
		checkRow(t, l, row)
	}
}

// checkRow holds the answer to a row, and the server after it.
func checkRow(t *testing.T, l *live, row badRow) reply {
	t.Helper()
	c := l.connect(t)
	defer c.conn.Close()
	c.write(row.raw)
	method, _, _ := strings.Cut(row.raw, " ")
	got, err := c.read(method)
	if err != nil {
		t.Errorf("%s: %v", row.name, err)
		return reply{}
	}
	if got.status != row.status {
		t.Errorf("%s: %v; want status %d", row.name, got, row.status)
		return got
	}
	if row.code != "" {
		checkProblem(t, row.name, got, row.code)
	}
	if got.status == fasthttp.StatusMethodNotAllowed && len(got.header.Peek("Allow")) == 0 {
		t.Errorf("%s: 405 without Allow", row.name)
	}
	// Without a length, which an answer to HEAD may go without, the client's parser
	// takes the connection for closing.
	if got.header.ConnectionClose() && !(method == "HEAD" && got.status == 200) {
		if !c.closed() {
			t.Errorf("%s: the connection stays open after Connection: close", row.name)
		}
		c = l.connect(t)
		defer c.conn.Close()
	}
	if after := c.do(getRequest("/ping")); after.status != 200 {
		t.Errorf("%s: afterwards /ping: %v", row.name, after)
	}
	return got
}

// checkProblem holds an answer against RFC 9457 and the code.
func checkProblem(t *testing.T, name string, got reply, code string) {
	t.Helper()
	if string(got.header.ContentType()) != problemType {
		t.Errorf("%s: Content-Type %s", name, got.header.ContentType())
	}
	if got.field("code") != code || got.field("status") != float64(got.status) || got.field("type") != "about:blank" ||
		got.field("title") != fasthttp.StatusMessage(got.status) || got.field("detail") == "" {
		t.Errorf("%s: %s; want code %s", name, got.body, code)
	}
	if id := string(got.header.Peek(headerID)); id == "" || got.field("request_id") != id {
		t.Errorf("%s: request_id %v, header %q", name, got.field("request_id"), id)
	}
}
