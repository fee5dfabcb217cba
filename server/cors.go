package server

import (
	"bytes"

	"github.com/valyala/fasthttp"
)

// allowOrigins lets pages from anywhere read the answer, the page opened from
// disk among them. There are no cookies and nothing is private; what must not be
// started by any page that happens to be open, because it costs much, wants a token.
func allowOrigins(h *fasthttp.ResponseHeader) {
	h.Set(fasthttp.HeaderAccessControlAllowOrigin, "*")
	h.Set(fasthttp.HeaderAccessControlExposeHeaders, headerID+", Retry-After, "+fasthttp.HeaderServerTiming)
}

// optionsOf answers OPTIONS, and the question browsers ask before a request that crosses
// sites, where the methods of allow are.
func optionsOf(allow string) func(*exchange, *fasthttp.RequestCtx) *problem {
	return func(_ *exchange, ctx *fasthttp.RequestCtx) *problem { return answerOptions(ctx, allow) }
}

func answerOptions(ctx *fasthttp.RequestCtx, allow string) *problem {
	h := &ctx.Response.Header
	h.Set(fasthttp.HeaderAllow, allow)
	ctx.SetStatusCode(fasthttp.StatusNoContent)
	ask := &ctx.Request.Header
	if len(ask.Peek(fasthttp.HeaderOrigin)) == 0 || len(ask.Peek(fasthttp.HeaderAccessControlRequestMethod)) == 0 {
		return nil
	}
	h.Set(fasthttp.HeaderAccessControlAllowMethods, allow)
	h.Set(fasthttp.HeaderAccessControlAllowHeaders, "Authorization, Content-Type, "+headerID)
	h.Set(fasthttp.HeaderAccessControlMaxAge, "600")
	if len(ask.Peek("Access-Control-Request-Private-Network")) > 0 {
		h.Set("Access-Control-Allow-Private-Network", "true")
	}
	return nil
}

// hasToken reports whether a list of tokens between commas has one, in any case.
func hasToken(list []byte, token string) bool {
	for len(list) > 0 {
		var one []byte
		one, list, _ = bytes.Cut(list, []byte(","))
		if bytes.EqualFold(bytes.TrimSpace(one), []byte(token)) {
			return true
		}
	}
	return false
}
