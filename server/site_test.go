package server

import (
	"strings"
	"testing"
)

// TestCrossSite: who may start a run, by what a browser says of the page.
func TestCrossSite(t *testing.T) {
	const token = "Authorization: Bearer secret\r\n"
	l := inMemory(t, func(o *Options) { o.Token, o.Bench.Launcher = "secret", noLauncher{} })
	packed := string(sealedFrame(t, strings.Repeat("x", 30_000_000)))
	none := inMemory(t, func(o *Options) { o.Bench.Launcher = noLauncher{} })
	for _, c := range []struct {
		name, header string
		ok           bool
	}{
		{"no browser", "", true},
		{"typed into a browser", "Sec-Fetch-Site: none\r\n", true},
		{"our page", "Sec-Fetch-Site: same-origin\r\nReferer: http://localhost/\r\n", true},
		{"another port", "Sec-Fetch-Site: same-site\r\nOrigin: http://localhost:3000\r\n", false},
		{"another page", "Sec-Fetch-Site: cross-site\r\nOrigin: http://example.com\r\n", false},
		{"another page's picture", "Sec-Fetch-Site: cross-site\r\n", false},
		{"a value nobody knows", "Sec-Fetch-Site: whatever\r\n", false},
		{"a file", "Sec-Fetch-Site: cross-site\r\nOrigin: null\r\n", false},
		{"an old browser, our page", "Origin: http://localhost\r\n", true},
		{"an old browser, another page", "Origin: http://example.com\r\n", false},
		{"an old browser, a file", "Origin: null\r\n", false},
		{"an old browser's picture on our page", "Referer: http://localhost/page?x=http://example.com\r\n", true},
		{"an old browser's picture elsewhere", "Referer: http://example.com/localhost\r\n", false},
		{"a name that begins like ours", "Origin: http://localhost.example.com\r\n", false},
		{"a file with the token", "Sec-Fetch-Site: cross-site\r\nOrigin: null\r\n" + token, true},
		{"another page with the token", "Sec-Fetch-Site: cross-site\r\n" + strings.ToLower(token), true},
		{"a wrong token", "Sec-Fetch-Site: cross-site\r\nAuthorization: Bearer secre\r\n", false},
		{"an empty token", "Sec-Fetch-Site: cross-site\r\nAuthorization: Bearer \r\n", false},
		{"another scheme", "Sec-Fetch-Site: cross-site\r\nAuthorization: Basic secret\r\n", false},
	} {
		// One rule for all that is dear; what is not needs nothing.
		for raw, ok := range map[string]bool{
			request("POST", "/v1/compress?level=19", "Content-Type: text/plain\r\n"+c.header, strings.Repeat("x", 60_000)): c.ok,
			request("POST", "/v1/compress?level=3", c.header, strings.Repeat("x", 6_000_000)):                              c.ok,
			request("POST", "/compress", c.header, `{"level":19,"text":"`+strings.Repeat("x", 60_000)+`"}`):                c.ok,
			request("POST", "/v1/decompress", c.header, packed):                                                            c.ok,
			request("POST", "/v1/compress?level=19", c.header, "short"):                                                    true,
			request("POST", "/v1/compress", c.header, strings.Repeat("x", 5_000_000)):                                      true,
		} {
			if got := l.once(t, raw); (got.status == 200) != ok || !ok && (got.status != 403 || got.field("code") != "token") {
				t.Errorf("%s: %.60q: %.100v, want ok %v", c.name, raw, got, ok)
			}
		}
		want := map[bool]int{true: 200, false: 403}[c.ok]
		if got := l.once(t, request("HEAD", "/bench", c.header, "")); got.status != want {
			t.Errorf("%s: %d, want %d", c.name, got.status, want)
		}
		if strings.Contains(c.header, "cross-site") {
			if got := none.once(t, request("HEAD", "/bench", c.header, "")); got.status != 403 {
				t.Errorf("%s, and there is no token: %d", c.name, got.status)
			}
		}
	}
}

// TestCORS: pages from anywhere may read answers, errors too, and ask before.
func TestCORS(t *testing.T) {
	l := inMemory(t, nil)
	for _, raw := range []string{
		request("GET", "/ping", "Origin: null\r\n", ""),
		request("POST", "/compress", "Origin: http://example.com\r\n", "nonsense"),
		request("GET", "/nowhere", "Origin: null\r\n", ""),
	} {
		got := l.once(t, raw)
		if string(got.header.Peek("Access-Control-Allow-Origin")) != "*" || !strings.Contains(string(got.header.Peek("Access-Control-Expose-Headers")), headerID) {
			t.Errorf("%.30q: %s", raw, got.header.Header())
		}
	}
	if got := l.once(t, getRequest("/ping")); len(got.header.Peek("Access-Control-Allow-Origin")) > 0 {
		t.Errorf("without Origin: %s", got.header.Header())
	}
	got := l.once(t, request("OPTIONS", "/compress", "Origin: null\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\nAccess-Control-Request-Private-Network: true\r\n", ""))
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "POST, OPTIONS", "Allow": "POST, OPTIONS",
		"Access-Control-Allow-Headers": "Authorization, Content-Type, X-Request-Id", "Access-Control-Allow-Private-Network": "true",
	} {
		if v := string(got.header.Peek(name)); v != want {
			t.Errorf("preflight: %s is %q, want %q", name, v, want)
		}
	}
	if got.status != 204 {
		t.Error(got)
	}
}

// TestRequestID: an id that is letters and digits is repeated, another replaced.
func TestRequestID(t *testing.T) {
	l := inMemory(t, nil)
	for _, c := range []struct {
		id   string
		kept bool
	}{{"abc-1_2.Z", true}, {strings.Repeat("x", 64), true}, {strings.Repeat("x", 65), false}, {"", false}, {"a b", false}, {"a\"b", false}, {"\xc3\xa4", false}} {
		got := l.once(t, request("GET", "/nowhere", "X-Request-Id: "+c.id+"\r\n", ""))
		id := string(got.header.Peek(headerID))
		if (id == c.id) != c.kept || id == "" || got.field("request_id") != id {
			t.Errorf("%q: answered %q", c.id, id)
		}
	}
	if a, b := l.once(t, getRequest("/ping")).header.Peek(headerID), l.once(t, getRequest("/ping")).header.Peek(headerID); string(a) == string(b) {
		t.Errorf("two requests have the id %s", a)
	}
}
