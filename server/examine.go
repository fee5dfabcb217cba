package server

import (
	"bytes"
	"errors"
	"fmt"
	"net"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/intake"
)

// examine refuses what can be refused by the header, and finds the route of what
// cannot. It runs before a body is read, and allocates nothing for a good
// request.
func (e *session) examine(h *fasthttp.RequestHeader) *problem {
	if p := e.server.checkFraming(h); p != nil {
		return p
	}
	if p := e.server.checkHost(h); p != nil {
		return p
	}
	path, query := splitTarget(h.RequestURI())
	if e.place = e.server.places[string(path)]; e.place == nil {
		if prefix := e.prefix(h); string(path) == prefix && prefix != "" {
			return moved("with a slash at its end", path[bytes.LastIndexByte(path, '/')+1:], "/", query)
		} else if inner := within(path, prefix); inner != nil {
			path = inner
			e.place = e.server.places[string(path)]
		}
	}
	if e.place == nil {
		if p := e.server.withoutSlash(path, query); p != nil {
			return p
		}
	}
	method := h.Method()
	switch known := knownMethod(method); {
	case e.place == nil && known:
		return &problem{status: fasthttp.StatusNotFound, code: "not_found", detail: "there is nothing at this path; GET /openapi.json lists what there is"}
	case e.place == nil:
		return methodProblem(allMethods)
	}
	if string(method) == fasthttp.MethodOptions {
		e.route = optionsRoute
	} else if e.route = e.place.route(method); e.route == nil {
		return methodProblem(e.place.allow)
	}
	if p := e.checkBody(h); p != nil || e.route.body == noBody {
		return p
	}
	var p *problem
	e.dict, p = e.server.dictOf(query)
	return p
}

// withoutSlash leads from a path with a slash too many to the one without, as FastAPI
// does; nil where there is none.
func (s *Server) withoutSlash(path, query []byte) *problem {
	path, slash := bytes.CutSuffix(path, []byte("/"))
	if s.places[string(path)] == nil || !slash || len(path) < 2 || path[0] != '/' {
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
func (s *Server) checkFraming(h *fasthttp.RequestHeader) *problem {
	switch string(h.Protocol()) {
	case "HTTP/1.1", "HTTP/1.0":
	default:
		return &problem{status: fasthttp.StatusHTTPVersionNotSupported, code: "http_version", detail: "this is an HTTP/1.1 server", close: true}
	}
	if size := len(h.Method()) + len(h.RequestURI()) + len(h.Protocol()) + len("  \r\n") + len(h.RawHeaders()); size > s.limits.Header {
		return s.headerTooLarge()
	}
	fields, length, encoding, odd := scanFields(h.RawHeaders())
	switch {
	case odd:
		return badRequest("a header field has a space in its name, or goes on in a second line")
	case encoding && length:
		return badRequest("both Content-Length and Transfer-Encoding are there")
	case encoding && h.ContentLength() != intake.Chunked:
		return badRequest("Transfer-Encoding is not chunked")
	case fields > s.limits.Fields:
		return &problem{status: fasthttp.StatusRequestHeaderFieldsTooLarge, code: "header_too_large",
			detail: fmt.Sprintf("more than %d header fields: serve --max-fields allows more", s.limits.Fields), close: true}
	}
	return nil
}

func (s *Server) headerTooLarge() *problem {
	return &problem{status: fasthttp.StatusRequestHeaderFieldsTooLarge, code: "header_too_large",
		detail: fmt.Sprintf("request line and header fields, cookies among them, are more than %d bytes: serve --max-header allows more", s.limits.Header), close: true}
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
func (s *Server) checkHost(h *fasthttp.RequestHeader) *problem {
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
	if s.opts.Loopback && !isHere(name, s.opts.Hosts) {
		return &problem{status: fasthttp.StatusMisdirectedRequest, code: "host",
			detail: "Host names another machine: this server listens for its own machine only, and --host allows more names"}
	}
	return nil
}

// checkBody refuses bodies that are too large, or of a kind the route does not
// take. Bodies that come in chunks are cut off at the limit while they are read.
func (e *session) checkBody(h *fasthttp.RequestHeader) *problem {
	limit := e.route.bodyLimit(e.server)
	if h.ContentLength() > limit {
		return tooLarge(limit)
	}
	if e.route.body == noBody {
		return nil
	}
	if enc := h.ContentEncoding(); len(enc) > 0 && !bytes.EqualFold(enc, []byte("identity")) {
		return &problem{status: fasthttp.StatusUnsupportedMediaType, code: "content_encoding", detail: "send the body without Content-Encoding"}
	}
	if !e.route.body.takes(h.ContentType()) {
		return &problem{status: fasthttp.StatusUnsupportedMediaType, code: "content_type", detail: "send the body as " + e.route.body.mediaType()}
	}
	return nil
}

func tooLarge(limit int) *problem {
	return &problem{status: fasthttp.StatusRequestEntityTooLarge, code: "body_too_large", detail: fmt.Sprintf("%d bytes are the most of this request's body", limit)}
}

// readProblem is the answer to a request that could not be read.
func (e *session) readProblem(err error) *problem {
	if errors.Is(err, fasthttp.ErrBodyTooLarge) && e.route != nil {
		p := tooLarge(e.route.bodyLimit(e.server))
		p.close = true
		return p
	}
	if _, ok := errors.AsType[*fasthttp.ErrSmallBuffer](err); ok {
		return e.server.headerTooLarge()
	}
	if t, ok := errors.AsType[net.Error](err); ok && t.Timeout() {
		return &problem{status: fasthttp.StatusRequestTimeout, code: "timeout", detail: "the request did not come in time", close: true}
	}
	if e.place == nil {
		return badRequest("the request line or a header field is malformed")
	}
	return badRequest("the body ends too early, or its chunks are malformed")
}
