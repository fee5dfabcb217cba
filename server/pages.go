package server

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"

	"github.com/valyala/fasthttp"
)

// web holds the pages. Nothing in them comes from another host, and what is
// large is stored compressed, as it is sent to most browsers.
//
//go:embed web/index.html web/page web/docs.html web/docs.js web/swagger/swagger-ui-bundle.js.zst web/swagger/swagger-ui.css.zst
var web embed.FS

// pages are the documents that a server has.
type pages struct {
	byName     map[string]*page // under web
	plainIndex []byte           // the page at /, without a prefix
	codec      *backend         // makes and reads frames
	proxies    *proxies
	describe   func(prefix string) ([]byte, error)
}

// docsPolicy is what the documentation may load: what this server has. Swagger UI
// sets styles and small pictures from its script.
const docsPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// openAPIName is the document's among the pages.
const openAPIName = "openapi.json"

// indexName is the name of the page at / among the pages.
const indexName = "index.html"

// load reads all files, and has describe make the OpenAPI document for clients that see
// the server below a prefix.
func (s *pages) load(describe func(prefix string) ([]byte, error)) error {
	const (
		html = "text/html; charset=utf-8"
		js   = "text/javascript; charset=utf-8"
		css  = "text/css; charset=utf-8"
	)
	s.describe, s.byName = describe, map[string]*page{
		indexName:                          {mediaType: html},
		"docs.html":                        {mediaType: html, policy: docsPolicy},
		"docs.js":                          {mediaType: js},
		"swagger/swagger-ui-bundle.js.zst": {mediaType: js, packed: true},
		"swagger/swagger-ui.css.zst":       {mediaType: css, packed: true},
		openAPIName:                        {mediaType: jsonType},
	}
	files, err := fs.Sub(web, "web")
	if err != nil {
		return err
	}
	for name, p := range s.byName {
		var content []byte
		switch name {
		case indexName:
			s.plainIndex, p.policy, err = selfContained(files, name)
			content = s.indexFor(s.proxies.base)
		case openAPIName:
			if content, err = describe(s.proxies.base); err != nil {
				return fmt.Errorf("describe the API: %w", err)
			}
		default:
			content, err = fs.ReadFile(files, name)
		}
		if err != nil {
			return fmt.Errorf("embedded page: %w", err)
		}
		p.hold(content, s.codec)
	}
	return nil
}

func (s *pages) index(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	return s.send(e, ctx, indexName)
}

func (s *pages) docsPage(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	return s.send(e, ctx, "docs.html")
}

func (s *pages) docsStart(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	return s.send(e, ctx, "docs.js")
}

func (s *pages) docsScript(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	return s.send(e, ctx, "swagger/swagger-ui-bundle.js.zst")
}

func (s *pages) docsStyle(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	return s.send(e, ctx, "swagger/swagger-ui.css.zst")
}

// send sends a document in the form that the client likes best.
func (s *pages) send(e *exchange, ctx *fasthttp.RequestCtx, name string) *problem {
	p, err := s.pageFor(name, s.proxies.prefix(e.trusted, &ctx.Request.Header))
	if err != nil {
		return internal(fmt.Errorf("%s: %w", name, err))
	}
	h := &ctx.Response.Header
	h.SetContentType(p.mediaType)
	h.Set(fasthttp.HeaderXContentTypeOptions, "nosniff")
	h.Set(fasthttp.HeaderCacheControl, "no-cache") // ask each time; the tag answers
	if p.policy != "" {
		h.Set(fasthttp.HeaderContentSecurityPolicy, p.policy)
		h.Set(fasthttp.HeaderReferrerPolicy, "same-origin")
	}
	coding := negotiate(ctx)
	if p.forms[coding] == nil {
		coding = identity
	}
	etag := `"` + p.etag + coding.suffix() + `"`
	h.Set(fasthttp.HeaderETag, etag)
	if hasToken(ctx.Request.Header.Peek(fasthttp.HeaderIfNoneMatch), etag) {
		ctx.SetStatusCode(fasthttp.StatusNotModified)
		return nil
	}
	body, err := p.forms[coding]()
	if err != nil {
		return internal(fmt.Errorf("%s as %s: %w", name, encodingNames[coding], err))
	}
	coding.name(h)
	e.send(ctx, body)
	return nil
}

func (s *pages) openAPI(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	return s.send(e, ctx, openAPIName)
}

// indexFor is the page at / for clients that see the server below prefix. Where a client
// asks for the prefix without a slash, and a proxy takes it off, relative links would
// lead out of it; so the page says where it is.
func (s *pages) indexFor(prefix string) []byte {
	if prefix == "" {
		return s.plainIndex
	}
	return bytes.Replace(s.plainIndex, []byte("<html "), []byte(`<html data-base="`+prefix+`" `), 1)
}

// pageFor is the page of that name for clients that see the server below prefix. For
// another than the server's own it is made anew each time, and not compressed: a prefix
// that came with a request may be any.
func (s *pages) pageFor(name, prefix string) (*page, error) {
	p := s.byName[name]
	if prefix == s.proxies.base {
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
	own.hold(content, s.codec)
	own.forms[gzipEncoding], own.forms[zstdEncoding] = nil, nil
	return own, nil
}

// sendEncoded sends a small body that is not the same each time, in the form that the
// client likes best.
func (s *pages) sendEncoded(e *exchange, ctx *fasthttp.RequestCtx, plain []byte) *problem {
	coding, body := negotiate(ctx), plain
	switch coding {
	case gzipEncoding:
		body = fasthttp.AppendGzipBytesLevel(nil, plain, fasthttp.CompressDefaultCompression)
	case zstdEncoding:
		var err error
		if body, err = pack(plain, s.codec, defaultLevel); err != nil {
			return internal(err)
		}
	}
	coding.name(&ctx.Response.Header)
	e.send(ctx, body)
	return nil
}
