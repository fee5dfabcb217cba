package server

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"zstdshop/internal/browsertest"
)

// reverseProxy is a proxy that has the server at host below prefix. It leaves the prefix
// in the paths, or takes it off and says so or does not.
func reverseProxy(t *testing.T, host, prefix string, strip, says bool) string {
	t.Helper()
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: host})
		if strip {
			r.Out.URL.Path = "/" + strings.TrimPrefix(strings.TrimPrefix(r.In.URL.Path, prefix), "/")
		}
		r.Out.Host = r.In.Host
		if says {
			r.Out.Host = "" // that of the server
			r.SetXForwarded()
			r.Out.Header.Set(headerPrefix, prefix)
		}
	}})
	t.Cleanup(proxy.Close)
	return proxy.URL + prefix
}

var proxyKinds = []struct {
	name        string
	strip, says bool
	change      func(*Options)
}{
	{"leaves the prefix", false, false, func(o *Options) { o.BasePath = "/tools/shop" }},
	{"takes it off, and the server knows", true, false, func(o *Options) { o.BasePath = "/tools/shop" }},
	{"takes it off and says so", true, true, func(o *Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }},
	{"takes it off, and nobody knows", true, false, func(*Options) {}},
}

// TestBehindPrefix: all that the server has is there below a path of a proxy's, and all
// that leads from one to another leads there.
func TestBehindPrefix(t *testing.T) {
	const prefix = "/tools/shop"
	few := withDicts(t)
	for _, c := range proxyKinds {
		t.Run(c.name, func(t *testing.T) {
			host, _ := openShop(t, func(o *Options) { few(o); c.change(o) })
			at := reverseProxy(t, host, prefix, c.strip, c.says)
			for _, r := range routes(new(handlers)) {
				if r.method == get {
					path := strings.Replace(r.path, "{name}", "logs", 1)
					arrive(t, at+path, at+path, 200)
					if path != "/" {
						arrive(t, at+path+"/?a=b", at+path+"?a=b", 200)
					}
				}
			}
			arrive(t, at+"/nowhere", at+"/nowhere", 404)
			arrive(t, at+"x", at+"x", 404)
			known := c.says || c.change != nil && c.name != "takes it off, and nobody knows"
			if !c.strip {
				arrive(t, at, at+"/", 200)
			}
			want := `"servers":[{"url":"/"}]`
			if known {
				want = fmt.Sprintf(`"servers":[{"url":%q}]`, prefix)
			}
			if got := arrive(t, at+"/openapi.json", at+"/openapi.json", 200); !strings.Contains(got, want) {
				t.Errorf("no %s in %.200s", want, got)
			}
		})
	}
}

// arrive gets a page, which is at last there after redirects.
func arrive(t *testing.T, from, there string, status int) string {
	t.Helper()
	resp, err := http.Get(from)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != status || resp.Request.URL.String() != there {
		t.Errorf("%s: %s at %s, want %d at %s", from, resp.Status, resp.Request.URL, status, there)
	}
	return string(body)
}

// TestPageBehindPrefix: the page and the documentation work there, in a browser.
func TestPageBehindPrefix(t *testing.T) {
	ctx := browsertest.New(t)
	for _, c := range proxyKinds {
		t.Run(c.name, func(t *testing.T) {
			host, _ := openShop(t, c.change)
			at := reverseProxy(t, host, "/tools/shop", c.strip, c.says)
			site, _, _ := strings.Cut(strings.TrimPrefix(at, "http://"), "/")
			b := browsertest.NewTab(t, ctx, site)
			start := at + "/"
			if c.says {
				start = at // relative links alone would lead to another place
			}
			visit(b, start)
			workTexts(b)
			b.Click(`nav [href="` + at + `/docs"], header [href="` + at + `/docs"]`)
			b.Wait(`document.querySelector('#operations-server-ping')`)
			b.Click("#operations-server-ping .opblock-summary-control")
			b.Wait(`document.querySelector('#operations-server-ping .execute') && ui.specSelectors.specResolvedSubtree(['paths', '/ping', 'get'])`)
			b.Click("#operations-server-ping .execute")
			b.Wait(`document.querySelector('#operations-server-ping .live-responses-table tbody .response-col_status')?.textContent.startsWith('200')`)
			b.Do(chromedp.Navigate(at + "/docs"))
			b.Wait(`document.querySelector('#operations-server-ping')`)
			b.Click(`nav a`)
			b.Wait(`document.querySelector('#status.up') && location.pathname === '/tools/shop/'`)
		})
	}
}

// TestForwardedPrefix: whom the server believes, and what is a prefix.
func TestForwardedPrefix(t *testing.T) {
	for _, c := range []struct {
		trusted, base, lines, want string
	}{
		{"127.0.0.1", "", "X-Forwarded-Prefix: /a\r\n", "/a"},
		{"127.0.0.1", "", "x-forwarded-prefix: /a/\r\n", "/a"},
		{"127.0.0.1", "", "X-Forwarded-Prefix: /a, /b\r\n", "/a/b"},
		{"127.0.0.1", "", "X-Forwarded-Prefix: /a\r\nX-Forwarded-Prefix: /b\r\n", "/a/b"},
		{"127.0.0.1", "/own", "X-Forwarded-Prefix: /a\r\n", "/a"},
		{"127.0.0.1", "/own", "", "/own"},
		{"127.0.0.1", "/own", "X-Forwarded-Prefix: /\r\n", "/own"},
		{"::ffff:127.0.0.1", "", "X-Forwarded-Prefix: /a\r\n", "/a"},
		{"::1", "", "X-Forwarded-Prefix: /a\r\n", "/"},
		{"10.0.0.0/8", "/own", "X-Forwarded-Prefix: /a\r\n", "/own"},
		{"", "", "X-Forwarded-Prefix: /a\r\n", "/"},
		{"127.0.0.1", "", "X-Forwarded-Prefix: a\r\n", "/"},
		{"127.0.0.1", "", "X-Forwarded-Prefix: //elsewhere\r\n", "/"},
		{"127.0.0.1", "", "X-Forwarded-Prefix: /a/../b\r\n", "/"},
		{"127.0.0.1", "", "X-Forwarded-Prefix: /\"><script>\r\n", "/"},
		{"127.0.0.1", "", "X-Forwarded-Prefix: /a%2f\r\n", "/"},
		{"127.0.0.1", "", "X-Forwarded-Prefix: http://elsewhere/\r\n", "/"},
		{"127.0.0.1", "", "X-Forwarded-Prefix: /" + strings.Repeat("a", mostPrefix) + "\r\n", "/"},
	} {
		l := onLoopback(t, func(o *Options) {
			o.BasePath = c.base
			if c.trusted != "" {
				network, err := ParseProxy(c.trusted)
				if err != nil {
					t.Fatal(err)
				}
				o.Proxies = []netip.Prefix{network}
			}
		})
		want := fmt.Sprintf(`"servers":[{"url":%q}]`, c.want)
		if got := l.once(t, request("GET", "/openapi.json", c.lines, "")); got.status != 200 || !strings.Contains(string(got.body), want) {
			t.Errorf("%+v: %.100v, want %s", c, got, want)
		}
		index := l.once(t, request("GET", "/", c.lines+"Accept-Encoding: gzip, zstd\r\n", ""))
		if own := c.want == "/" || c.want == c.base; (len(index.header.ContentEncoding()) > 0) != own {
			t.Errorf("%+v: the page as %q", c, index.header.ContentEncoding())
		} else if !own && !strings.Contains(string(index.body), `<html data-base="`+c.want+`" `) {
			t.Errorf("%+v: %.100s", c, index.body)
		}
		l.stop()
	}
}

// TestParsePrefix: what --base-path takes.
func TestParsePrefix(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "/": "", "/shop": "/shop", "/shop/": "/shop", "/a/b.c~d_e-1": "/a/b.c~d_e-1", "/v": "/v", "/docsy": "/docsy",
		"shop": "!", "//": "!", "/a//b": "!", "/a/./b": "!", "/..": "!", "/ä": "!", "/a b": "!", "/a?b": "!", "http://h/shop": "!",
		"/v1": "!", "/v1/": "!", "/docs": "!", "/compress": "!", "/ping": "!",
	} {
		got, err := ParsePrefix(text)
		if err != nil {
			got = "!"
		}
		if got != want {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"", "localhost", "10.0.0.0/33", "127.0.0.1:80", "unix"} {
		if network, err := ParseProxy(text); err == nil {
			t.Errorf("%q: %v", text, network)
		}
	}
	known := proxies{networks: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}}
	if known.trusts(&net.UnixAddr{Name: "socket"}) || !known.trusts(&net.TCPAddr{IP: net.IPv4(1, 2, 3, 4)}) {
		t.Error("who is trusted")
	}
}

// TestCookies: those of other programs on this machine come along, and do no harm up to
// the limit. Beyond it the answer says what to do.
func TestCookies(t *testing.T) {
	l := inMemory(t, nil)
	for _, c := range []struct {
		bytes, status int
	}{{10_000, 200}, {15 << 10, 200}, {17 << 10, 431}, {100 << 10, 431}} {
		for _, path := range []string{"/", "/docs", "/ping"} {
			got := l.once(t, request("GET", path, "Cookie: a="+strings.Repeat("x", c.bytes)+"\r\n", ""))
			if got.status != c.status || c.status == 431 && !strings.Contains(fmt.Sprint(got.field("detail")), "16384 bytes: serve --max-header allows more") {
				t.Errorf("%s with %d bytes of cookies: %.200v", path, c.bytes, got)
			}
		}
	}
	many := l.once(t, request("GET", "/ping", strings.Repeat("X: y\r\n", 100), ""))
	if many.status != 431 || !strings.Contains(fmt.Sprint(many.field("detail")), "serve --max-fields allows more") {
		t.Errorf("many fields: %v", many)
	}
}
