package server

import (
	"bytes"
	"errors"
	"fmt"
	"net"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/intake"
)

// examiner refuses what can be refused by a request's header.
type examiner struct {
	limits   *Limits
	loopback bool     // the server listens there
	hosts    []string // that Host may name besides
	proxies  *proxies
	places   map[string]*place
	dicts    dictionaries
}

// examine finds where a header leads, and what is wrong with it: place and route are nil
// where it leads nowhere. It runs before a body is read, and allocates nothing for a good
// request.
func (x *examiner) examine(h *fasthttp.RequestHeader, e *exchange) (*place, *route, *problem) {
	if p := x.checkFraming(h); p != nil {
		return nil, nil, p
	}
	if p := x.checkHost(h); p != nil {
		return nil, nil, p
	}
	at, p := x.find(h, e.trusted)
	if p != nil {
		return at, nil, p
	}
	e.path = at.path
	r := at.route(h.Method())
	if r == nil {
		return at, nil, methodProblem(at.allow)
	}
	if p := r.checkBody(h); p != nil || r.body == noBody {
		return at, r, p
	}
	_, query := splitTarget(h.RequestURI())
	e.dict, p = x.dicts.of(query)
	return at, r, p
}

// find returns the place that a request's target leads to.
func (x *examiner) find(h *fasthttp.RequestHeader, trusted bool) (*place, *problem) {
	path, query := splitTarget(h.RequestURI())
	at := x.places[string(path)]
	if at == nil {
		if prefix := x.proxies.prefix(trusted, h); string(path) == prefix && prefix != "" {
			return nil, moved("with a slash at its end", path[bytes.LastIndexByte(path, '/')+1:], "/", query)
		} else if inner := within(path, prefix); inner != nil {
			path = inner
			at = x.places[string(path)]
		}
	}
	if at != nil {
		return at, nil
	}
	if p := x.withoutSlash(path, query); p != nil {
		return nil, p
	}
	if knownMethod(h.Method()) {
		detail := "there is nothing at this path; GET /openapi.json lists what there is"
		if bytes.HasPrefix(path, []byte(dictsPath+"/")) {
			detail = "there is no dictionary of that name; GET " + dictsPath + " lists those there are"
		}
		return nil, &problem{status: fasthttp.StatusNotFound, code: "not_found", detail: detail}
	}
	return nil, methodProblem(allMethods)
}

// withoutSlash leads from a path with a slash too many to the one without, as FastAPI
// does; nil where there is none.
func (x *examiner) withoutSlash(path, query []byte) *problem {
	path, slash := bytes.CutSuffix(path, []byte("/"))
	if x.places[string(path)] == nil || !slash || len(path) < 2 || path[0] != '/' {
		return nil
	}
	return moved("without the slash at its end", []byte("../"), string(path[bytes.LastIndexByte(path, '/')+1:]), query)
}

// moved leads to a place that is said relative to the one that was asked for, since only
// the client knows all of its path.
func moved(detail string, start []byte, end string, query []byte) *problem {
	location := string(start) + end
	if len(query) > 0 {
		location += "?" + string(query)
	}
	return &problem{status: fasthttp.StatusTemporaryRedirect, code: "moved", detail: detail, location: location}
}

// knownMethod reports whether any path here has the method.
func knownMethod(m []byte) bool {
	switch string(m) {
	case fasthttp.MethodGet, fasthttp.MethodHead, fasthttp.MethodPost, fasthttp.MethodOptions:
		return true
	}
	return false
}

func methodProblem(allow string) *problem {
	return &problem{status: fasthttp.StatusMethodNotAllowed, code: "method_not_allowed", detail: "use one of: " + allow, allow: allow}
}

// splitTarget cuts a request target into path and query. Of the absolute form
// it leaves out scheme and authority.
func splitTarget(target []byte) (path, query []byte) {
	if len(target) > 0 && target[0] != '/' {
		if _, rest, ok := bytes.Cut(target, []byte("://")); ok {
			slash := bytes.IndexByte(rest, '/')
			if slash < 0 {
				return []byte("/"), nil
			}
			target = rest[slash:]
		}
	}
	path, query, _ = bytes.Cut(target, []byte("?"))
	return path, query
}

// checkFraming refuses what different programs would read in different ways, so
// that nobody between a client and us can be made to see another request.
func (x *examiner) checkFraming(h *fasthttp.RequestHeader) *problem {
	switch string(h.Protocol()) {
	case "HTTP/1.1", "HTTP/1.0":
	default:
		return &problem{status: fasthttp.StatusHTTPVersionNotSupported, code: "http_version", detail: "this is an HTTP/1.1 server", close: true}
	}
	if size := len(h.Method()) + len(h.RequestURI()) + len(h.Protocol()) + len("  \r\n") + len(h.RawHeaders()); size > x.limits.Header {
		return x.headerTooLarge()
	}
	fields, length, encoding, odd := scanFields(h.RawHeaders())
	switch {
	case odd:
		return badRequest("a header field has a space in its name, or goes on in a second line")
	case encoding && length:
		return badRequest("both Content-Length and Transfer-Encoding are there")
	case encoding && h.ContentLength() != intake.Chunked:
		return badRequest("Transfer-Encoding is not chunked")
	case fields > x.limits.Fields:
		return &problem{status: fasthttp.StatusRequestHeaderFieldsTooLarge, code: "header_too_large",
			detail: fmt.Sprintf("more than %d header fields: serve --max-fields allows more", x.limits.Fields), close: true}
	}
	return nil
}

func (x *examiner) headerTooLarge() *problem {
	return &problem{status: fasthttp.StatusRequestHeaderFieldsTooLarge, code: "header_too_large",
		detail: fmt.Sprintf("request line and header fields, cookies among them, are more than %d bytes: serve --max-header allows more", x.limits.Header), close: true}
}

func badRequest(detail string) *problem {
	return &problem{status: fasthttp.StatusBadRequest, code: "bad_request", detail: detail, close: true}
}

// scanFields goes over header lines as they came. fasthttp has checked them one
// by one, but keeps only one of the two that say how long a body is.
func scanFields(raw []byte) (fields int, length, encoding, odd bool) {
	for len(raw) > 0 {
		end := bytes.IndexByte(raw, '\n')
		if end < 0 {
			end = len(raw) - 1
		}
		line := raw[:end+1]
		raw = raw[end+1:]
		switch c := line[0]; {
		case c == '\r' || c == '\n':
			continue
		case c == ' ' || c == '\t':
			odd = true
		case c|0x20 == 'c' && hasName(line, "content-length"):
			length = true
		case c|0x20 == 't' && hasName(line, "transfer-encoding"):
			encoding = true
		}
		if space := bytes.IndexAny(line[:max(bytes.IndexByte(line, ':'), 0)], " \t"); space >= 0 {
			odd = true
		}
		fields++
	}
	return fields, length, encoding, odd
}

// hasName reports whether a header line is the field of that name in lower case.
func hasName(line []byte, name string) bool {
	if len(line) <= len(name) || line[len(name)] != ':' {
		return false
	}
	for i := range len(name) {
		c := line[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != name[i] {
			return false
		}
	}
	return true
}

// checkHost wants a Host that can be one, and on a loopback address one that
// means this machine.
func (x *examiner) checkHost(h *fasthttp.RequestHeader) *problem {
	host := h.Host()
	if target := h.RequestURI(); len(target) > 0 && target[0] != '/' {
		if _, rest, ok := bytes.Cut(target, []byte("://")); ok {
			// The authority of an absolute target counts (RFC 9112, 3.2.2).
			host = rest
			if end := bytes.IndexAny(rest, "/?"); end >= 0 {
				host = rest[:end]
			}
		}
	}
	if len(host) == 0 && !h.IsHTTP11() {
		return nil // HTTP/1.0 needs none
	}
	name, ok := splitHost(host)
	if !ok {
		return badRequest("Host is malformed")
	}
	if x.loopback && !isHere(name, x.hosts) {
		return &problem{status: fasthttp.StatusMisdirectedRequest, code: "host",
			detail: "Host names another machine: this server listens for its own machine only, and --host allows more names"}
	}
	return nil
}

// checkBody refuses bodies that are too large, or of a kind the route does not
// take. Bodies that come in chunks are cut off at the limit while they are read.
func (r *route) checkBody(h *fasthttp.RequestHeader) *problem {
	limit := r.bodyLimit()
	if h.ContentLength() > limit {
		return tooLarge(limit)
	}
	if r.body == noBody {
		return nil
	}
	if enc := h.ContentEncoding(); len(enc) > 0 && !bytes.EqualFold(enc, []byte(encodingNames[identity])) && !(r.body == framesBody && isDCZ(h)) {
		detail := "send the body without Content-Encoding"
		if r.body == framesBody {
			detail += ", or as " + dczName
		}
		return &problem{status: fasthttp.StatusUnsupportedMediaType, code: "content_encoding", detail: detail}
	}
	if !r.body.takes(h.ContentType()) {
		return &problem{status: fasthttp.StatusUnsupportedMediaType, code: "content_type", detail: "send the body as " + r.body.mediaType()}
	}
	return nil
}

func tooLarge(limit int) *problem {
	return &problem{status: fasthttp.StatusRequestEntityTooLarge, code: "body_too_large", detail: fmt.Sprintf("%d bytes are the most of this request's body", limit)}
}

// readProblem is the answer to a request that could not be read, which at and r are all
// that is known of.
func (x *examiner) readProblem(err error, at *place, r *route) *problem {
	if errors.Is(err, fasthttp.ErrBodyTooLarge) && r != nil {
		p := tooLarge(r.bodyLimit())
		p.close = true
		return p
	}
	if _, ok := errors.AsType[*fasthttp.ErrSmallBuffer](err); ok {
		return x.headerTooLarge()
	}
	if t, ok := errors.AsType[net.Error](err); ok && t.Timeout() {
		return &problem{status: fasthttp.StatusRequestTimeout, code: "timeout", detail: "the request did not come in time", close: true}
	}
	if at == nil {
		return badRequest("the request line or a header field is malformed")
	}
	return badRequest("the body ends too early, or its chunks are malformed")
}
