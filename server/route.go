package server

import (
	"strings"

	"github.com/valyala/fasthttp"
)

const (
	get  = fasthttp.MethodGet
	post = fasthttp.MethodPost
)

// entry is a line of routes: a method of a path.
type entry struct {
	method, path string
	// serve answers a request, or says what is wrong with it. ctx and what it
	// leads to are gone when serve returns.
	serve func(*exchange, *fasthttp.RequestCtx) *problem
	body  bodyKind
	doc   *operation // nil: not part of the documented API
}

// route is an entry that a server has.
type route struct {
	entry
	index int // among the server's routes
	most  int // bytes of a body
}

// strayBody is the most of a body that is read and ignored, where none belongs or
// the request is refused.
const strayBody = 1 << 10

// bodyLimits is the most bytes of a body of each kind.
type bodyLimits [bodyKinds]int

// limitsOf are those of limits; frame is the largest that is worth accepting for Text.
func limitsOf(l Limits, frame int) bodyLimits {
	return bodyLimits{noBody: strayBody, compressBody: l.JSON, decompressBody: base64JSON(frame), rawBody: l.Raw, framesBody: l.Raw}
}

// bodyLimit is the most bytes of a route's body; never 0.
func (r *route) bodyLimit() int { return max(r.most, 1) }

// dear reports whether a request may cost more than a page of another site may ask
// for; see sites.
func (r *route) dear() bool { return r.body != noBody || r.doc != nil && r.doc.dear }

// place is a path and the routes there.
type place struct {
	path      string
	get, post *route
	options   *route
	allow     string // as the header Allow has it
}

// anywhere is the target of OPTIONS requests about the server as a whole.
const anywhere = "*"

// allMethods is every method there is.
const allMethods = "GET, HEAD, POST, OPTIONS"

// numbered makes routes of entries.
func numbered(entries []entry, most bodyLimits) []route {
	out := make([]route, len(entries))
	for i, e := range entries {
		out[i] = route{e, i, most[e.body]}
	}
	return out
}

// labels are the methods and paths of routes, by their index.
func labels(routes []route) [][2]string {
	out := make([][2]string, len(routes))
	for i, r := range routes {
		out[i] = [2]string{r.method, r.path}
	}
	return out
}

// placesOf indexes routes by path.
func placesOf(routes []route) map[string]*place {
	places := map[string]*place{anywhere: {path: anywhere}}
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
	}
	for _, p := range places {
		p.allow = p.methods()
		// In figures it is none of the routes.
		p.options = &route{entry{method: fasthttp.MethodOptions, serve: optionsOf(p.allow)}, len(routes), strayBody}
	}
	return places
}

func (p *place) methods() string {
	if p.path == anywhere {
		return allMethods
	}
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
	case fasthttp.MethodOptions:
		return p.options
	}
	return nil
}
