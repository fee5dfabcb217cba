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

// proxies are the programs between clients and a server.
type proxies struct {
	base     string         // below which clients see the server, unless a proxy says another
	networks []netip.Prefix // whose connections are believed
}

// prefix is the path below which the client of a request sees the server: what a trusted
// proxy says, or the one that the server was started with. What is no prefix is passed
// over, as is all that others say.
func (p *proxies) prefix(trusted bool, h *fasthttp.RequestHeader) string {
	if !trusted {
		return p.base
	}
	// Of several proxies the first has the outermost part.
	var all strings.Builder
	for _, line := range h.PeekAll(headerPrefix) {
		for part := range strings.SplitSeq(string(line), ",") {
			prefix, ok := cleanPrefix(strings.TrimSpace(part))
			if !ok || all.Len()+len(prefix) > mostPrefix {
				return p.base
			}
			all.WriteString(prefix)
		}
	}
	if all.Len() == 0 {
		return p.base
	}
	return all.String()
}

// host is what the client of a request calls the server: what a trusted proxy says, or
// Host.
func (p *proxies) host(trusted bool, h *fasthttp.RequestHeader) []byte {
	if said := h.Peek(headerHost); trusted && len(said) > 0 {
		return said
	}
	return h.Host()
}

// trusts reports whether a connection comes from a proxy that is to be believed.
func (p *proxies) trusts(from net.Addr) bool {
	tcp, ok := from.(*net.TCPAddr)
	if !ok {
		return false
	}
	addr := tcp.AddrPort().Addr().Unmap()
	for _, known := range p.networks {
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
