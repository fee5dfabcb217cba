package server

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/valyala/fasthttp"
)

// Where dictionaries are. Each has a place of its own, so that a path which is not
// exactly one's leads nowhere.
const (
	dictsPath = "/v1/dict"
	dictPath  = dictsPath + "/{name}"
)

// placeDicts puts the route of a dictionary where each of them is.
func (s *Server) placeDicts() {
	template := s.places[dictPath]
	delete(s.places, dictPath)
	for _, d := range s.dicts {
		at := *template
		at.path = dictsPath + "/" + d.Name
		s.places[at.path] = &at
	}
}

// listDicts is GET /v1/dict.
func (s *Server) listDicts(e *session, ctx *fasthttp.RequestCtx) *problem {
	type dict struct {
		Name   string `json:"name"`
		ID     uint32 `json:"id"`
		Bytes  int    `json:"bytes"`
		SHA256 string `json:"sha256"`
	}
	list := make([]dict, len(s.dicts))
	for i, d := range s.dicts {
		list[i] = dict{d.Name, d.id, len(d.Content), hex.EncodeToString(d.digest[:])}
	}
	body, err := json.Marshal(map[string][]dict{"dictionaries": list})
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

// sendDict is GET /v1/dict/NAME.
func (s *Server) sendDict(e *session, ctx *fasthttp.RequestCtx) *problem {
	d := s.dictNamed(strings.TrimPrefix(e.place.path, dictsPath+"/")) // placeDicts makes no other place
	h := &ctx.Response.Header
	h.SetContentType(bytesType)
	h.Set(fasthttp.HeaderXContentTypeOptions, "nosniff")
	h.Set(fasthttp.HeaderCacheControl, dictAge)
	etag := `"` + hex.EncodeToString(d.digest[:]) + `"`
	h.Set(fasthttp.HeaderETag, etag)
	if hasToken(ctx.Request.Header.Peek(fasthttp.HeaderIfNoneMatch), etag) {
		ctx.SetStatusCode(fasthttp.StatusNotModified)
		return nil
	}
	e.send(ctx, d.Content)
	return nil
}
