package server

import (
	"bytes"
	"crypto/subtle"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
)

// crossSiteCost is the most CPU time that a page of another site may ask for without
// the token, by the nominal price: what the page at / does with a text, opened from
// disk, at usual levels.
const crossSiteCost = 50 * time.Millisecond

// sites tells pages of this server from others.
type sites struct {
	proxies *proxies
	token   string // lets other pages in; "" for none
}

// check keeps pages of other sites from having this machine work for nothing: any
// page can send a browser here without asking, and a POST of plain text as well as a
// GET. Pages of ours need nothing, nor does what is no browser; another page, and a
// file opened from disk, need the token for what costs more than a little.
func (s *sites) check(trusted bool, h *fasthttp.RequestHeader, cost time.Duration) *problem {
	if cost <= crossSiteCost || s.fromHere(trusted, h) || s.hasToken(h) {
		return nil
	}
	return &problem{status: fasthttp.StatusForbidden, code: "token",
		detail: "from a page of another site this needs the token that the server printed when it started, as Authorization: Bearer TOKEN"}
}

// fromHere reports whether a request comes from a page of this server or from no
// page at all, by what browsers say and pages cannot change.
func (s *sites) fromHere(trusted bool, h *fasthttp.RequestHeader) bool {
	if site := h.Peek("Sec-Fetch-Site"); len(site) > 0 {
		return string(site) == "same-origin" || string(site) == "none"
	}
	// Browsers that are old, or reach the server over plain HTTP on another
	// machine, do not say; then the page's own address does.
	for _, name := range []string{fasthttp.HeaderOrigin, fasthttp.HeaderReferer} {
		if page := h.Peek(name); len(page) > 0 {
			return bytes.EqualFold(authority(page), s.proxies.host(trusted, h))
		}
	}
	return true
}

// authority is the host and port of a URL; nil where it has none.
func authority(url []byte) []byte {
	_, rest, ok := bytes.Cut(url, []byte("://"))
	if !ok {
		return nil
	}
	if end := bytes.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	return rest
}

func (s *sites) hasToken(h *fasthttp.RequestHeader) bool {
	const scheme = "Bearer "
	given := string(h.Peek(fasthttp.HeaderAuthorization))
	if s.token == "" || len(given) <= len(scheme) || !strings.EqualFold(given[:len(scheme)], scheme) {
		return false
	}
	return subtle.ConstantTimeCompare([]byte(given[len(scheme):]), []byte(s.token)) == 1
}
