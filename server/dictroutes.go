package server

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/valyala/fasthttp"
)

// placeDicts puts the route of a dictionary where each of them is.
func placeDicts(places map[string]*place, ds dictionaries) {
	template := places[dictPath]
	delete(places, dictPath)
	for _, d := range ds {
		at := *template
		at.path = dictsPath + "/" + d.Name
		places[at.path] = &at
	}
}

// list is GET /v1/dict.
func (ds dictionaries) list(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	type dict struct {
		Name   string `json:"name"`
		ID     uint32 `json:"id"`
		Bytes  int    `json:"bytes"`
		SHA256 string `json:"sha256"`
		Raw    bool   `json:"raw"`
	}
	out := make([]dict, len(ds))
	for i, d := range ds {
		out[i] = dict{d.Name, d.id, len(d.Content), hex.EncodeToString(d.digest[:]), d.Raw}
	}
	body, err := json.Marshal(map[string][]dict{"dictionaries": out})
	if err != nil {
		return internal(fmt.Errorf("list dictionaries: %w", err))
	}
	ctx.Response.Header.SetContentType(jsonType)
	fresh(ctx)
	e.send(ctx, body)
	return nil
}

// dictAge is how long a client may keep a dictionary without asking whether it is still
// the one of its name. Who has an old one learns so from the IDs.
const dictAge = "public, max-age=3600"

// send is GET /v1/dict/NAME.
func (ds dictionaries) send(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	d := ds.named(strings.TrimPrefix(e.path, dictsPath+"/")) // placeDicts makes no other place
	h := &ctx.Response.Header
	h.SetContentType(bytesType)
	h.Set(fasthttp.HeaderXContentTypeOptions, "nosniff")
	h.Set(fasthttp.HeaderCacheControl, dictAge)
	h.Set(headerUseAsDictionary, useAsDictionary)
	etag := `"` + hex.EncodeToString(d.digest[:]) + `"`
	h.Set(fasthttp.HeaderETag, etag)
	if hasToken(ctx.Request.Header.Peek(fasthttp.HeaderIfNoneMatch), etag) {
		ctx.SetStatusCode(fasthttp.StatusNotModified)
		return nil
	}
	e.send(ctx, d.Content)
	return nil
}
