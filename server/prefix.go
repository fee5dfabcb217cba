package server

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/valyala/fasthttp"
)

// A proxy may have the shop below a path of its own, such as /shop, and either take that
// prefix off each path or leave it there. Both are answered. Links of the pages and
// redirects are relative, so they lead to the right place whatever the prefix is; the
// page at / and the OpenAPI document name it where it is known.

// headerPrefix is how a proxy that takes a prefix off says which.
const headerPrefix = "X-Forwarded-Prefix"

// headerHost is how a proxy that has changed Host says what it was.
const headerHost = "X-Forwarded-Host"

// mostPrefix is the longest prefix in bytes.
const mostPrefix = 256

// errPrefix says what a prefix is.
var errPrefix = fmt.Errorf("want a path such as /shop: segments of letters, digits and - . _ ~, %d bytes at most", mostPrefix)

// ParsePrefix returns the prefix of paths that text names, without a slash at its end: ""
// for none. It refuses one below which the API has paths of its own, since nobody could
// tell those from paths that a proxy has left as they came.
func ParsePrefix(text string) (string, error) {
	prefix, ok := cleanPrefix(text)
	if !ok {
		return "", errPrefix
	}
	for _, e := range routes() {
		if prefix != "" && (e.path == prefix || strings.HasPrefix(e.path, prefix+"/")) {
			return "", errors.New("the API has paths of its own there: choose another")
		}
	}
	return prefix, nil
}

// cleanPrefix takes the slash off the end of a prefix, and reports whether it is one.
func cleanPrefix(text string) (string, bool) {
	prefix := strings.TrimSuffix(text, "/")
	if prefix == "" {
		return "", true
	}
	if len(prefix) > mostPrefix || prefix[0] != '/' {
		return "", false
	}
	for segment := range strings.SplitSeq(prefix[1:], "/") {
		if segment == "" || segment == "." || segment == ".." {
			return "", false
		}
		for i := range len(segment) {
			if c := segment[i]; !isHostByte(c) && c != '~' {
				return "", false
			}
		}
	}
	return prefix, true
}

// prefix is the path below which the client of a request sees the server: what a trusted
// proxy says, or the one that the server was started with. What is no prefix is passed
// over, as is all that others say.
func (e *session) prefix(h *fasthttp.RequestHeader) string {
	if !e.trusted {
		return e.server.opts.BasePath
	}
	// Of several proxies the first has the outermost part.
	var all strings.Builder
	for _, line := range h.PeekAll(headerPrefix) {
		for part := range strings.SplitSeq(string(line), ",") {
			prefix, ok := cleanPrefix(strings.TrimSpace(part))
			if !ok || all.Len()+len(prefix) > mostPrefix {
				return e.server.opts.BasePath
			}
			all.WriteString(prefix)
		}
	}
	if all.Len() == 0 {
		return e.server.opts.BasePath
	}
	return all.String()
}

// host is what the client of a request calls the server: what a trusted proxy says, or
// Host.
func (e *session) host(h *fasthttp.RequestHeader) []byte {
	if said := h.Peek(headerHost); e.trusted && len(said) > 0 {
		return said
	}
	return h.Host()
}

// isTrusted reports whether a connection comes from a proxy that is to be believed.
func (s *Server) isTrusted(from net.Addr) bool {
	tcp, ok := from.(*net.TCPAddr)
	if !ok {
		return false
	}
	addr := tcp.AddrPort().Addr().Unmap()
	for _, known := range s.opts.Proxies {
		if known.Contains(addr) {
			return true
		}
	}
	return false
}

// ParseProxy returns the network that text names: an address, or a network such as
// 10.0.0.0/8.
func ParseProxy(text string) (netip.Prefix, error) {
	if network, err := netip.ParsePrefix(text); err == nil {
		return network.Masked(), nil
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, errors.New("want an address or a network, such as 127.0.0.1 or 10.0.0.0/8")
	}
	return addr.Unmap().WithZone("").Prefix(addr.Unmap().BitLen())
}

// within takes prefix off the path of a request: nil where it is not there.
func within(path []byte, prefix string) []byte {
	rest, ok := bytes.CutPrefix(path, []byte(prefix))
	if prefix == "" || !ok || len(rest) > 0 && rest[0] != '/' {
		return nil
	}
	return rest
}

// indexFor is the page at / for clients that see the server below prefix. Where a client
// asks for the prefix without a slash, and a proxy takes it off, relative links would
// lead out of it; so the page says where it is.
func (s *Server) indexFor(prefix string) []byte {
	if prefix == "" {
		return s.indexPage
	}
	return bytes.Replace(s.indexPage, []byte("<html "), []byte(`<html data-base="`+prefix+`" `), 1)
}

// pageFor is the page of that name for clients that see the server below prefix. For
// another than the server's own it is made anew each time, and not compressed: a prefix
// that came with a request may be any.
func (s *Server) pageFor(name, prefix string) (*page, error) {
	p := s.pages[name]
	if prefix == s.opts.BasePath {
		return p, nil
	}
	var content []byte
	switch name {
	case indexName:
		content = s.indexFor(prefix)
	case openAPIName:
		var err error
		if content, err = s.describe(prefix); err != nil {
			return nil, err
		}
	default:
		return p, nil
	}
	own := &page{mediaType: p.mediaType, policy: p.policy}
	own.hold(content, s.backends[0])
	own.forms[gzipEncoding], own.forms[zstdEncoding] = nil, nil
	return own, nil
}
