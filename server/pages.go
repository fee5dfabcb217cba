package server

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/frame"
)

// web holds the pages. Nothing in them comes from another host, and what is
// large is stored compressed, as it is sent to most browsers.
//
//go:embed web/index.html web/page web/docs.html web/docs.js web/swagger/swagger-ui-bundle.js.zst web/swagger/swagger-ui.css.zst
var web embed.FS

// page is a file to be served.
type page struct {
	mediaType string
	packed    bool                   // body is a zstd frame
	plain     func() ([]byte, error) // of one that is packed
	body      []byte                 // only read
	etag      string
	policy    string // Content-Security-Policy; "" for what is no page
}

// loadPages returns all files by their name under web. Those that are packed are
// unpacked by b, once somebody needs that.
func loadPages(b *backend) (map[string]*page, error) {
	const (
		html = "text/html; charset=utf-8"
		js   = "text/javascript; charset=utf-8"
		css  = "text/css; charset=utf-8"
	)
	pages := map[string]*page{
		"index.html":                       {mediaType: html},
		"docs.html":                        {mediaType: html, policy: docsPolicy},
		"docs.js":                          {mediaType: js},
		"swagger/swagger-ui-bundle.js.zst": {mediaType: js, packed: true},
		"swagger/swagger-ui.css.zst":       {mediaType: css, packed: true},
	}
	files, err := fs.Sub(web, "web")
	if err != nil {
		return nil, err
	}
	for name, p := range pages {
		if name == "index.html" {
			p.body, p.policy, err = selfContained(files, name)
		} else {
			p.body, err = fs.ReadFile(files, name)
		}
		if err != nil {
			return nil, fmt.Errorf("embedded page: %w", err)
		}
		if p.packed {
			p.plain = sync.OnceValues(func() ([]byte, error) { return unpack(p.body, b) })
		}
		sum := sha256.Sum256(p.body)
		p.etag = hex.EncodeToString(sum[:8])
	}
	return pages, nil
}

// docsPolicy is what the documentation may load: what this server has. Swagger UI
// sets styles and small pictures from its script.
const docsPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (s *Server) index(e *session, ctx *fasthttp.RequestCtx) *problem {
	return s.page(e, ctx, "index.html")
}

func (s *Server) docsPage(e *session, ctx *fasthttp.RequestCtx) *problem {
	return s.page(e, ctx, "docs.html")
}

func (s *Server) docsStart(e *session, ctx *fasthttp.RequestCtx) *problem {
	return s.page(e, ctx, "docs.js")
}

func (s *Server) docsScript(e *session, ctx *fasthttp.RequestCtx) *problem {
	return s.page(e, ctx, "swagger/swagger-ui-bundle.js.zst")
}

func (s *Server) docsStyle(e *session, ctx *fasthttp.RequestCtx) *problem {
	return s.page(e, ctx, "swagger/swagger-ui.css.zst")
}

// page sends a file; to clients that do not take zstd what is packed is sent
// unpacked.
func (s *Server) page(e *session, ctx *fasthttp.RequestCtx, name string) *problem {
	p := s.pages[name]
	h := &ctx.Response.Header
	h.SetContentType(p.mediaType)
	h.Set(fasthttp.HeaderXContentTypeOptions, "nosniff")
	h.Set(fasthttp.HeaderCacheControl, "no-cache") // ask each time; the tag answers
	if p.policy != "" {
		h.Set(fasthttp.HeaderContentSecurityPolicy, p.policy)
		h.Set(fasthttp.HeaderReferrerPolicy, "same-origin")
	}
	packed := p.packed && takesZstd(ctx.Request.Header.Peek(fasthttp.HeaderAcceptEncoding))
	etag := `"` + p.etag + `"`
	if p.packed {
		h.Set(fasthttp.HeaderVary, fasthttp.HeaderAcceptEncoding)
		if packed {
			etag = `"` + p.etag + `-zstd"`
		}
	}
	h.Set(fasthttp.HeaderETag, etag)
	if hasToken(ctx.Request.Header.Peek(fasthttp.HeaderIfNoneMatch), etag) {
		ctx.SetStatusCode(fasthttp.StatusNotModified)
		return nil
	}
	if packed {
		h.SetContentEncoding("zstd")
	}
	if packed || !p.packed {
		e.send(ctx, p.body)
		return nil
	}
	plain, err := p.plain()
	if err != nil {
		return internal(fmt.Errorf("unpack %s: %w", name, err))
	}
	e.send(ctx, plain)
	return nil
}

// mostPlain is more than any page is when unpacked.
const mostPlain = 8 << 20

func unpack(packed []byte, b *backend) ([]byte, error) {
	info, err := frame.Check(packed, frame.Limits{Output: mostPlain, Window: mostPlain, Frames: 1, Blocks: mostPlain >> 10})
	if err != nil {
		return nil, err
	}
	ctx, err := b.codec.NewContext(defaultLevel)
	if err != nil {
		return nil, err
	}
	plain, err := ctx.Decompress(make([]byte, 0, info.Content), packed)
	return plain, errors.Join(err, ctx.Close())
}

// takesZstd reports whether Accept-Encoding names zstd and does not forbid it.
func takesZstd(accept []byte) bool {
	for len(accept) > 0 {
		var one []byte
		one, accept, _ = bytes.Cut(accept, []byte(","))
		name, params, _ := bytes.Cut(one, []byte(";"))
		if bytes.EqualFold(bytes.TrimSpace(name), []byte("zstd")) {
			weight := bytes.TrimPrefix(bytes.TrimSpace(params), []byte("q="))
			return len(params) == 0 || len(bytes.Trim(weight, "0.")) > 0
		}
	}
	return false
}
