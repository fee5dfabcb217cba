package server

import (
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

// page is a document that is the same for as long as the server runs. Its compressed
// forms are made when the first client wants them, and kept.
type page struct {
	mediaType string
	packed    bool // it is embedded as a zstd frame
	forms     [encodings]func() ([]byte, error)
	etag      string
	policy    string // Content-Security-Policy; "" for what is no page
}

// loadPages returns all files by their name under web, and the content of the one at /.
// Frames are made and read by b.
func loadPages(b *backend) (pages map[string]*page, index []byte, err error) {
	const (
		html = "text/html; charset=utf-8"
		js   = "text/javascript; charset=utf-8"
		css  = "text/css; charset=utf-8"
	)
	pages = map[string]*page{
		indexName:                          {mediaType: html},
		"docs.html":                        {mediaType: html, policy: docsPolicy},
		"docs.js":                          {mediaType: js},
		"swagger/swagger-ui-bundle.js.zst": {mediaType: js, packed: true},
		"swagger/swagger-ui.css.zst":       {mediaType: css, packed: true},
	}
	files, err := fs.Sub(web, "web")
	if err != nil {
		return nil, nil, err
	}
	for name, p := range pages {
		var content []byte
		if name == indexName {
			content, p.policy, err = selfContained(files, name)
			index = content
		} else {
			content, err = fs.ReadFile(files, name)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("embedded page: %w", err)
		}
		p.hold(content, b)
	}
	return pages, index, nil
}

// hold makes content, which must not change, the page's.
func (p *page) hold(content []byte, b *backend) {
	sum := sha256.Sum256(content)
	p.etag = hex.EncodeToString(sum[:8])
	given := func() ([]byte, error) { return content, nil }
	p.forms[identity], p.forms[zstdEncoding] = given, sync.OnceValues(func() ([]byte, error) { return pack(content, b, packLevel) })
	if p.packed {
		p.forms[identity], p.forms[zstdEncoding] = sync.OnceValues(func() ([]byte, error) { return unpack(content, b) }), given
	}
	p.forms[gzipEncoding] = sync.OnceValues(func() ([]byte, error) {
		plain, err := p.forms[identity]()
		return fasthttp.AppendGzipBytesLevel(nil, plain, fasthttp.CompressBestCompression), err
	})
}

// docsPolicy is what the documentation may load: what this server has. Swagger UI
// sets styles and small pictures from its script.
const docsPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// indexName is the name of the page at / among the pages.
const indexName = "index.html"

func (s *Server) index(e *session, ctx *fasthttp.RequestCtx) *problem {
	return s.page(e, ctx, indexName)
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

// page sends a document in the form that the client likes best.
func (s *Server) page(e *session, ctx *fasthttp.RequestCtx, name string) *problem {
	p, err := s.pageFor(name, e.prefix(&ctx.Request.Header))
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

// packLevel is a high one, because a page is packed once.
const packLevel = 19

func pack(plain []byte, b *backend, level int) ([]byte, error) {
	ctx, err := b.codec.NewContext(level)
	if err != nil {
		return nil, err
	}
	packed, err := compressSealed(ctx, make([]byte, 0, b.bound(len(plain))), plain)
	return packed, errors.Join(err, ctx.Close())
}
