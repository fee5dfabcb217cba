package server

import (
	"fmt"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

func TestPreferred(t *testing.T) {
	for accept, want := range map[string]encoding{
		"": identity, "gzip": gzipEncoding, "zstd": zstdEncoding, "gzip, deflate, br, zstd": zstdEncoding, "ZSTD": zstdEncoding,
		"gzip;q=1.0, zstd;q=0.5": gzipEncoding, "gzip;q=0.5,zstd; q=0.5": zstdEncoding, "zstd;q=0": identity, "zstd;q=0, gzip;q=0.001": gzipEncoding,
		"*": zstdEncoding, "*;q=0": identity, "zstd;q=0, *": gzipEncoding, "identity": identity, "identity, gzip;q=0.5": identity, "identity;q=0.1, gzip": gzipEncoding,
		"br": identity, "zstd;q=2": identity, "zstd;q=x": identity, "zstd;level=3": identity, "zstdx": identity, ", ,": identity, "identity;q=0": identity, "zstd;q=NaN": identity,
	} {
		if got := preferred([]byte(accept)); got != want {
			t.Errorf("%q: %s, want %s", accept, encodingNames[got], encodingNames[want])
		}
	}
}

// TestPageForms: every document comes in each form, with a tag of its own by which it is
// not sent again, and says that the form depends on what was asked.
func TestPageForms(t *testing.T) {
	l := inMemory(t, nil)
	for _, path := range []string{"/", "/docs", "/docs/start.js", "/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css", "/openapi.json"} {
		plain := l.once(t, getRequest(path))
		tags := map[string]bool{}
		for c := range encodings {
			accept := "Accept-Encoding: " + encodingNames[c] + "\r\n"
			got := l.once(t, request("GET", path, accept, ""))
			tag := string(got.header.Peek("ETag"))
			body, said := got.body, string(got.header.ContentEncoding())
			var err error
			switch c {
			case gzipEncoding:
				var r fasthttp.Response
				r.SetBodyRaw(got.body)
				body, err = r.BodyGunzip()
			case zstdEncoding:
				body, err = unpack(got.body, l.shop.codecs.usable[0])
			}
			if err != nil || got.status != 200 || string(body) != string(plain.body) || tags[tag] || tag == "" ||
				said != strings.TrimPrefix(c.suffix(), "-") || string(got.header.Peek("Vary")) != "Accept-Encoding" || c != identity && len(got.body)*2 > len(plain.body) && len(plain.body) > 2000 {
				t.Errorf("%s as %s: %d, %d of %d bytes, %q, tag %s, Vary %s: %v", path, encodingNames[c], got.status, len(got.body), len(plain.body), said, tag, got.header.Peek("Vary"), err)
			}
			tags[tag] = true
			again := l.once(t, request("GET", path, accept+"If-None-Match: \"x\", "+tag+"\r\n", ""))
			if again.status != 304 || len(again.body) > 0 || string(again.header.Peek("ETag")) != tag || string(again.header.Peek("Vary")) != "Accept-Encoding" {
				t.Errorf("%s as %s again: %v", path, encodingNames[c], again)
			}
		}
	}
}

// TestMetricsEncoded: figures change, so they are packed for whoever asks and have no
// tag.
func TestMetricsEncoded(t *testing.T) {
	l := inMemory(t, nil)
	for c := range encodings {
		got := l.once(t, request("GET", "/metrics", "Accept-Encoding: "+encodingNames[c]+"\r\n", ""))
		if got.status != 200 || string(got.header.ContentEncoding()) != strings.TrimPrefix(c.suffix(), "-") || len(got.header.Peek("ETag")) > 0 || string(got.header.Peek("Vary")) != "Accept-Encoding" {
			t.Errorf("%s: %s", encodingNames[c], got.header.Header())
		}
		if c == identity != strings.Contains(string(got.body), "zstdshop_requests_total") {
			t.Errorf("%s: %.100q", encodingNames[c], got.body)
		}
	}
}

// TestSlash: a path with a slash too many leads to the one without, whatever the
// method; nothing else does.
func TestSlash(t *testing.T) {
	l := inMemory(t, nil)
	for _, c := range []struct{ raw, location string }{
		{getRequest("/ping/"), "../ping"},
		{getRequest("/bench/?workers=1&x=%2f"), "../bench?workers=1&x=%2f"},
		{request("HEAD", "/ping/", "", ""), "../ping"},
		{postRequest("/v1/compress/?level=3", strings.Repeat("x", 100_000)), "../compress?level=3"},
		{postRequest("/compress/", `{"text":"a"}`), "../compress"},
		{getRequest("/compress/"), "../compress"},
		{request("GET", "http://localhost/docs/", "", ""), "../docs"},
		{getRequest("//"), ""}, {getRequest("//ping/"), ""}, {getRequest("/ping//"), ""}, {getRequest("/nowhere/"), ""}, {getRequest("*/"), ""},
	} {
		got := l.once(t, c.raw)
		want := 307
		if c.location == "" {
			want = 404
		}
		if c.raw[:5] == "GET *" {
			want = 400
		}
		if location := string(got.header.Peek("Location")); got.status != want || location != c.location {
			t.Errorf("%.40q: %d to %q, want %d to %q", c.raw, got.status, location, want, c.location)
		}
	}
}

// TestFaults: a body that is no JSON is 400, whatever else is wrong, and a field at
// fault 422 (docs/decisions/0014).
func TestFaults(t *testing.T) {
	l := inMemory(t, nil)
	for path, bodies := range map[string]map[string]int{
		"/compress": {
			``: 400, `{`: 400, `{"text":"a",}`: 400, `{"text":5`: 400, "{\"text\":\"\xff\"}": 400, `{"text":"a","text":"b"}`: 400, `{"text":"\ud800"}`: 400, `{"text":5}x`: 400,
			`{}`: 422, `[]`: 422, `null`: 422, `"a"`: 422, `{"text":5}`: 422, `{"text":null}`: 422, `{"text":"a","level":99}`: 422, `{"text":"a","level":"3"}`: 422,
		},
		"/decompress": {
			``: 400, `{"b64":"`: 400, `{"b64":"*"`: 400,
			`{}`: 422, `{"b64":5}`: 422, `{"b64":""}`: 422, `{"b64":"*"}`: 422, `{"b64":"YWJj"}`: 422,
		},
	} {
		for body, want := range bodies {
			got := l.once(t, postRequest(path, body))
			if got.status != want || (got.field("code") == "json_invalid") != (want == 400) {
				t.Errorf("%s %s: %v; want %d", path, fmt.Sprintf("%q", body), got, want)
			}
		}
	}
}
