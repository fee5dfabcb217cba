package server

import (
	"bytes"
	"strings"

	"github.com/valyala/fasthttp"
)

// routes is the whole API. Router, methods, limits and the OpenAPI document are
// made from it, and /docs has the order of it; HEAD comes with every GET and OPTIONS with every path.
func routes() []entry {
	return []entry{
		{get, "/", (*Server).index, noBody, nil},
		{post, "/compress", (*Server).compressJSON, compressBody, &compressDoc},
		{post, "/decompress", (*Server).decompressJSON, decompressBody, &decompressDoc},
		{post, "/v1/compress", (*Server).compressRaw, rawBody, &rawCompressDoc},
		{post, "/v1/decompress", (*Server).decompressRaw, framesBody, &rawDecompressDoc},
		{get, dictsPath, (*Server).listDicts, noBody, &dictsDoc},
		{get, dictPath, (*Server).sendDict, noBody, &dictDoc},
		{get, "/ping", (*Server).answerPing, noBody, &pingDoc},
		{get, "/healthz", (*Server).healthz, noBody, &healthzDoc},
		{get, "/metrics", (*Server).answerMetrics, noBody, &metricsDoc},
		{get, "/bench", (*Server).answerBench, noBody, &benchDoc},
		{get, "/openapi.json", (*Server).answerOpenAPI, noBody, nil},
		{get, "/docs", (*Server).docsPage, noBody, nil},
		{get, "/docs/swagger-ui-bundle.js", (*Server).docsScript, noBody, nil},
		{get, "/docs/swagger-ui.css", (*Server).docsStyle, noBody, nil},
		{get, "/docs/start.js", (*Server).docsStart, noBody, nil},
	}
}

const (
	get  = fasthttp.MethodGet
	post = fasthttp.MethodPost
)

// entry is a line of routes: a method of a path.
type entry struct {
	method, path string
	// serve answers a request, or says what is wrong with it. ctx and what it
	// leads to are gone when serve returns.
	serve func(*Server, *session, *fasthttp.RequestCtx) *problem
	body  bodyKind
	doc   *operation // nil: not part of the documented API
}

// route is an entry that a server has.
type route struct {
	entry
	index int // among the server's routes
}

// bodyKind is what a route expects of a request's body.
type bodyKind int

const (
	noBody bodyKind = iota
	compressBody
	decompressBody
	rawBody
	framesBody
)

// isBytes reports whether the body is what it is, and not JSON.
func (k bodyKind) isBytes() bool { return k == rawBody || k == framesBody }

// isFrames reports whether the body holds frames.
func (k bodyKind) isFrames() bool { return k == decompressBody || k == framesBody }

// strayBody is the most of a body that is read and ignored, where none belongs or
// the request is refused.
const strayBody = 1 << 10

// bodyLimit is the most bytes of a route's body; never 0.
func (r *route) bodyLimit(s *Server) int {
	switch r.body {
	case compressBody:
		return s.limits.JSON
	case decompressBody:
		return s.decodeJSON
	case rawBody, framesBody:
		return s.limits.Raw
	}
	return strayBody
}

// dear reports whether a request may cost more than a page of another site may ask
// for; see checkSite.
func (r *route) dear() bool { return r.body != noBody || r.doc == &benchDoc }

// takes reports whether a body of that media type can be meant. Without a type it
// can: many a client names none.
func (k bodyKind) takes(mediaType []byte) bool {
	kind, params, _ := bytes.Cut(mediaType, []byte(";"))
	kind = bytes.TrimSpace(kind)
	if k.isBytes() {
		// curl calls whatever it sends a form, unless told otherwise; but parts
		// of a form are not what anybody wants to have compressed.
		return len(kind) < len("multipart/") || !bytes.EqualFold(kind[:len("multipart/")], []byte("multipart/"))
	}
	if len(kind) > 0 && !bytes.EqualFold(kind, []byte("application/json")) {
		return false
	}
	for len(params) > 0 {
		var param []byte
		param, params, _ = bytes.Cut(params, []byte(";"))
		name, value, _ := bytes.Cut(bytes.TrimSpace(param), []byte("="))
		value = bytes.Trim(value, `"`)
		if bytes.EqualFold(name, []byte("charset")) && !bytes.EqualFold(value, []byte("utf-8")) && !bytes.EqualFold(value, []byte("utf8")) {
			return false
		}
	}
	return true
}

func (k bodyKind) mediaType() string {
	if k.isBytes() {
		return "application/octet-stream"
	}
	return "application/json, in UTF-8"
}

// place is a path and the routes there.
type place struct {
	path      string
	get, post *route
	allow     string // as the header Allow has it
}

// anywhere is the target of OPTIONS requests about the server as a whole.
const anywhere = "*"

// allMethods is every method there is.
const allMethods = "GET, HEAD, POST, OPTIONS"

var optionsRoute = &route{entry: entry{method: fasthttp.MethodOptions, serve: (*Server).options}}

// numbered makes routes of entries.
func numbered(entries []entry) []route {
	out := make([]route, len(entries))
	for i, e := range entries {
		out[i] = route{e, i}
	}
	return out
}

// placesOf indexes routes by path.
func placesOf(routes []route) map[string]*place {
	places := map[string]*place{anywhere: {path: anywhere, allow: allMethods}}
	for i := range routes {
		r := &routes[i]
		p := places[r.path]
		if p == nil {
			p = &place{path: r.path}
			places[r.path] = p
		}
		if r.method == post {
			p.post = r
		} else {
			p.get = r
		}
		p.allow = p.methods()
	}
	return places
}

func (p *place) methods() string {
	var m []string
	if p.get != nil {
		m = append(m, fasthttp.MethodGet, fasthttp.MethodHead)
	}
	if p.post != nil {
		m = append(m, fasthttp.MethodPost)
	}
	return strings.Join(append(m, fasthttp.MethodOptions), ", ")
}

// route returns the route of a method; nil where there is none.
func (p *place) route(method []byte) *route {
	switch string(method) {
	case fasthttp.MethodGet, fasthttp.MethodHead:
		return p.get
	case fasthttp.MethodPost:
		return p.post
	}
	return nil
}
