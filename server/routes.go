package server

import (
	"errors"
	"strings"
)

// handlers are what routes lead to.
type handlers struct {
	pages   *pages
	shop    *shop
	dicts   dictionaries
	status  *status
	figures *figures
	bench   *bench
}

// routes is the whole API. Router, methods, limits and the OpenAPI document are
// made from it, and /docs has the order of it; HEAD comes with every GET and OPTIONS with every path.
func routes(h *handlers) []entry {
	return []entry{
		{get, "/", h.pages.index, noBody, nil},
		{post, "/compress", h.shop.compressJSON, compressBody, &compressDoc},
		{post, "/decompress", h.shop.decompressJSON, decompressBody, &decompressDoc},
		{post, "/v1/compress", h.shop.compressRaw, rawBody, &rawCompressDoc},
		{post, "/v1/decompress", h.shop.decompressRaw, framesBody, &rawDecompressDoc},
		{get, dictsPath, h.dicts.list, noBody, &dictsDoc},
		{get, dictPath, h.dicts.send, noBody, &dictDoc},
		{get, "/ping", h.status.answerPing, noBody, &pingDoc},
		{get, "/healthz", h.status.answerHealthz, noBody, &healthzDoc},
		{get, "/metrics", h.figures.answer, noBody, &metricsDoc},
		{get, "/bench", h.bench.answer, noBody, &benchDoc},
		{get, "/openapi.json", h.pages.openAPI, noBody, nil},
		{get, "/docs", h.pages.docsPage, noBody, nil},
		{get, "/docs/swagger-ui-bundle.js", h.pages.docsScript, noBody, nil},
		{get, "/docs/swagger-ui.css", h.pages.docsStyle, noBody, nil},
		{get, "/docs/start.js", h.pages.docsStart, noBody, nil},
	}
}

// ParsePrefix returns the prefix of paths that text names, without a slash at its end: ""
// for none. It refuses one below which the API has paths of its own, since nobody could
// tell those from paths that a proxy has left as they came.
func ParsePrefix(text string) (string, error) {
	prefix, ok := cleanPrefix(text)
	if !ok {
		return "", errPrefix
	}
	for _, e := range routes(new(handlers)) {
		if prefix != "" && (e.path == prefix || strings.HasPrefix(e.path, prefix+"/")) {
			return "", errors.New("the API has paths of its own there: choose another")
		}
	}
	return prefix, nil
}
