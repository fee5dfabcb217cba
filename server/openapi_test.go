package server

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// loadOpenAPI reads the document as a client gets it.
func loadOpenAPI(t *testing.T, l *live) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(l.once(t, getRequest("/openapi.json")).body)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestOpenAPI holds the document against the routes: each documented one is
// there with its method, and nothing else.
func TestOpenAPI(t *testing.T) {
	l := inMemory(t, nil)
	doc := loadOpenAPI(t, l)
	documented := 0
	for _, r := range routes(new(handlers)) {
		if r.doc == nil {
			continue
		}
		documented++
		item := doc.Paths.Value(r.path)
		if item == nil || item.GetOperation(r.method) == nil {
			t.Errorf("%s %s is not in the document", r.method, r.path)
		}
	}
	if doc.Paths.Len() != documented {
		t.Errorf("%d paths in the document, %d routes", doc.Paths.Len(), documented)
	}
}

// TestOpenAPIPromises: what clients of the original count on.
func TestOpenAPIPromises(t *testing.T) {
	doc := loadOpenAPI(t, inMemory(t, nil))
	bench := doc.Paths.Value("/bench").Get
	for name, def := range map[string]float64{"workers": 4, "iters": 2500000} {
		p := bench.Parameters.GetByInAndName("query", name)
		if p == nil || p.Required || p.Schema.Value.Default != def || !p.Schema.Value.Type.Is("integer") {
			t.Errorf("/bench %s: %+v", name, p)
		}
	}
	for path, want := range map[string]struct {
		required, optional []string
	}{
		"/compress":   {[]string{"text"}, []string{"level"}},
		"/decompress": {[]string{"b64"}, nil},
	} {
		in := doc.Paths.Value(path).Post.RequestBody.Value.Content.Get("application/json").Schema.Value
		if more := in.AdditionalProperties.Has; more == nil || !*more {
			t.Errorf("%s: other members are not said to be ignored", path)
		}
		if !slices.Equal(in.Required, want.required) {
			t.Errorf("%s: required %v", path, in.Required)
		}
		for _, name := range append(want.required, want.optional...) {
			if in.Properties[name] == nil {
				t.Errorf("%s has no %s", path, name)
			}
		}
	}
	level := doc.Components.Schemas["CompressIn"].Value.Properties["level"].Value
	if level.Default != 3.0 || !level.Type.Includes("integer") || !level.Type.Includes("null") {
		t.Errorf("level: %+v", level)
	}
}

// TestAnswersFitOpenAPI holds real answers, good and bad, against the document.
func TestAnswersFitOpenAPI(t *testing.T) {
	f := newFakeLauncher()
	few := withContent(t)
	l := onLoopback(t, func(o *Options) { o.Bench.Launcher = f; few(o) })
	doc := loadOpenAPI(t, l)
	frame := base64Of(sealedFrame(t, "text"))
	for _, c := range []struct {
		raw    string
		status int
	}{
		{getRequest("/ping"), 200},
		{getRequest("/healthz"), 200},
		{getRequest("/v1/dict"), 200},
		{getRequest("/metrics"), 200},
		{postRequest("/compress", `{"text":"a"}`), 200},
		{postRequest("/compress", `{"text":"","level":null}`), 200},
		{postRequest("/compress", `{"text":"","level":23}`), 422},
		{postRequest("/compress", `{`), 400},
		{postRequest("/compress", `{}`), 422},
		{request("POST", "/compress", "Content-Type: text/plain\r\n", `{}`), 415},
		{postRequest("/decompress", `{"b64":"`+frame+`"}`), 200},
		{postRequest("/decompress", `{"b64":"`+base64Of(sealedFrame(t, "\xff"))+`"}`), 200},
		{postRequest("/decompress", `{"b64":"?"}`), 422},
		{postRequest("/decompress", `{"b64":""}`), 422},
		{postRequest("/decompress", `{"b64":"AAAAAAAA"}`), 422},
		{postRequest("/v1/compress", "a"), 200},
		{postRequest("/v1/compress?level=x", "a"), 422},
		{postRequest("/v1/compress?dict=logs", "a"), 200},
		{postRequest("/v1/compress?dict=nope", "a"), 422},
		{postRequest("/v1/decompress", string(sealedFrame(t, "text"))), 200},
		{postRequest("/v1/decompress", "text"), 422},
		{request("POST", "/v1/compress", available(dczContent), "a"), 200},
		{request("POST", "/v1/decompress", bodyIsDCZ, "text"), 422},
		{request("POST", "/v1/decompress", "Content-Encoding: gzip\r\n", "text"), 415},
		{getRequest("/bench"), 200},
		{getRequest("/bench?workers=0"), 422},
		{request("GET", "/bench", "Origin: null\r\n", ""), 403},
	} {
		method, rest, _ := strings.Cut(c.raw, " ")
		path, _, _ := strings.Cut(rest, " ")
		path, _, _ = strings.Cut(path, "?")
		if c.status == 200 && path == "/bench" {
			go func() { <-f.started; f.release <- true; <-f.killed }()
		}
		got := l.once(t, c.raw)
		if got.status != c.status {
			t.Errorf("%.60q: %v, want %d", c.raw, got, c.status)
			continue
		}
		of := doc.Paths.Value(path).GetOperation(method).Responses.Value(strconv.Itoa(got.status))
		if of == nil {
			t.Errorf("%s %s: status %d is not in the document", method, path, got.status)
			continue
		}
		content := of.Value.Content.Get(string(got.header.ContentType()))
		if content == nil {
			t.Errorf("%s %s %d: %s is not in the document", method, path, got.status, got.header.ContentType())
			continue
		}
		if !strings.HasSuffix(string(got.header.ContentType()), "json") {
			continue
		}
		var v any
		if err := json.Unmarshal(got.body, &v); err != nil {
			t.Fatal(err)
		}
		if err := content.Schema.Value.VisitJSON(v, openapi3.EnableJSONSchema2020()); err != nil {
			t.Errorf("%s %s %d: %v: %s", method, path, got.status, err, got.body)
		}
		for name := range v.(map[string]any) {
			if content.Schema.Value.Properties[name] == nil {
				t.Errorf("%s %s %d: field %s is not in the document", method, path, got.status, name)
			}
		}
	}
}
